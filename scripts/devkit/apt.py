"""Packages from the machine's own Debian or Ubuntu mirror.

Two uses: install on the system (root only), and fetch packages into the state folder
with a private list of sources, so that nothing on the system changes.
"""

import os
import shutil
from pathlib import Path

from .common import STATE, Problem, is_root, run


def available():
    """Tell whether apt and dpkg are on this machine."""
    return bool(shutil.which("apt-get") and shutil.which("dpkg-deb"))


def install(packages, why):
    """Install system packages; only possible as root with apt."""
    if not (available() and is_root()):
        raise Problem(
            f"{why}: not found on this machine. As root: apt-get install "
            + " ".join(packages)
        )
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update", "-q"], "apt-get update", env=environment)
    run(
        ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages],
        f"installing {' '.join(packages)}",
        log=STATE / "apt-install.log",
        env=environment,
    )


def _deb822_sources(text):
    """Yield (uri, suites, signed_by) of the stanzas of a .sources file."""
    for stanza in text.split("\n\n"):
        fields = {}
        for line in stanza.splitlines():
            key, colon, value = line.partition(":")
            if colon and not line.startswith(("#", " ")):
                fields[key.strip().lower()] = value.strip()
        if "deb" in fields.get("types", "").split() and fields.get("enabled") != "no":
            for uri in fields.get("uris", "").split():
                yield uri, fields.get("suites", "").split(), fields.get("signed-by", "")


def _oneline_sources(text):
    """Yield (uri, suites, signed_by) of the lines of a sources.list file."""
    for line in text.splitlines():
        line = line.split("#")[0].strip()
        if not line.startswith("deb "):
            continue
        rest, signed_by = line[4:].strip(), ""
        if rest.startswith("["):
            options, _, rest = rest[1:].partition("]")
            for option in options.split():
                if option.startswith("signed-by="):
                    signed_by = option.partition("=")[2]
        words = rest.split()
        if len(words) >= 2:
            yield words[0], [words[1]], signed_by


def machine_sources():
    """Return the distribution's own mirrors: list of (uri, suites, signed_by)."""
    found = []
    etc = Path("/etc/apt")
    for path in [etc / "sources.list", *sorted((etc / "sources.list.d").glob("*"))]:
        if not path.is_file() or path.suffix not in (".list", ".sources"):
            continue
        parse = _deb822_sources if path.suffix == ".sources" else _oneline_sources
        for uri, suites, signed_by in parse(path.read_text(errors="replace")):
            if uri.rstrip("/").endswith(("/debian", "/ubuntu")):
                found.append((uri, suites, signed_by))
    return found


class PrivateArchive:
    """apt with sources and lists of its own, below the state folder."""

    def __init__(self, name, sources, components):
        """Describe an archive.

        :param name: folder name below the state folder
        :param sources: list of (uri, suites, signed_by)
        :param components: archive components, e.g. "main"
        """
        self.folder = STATE / "apt" / name
        self.lines = []
        for uri, suites, signed_by in sources:
            option = f"[signed-by={signed_by}] " if signed_by else ""
            self.lines += [
                f"deb {option}{uri} {suite} {components}" for suite in suites
            ]

    def _command(self, *args):
        options = {
            "Dir::Etc::SourceList": self.folder / "sources.list",
            "Dir::Etc::SourceParts": "-",
            "Dir::State::Lists": self.folder / "lists",
            "Dir::Cache": self.folder / "cache",
            "Acquire::Languages": "none",
            "Acquire::Retries": "3",
            "Debug::NoLocking": "1",
        }
        if is_root():
            options["APT::Sandbox::User"] = "root"
        flags = [
            word for key, value in options.items() for word in ("-o", f"{key}={value}")
        ]
        return ["apt-get", "-q", *flags, *args]

    def update(self):
        """Fetch the lists of packages (verified with the machine's own keys)."""
        for name in ("lists/partial", "cache/archives/partial"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        (self.folder / "sources.list").write_text("\n".join(self.lines) + "\n")
        run(self._command("update"), "reading the package lists")

    def download(self, package, target):
        """Download one package and unpack it below ``target``.

        :raises Problem: when the archive does not carry it
        """
        folder = self.folder / "deb"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        run(self._command("download", package), f"downloading {package}", cwd=folder)
        for deb in folder.glob("*.deb"):
            run(["dpkg-deb", "-x", str(deb), str(target)], f"unpacking {deb.name}")
        shutil.rmtree(folder)

    def remove(self):
        """Delete lists and caches: they are large and go stale."""
        shutil.rmtree(self.folder, ignore_errors=True)
