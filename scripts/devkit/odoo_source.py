"""Where Odoo 19 comes from: someone's checkout, an installed one, or Debian's package.

Order of preference: the folder named by ODOO_SOURCE, an Odoo 19 already installed on
the machine, the package ``odoo-19`` of Debian's unstable suite unpacked into the state
folder. The package is never installed: nothing on the system changes.
"""

import os
import re
import shutil
from pathlib import Path
from typing import NamedTuple

from . import apt
from .common import STATE, Problem, say, step

PACKAGE = "odoo-19"
# Where the package's symbolic links point to: Debian ships these files apart.
LINKED_PACKAGES = (
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-font-awesome",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
    "fonts-ocr-b",
)
OTHER_WAYS = (
    "Point ODOO_SOURCE at a checkout of Odoo 19 (the folder that holds odoo/), or use "
    "docker compose (see docker-compose.yml)."
)


class OdooSource(NamedTuple):
    """An Odoo 19 that can be run: what goes on PYTHONPATH, and more addon folders."""

    path: Path
    addons: tuple
    version: str

    @property
    def script(self):
        """The script that starts it: a checkout's, or the one a package installs."""
        checkout, package = self.path / "odoo-bin", self.path / "../../../bin/odoo"
        return checkout if checkout.is_file() else package.resolve()


def _release(path):
    """Return the version text of the Odoo package below ``path``, '' if none."""
    release = path / "odoo" / "release.py"
    if not release.is_file():
        return ""
    match = re.search(
        r"version_info\s*=\s*\((\d+),\s*(\d+),\s*(\d+)", release.read_text()
    )
    return ".".join(match.groups()) if match else ""


def _from_folder(path):
    version = _release(path)
    addons = path / "addons"
    return OdooSource(path, (addons,) if addons.is_dir() else (), version)


def _from_environment():
    path = Path(os.environ["ODOO_SOURCE"]).expanduser().resolve()
    source = _from_folder(path)
    if not source.version.startswith("19."):
        found = f"holds Odoo {source.version}" if source.version else "holds no Odoo"
        raise Problem(
            f"ODOO_SOURCE={path} {found}; it must be a folder with an odoo/ package of "
            "version 19."
        )
    return source


def _installed():
    source = _from_folder(Path("/usr/lib/python3/dist-packages"))
    return source if source.version.startswith("19.") else None


def _archives():
    """Return (archive with odoo-19, the machine's own archive), not yet updated."""
    if not apt.available():
        raise Problem(
            f"this machine has no apt, so Odoo 19 cannot be fetched. {OTHER_WAYS}"
        )
    sources = apt.machine_sources()
    if not sources:
        raise Problem(f"no Debian or Ubuntu mirror in /etc/apt. {OTHER_WAYS}")
    uri, _suites, signed_by = sources[0]
    ubuntu = uri.rstrip("/").endswith("/ubuntu")
    newest = "devel" if ubuntu else "unstable"
    components = "main universe" if ubuntu else "main"
    return (
        apt.PrivateArchive("newest", [(uri, [newest], signed_by)], components),
        apt.PrivateArchive("own", sources, components),
    )


def _complete_links(target, own, newest):
    """Fetch what the package's links point to, the machine's own release first."""
    own.update()
    for package in LINKED_PACKAGES:
        try:
            own.download(package, target)
        except Problem:
            newest.download(package, target)
    dangling = [
        path for path in target.rglob("*") if path.is_symlink() and not path.exists()
    ]
    for path in dangling:
        say(f"    note: {path.name} has no target; the page that uses it lacks a file")


def _fetch_package():
    target = STATE / "odoo"
    partial = STATE / "odoo.partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    newest, own = _archives()
    with step("fetching Odoo 19 from the machine's own package mirror (about 150 MB)"):
        newest.update()
        try:
            newest.download(PACKAGE, partial)
        except Problem as problem:
            raise Problem(
                f"the mirror no longer carries the package {PACKAGE}. {OTHER_WAYS}\n"
                f"({problem})"
            ) from problem
        _complete_links(partial, own, newest)
        newest.remove()
        own.remove()
    shutil.rmtree(target, ignore_errors=True)
    partial.rename(target)


def find(upgrade=False):
    """Return the Odoo 19 to run, fetching it if there is none.

    :param upgrade: fetch the package anew, to take a later 19.x
    :return: OdooSource
    :raises Problem: when no Odoo 19 is to be had; the text names the other ways
    """
    if os.environ.get("ODOO_SOURCE"):
        return _from_environment()
    source = _installed()
    if source:
        return source
    path = STATE / "odoo" / "usr" / "lib" / "python3" / "dist-packages"
    if upgrade or not _release(path):
        _fetch_package()
    source = _from_folder(path)
    if not source.version.startswith("19."):
        raise Problem(f"the package holds Odoo {source.version or '?'}. {OTHER_WAYS}")
    return source
