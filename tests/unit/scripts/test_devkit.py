"""What the scripts read from the machine, and how they answer trouble."""

import os
import re
import socket
import subprocess
import sys
from collections import Counter
from email.message import EmailMessage
from pathlib import Path

import pytest
from devkit import apt, cmd_test, common, mail_catcher, odoo_source

ROOT = Path(__file__).resolve().parents[3]
COMMANDS = ("setup", "run", "test", "odoo", "clean", "lint", "bench")


@pytest.fixture
def no_system_odoo(monkeypatch, tmp_path):
    monkeypatch.delenv("ODOO_SOURCE", raising=False)
    monkeypatch.setattr(odoo_source, "_installed", lambda: None)
    monkeypatch.setattr(odoo_source, "STATE", tmp_path)


def fake_odoo(folder, version):
    (folder / "odoo").mkdir(parents=True)
    release = f"version_info = ({version}, 'final', 0, '')\n"
    (folder / "odoo" / "release.py").write_text(release)
    return folder


def test_deb822_sources_are_read():
    text = """# a comment
Types: deb deb-src
URIs: http://mirror.test/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/a.gpg

Types: deb
URIs: http://mirror.test/debian-security
Suites: bookworm-security
Enabled: no
"""
    assert list(apt._deb822_sources(text)) == [
        (
            "http://mirror.test/debian",
            ["bookworm", "bookworm-updates"],
            "/usr/share/keyrings/a.gpg",
        )
    ]


def test_one_line_sources_are_read():
    text = """
# deb http://off.test/debian sid main
deb [arch=amd64 signed-by=/k.gpg] http://mirror.test/debian bookworm main  # note
deb-src http://mirror.test/debian bookworm main
deb http://mirror.test/ubuntu noble main universe
"""
    assert list(apt._oneline_sources(text)) == [
        ("http://mirror.test/debian", ["bookworm"], "/k.gpg"),
        ("http://mirror.test/ubuntu", ["noble"], ""),
    ]


def test_odoo_source_names_a_folder_of_another_version(monkeypatch, tmp_path):
    monkeypatch.setenv("ODOO_SOURCE", str(fake_odoo(tmp_path, "18, 0, 0")))
    with pytest.raises(common.Problem, match=r"holds Odoo 18\.0\.0"):
        odoo_source.find()


def test_odoo_source_takes_a_checkout_with_its_addons(monkeypatch, tmp_path):
    fake_odoo(tmp_path, "19, 0, 0")
    (tmp_path / "addons").mkdir()
    monkeypatch.setenv("ODOO_SOURCE", str(tmp_path))
    source = odoo_source.find()
    assert source.version == "19.0.0"
    assert source.addons == (tmp_path / "addons",)


@pytest.mark.usefixtures("no_system_odoo")
def test_a_machine_without_apt_is_told_the_other_ways(monkeypatch):
    monkeypatch.setattr(apt, "available", lambda: False)
    with pytest.raises(common.Problem, match=r"no apt.*ODOO_SOURCE.*docker compose"):
        odoo_source.find()


@pytest.mark.usefixtures("no_system_odoo")
def test_a_mirror_without_the_package_is_told_the_other_ways(monkeypatch):
    class Empty:
        def update(self):
            pass

        def download(self, package, target):
            raise common.Problem(f"no {package}")

    monkeypatch.setattr(odoo_source, "_archives", lambda: (Empty(), Empty()))
    with pytest.raises(common.Problem, match=r"no longer carries.*ODOO_SOURCE"):
        odoo_source.find()


def test_a_taken_port_is_passed_over():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert common.free_port(port) > port


def test_a_missing_program_is_named():
    with pytest.raises(common.Problem, match="no-such-program is not on this machine"):
        common.run(["no-such-program"], "a step")


def test_a_failing_step_shows_what_it_said():
    with pytest.raises(common.Problem, match=r"a step failed \(exit 3\)\.\nwhy"):
        common.run(["sh", "-c", "echo why; exit 3"], "a step")


def test_a_full_disk_is_said_before_anything_is_fetched(monkeypatch, tmp_path):
    monkeypatch.setattr(common, "STATE", tmp_path / "state")
    monkeypatch.setattr(common, "NEEDED_BYTES", 1 << 80)
    with pytest.raises(common.Problem, match="Free some space"):
        common.ensure_state()


def test_a_caught_mail_becomes_readable_files(tmp_path):
    mail = EmailMessage()
    mail["To"], mail["Subject"] = "margaret@example.com", "Votre visite / d’entretien"
    mail.set_content("bonjour")
    mail.add_alternative("<p>bonjour</p>", subtype="html")
    mail.add_attachment(b"BEGIN", maintype="text", subtype="calendar", filename="v.ics")
    saved = mail_catcher.save(tmp_path, 7, mail.as_bytes())
    assert re.fullmatch(r"0007-margaret@example\.com-[\w.-]+\.eml", saved.name)
    assert {path.suffix for path in tmp_path.iterdir()} == {
        ".eml", ".html", ".txt", ".ics",
    }  # fmt: skip


def test_an_unexpected_skip_fails_the_run(tmp_path, capsys):
    report = tmp_path / "report.xml"
    report.write_text(
        '<testsuite><testcase/><testcase><skipped message="no browser"/></testcase>'
        '<testcase><skipped message="expected: optional"/></testcase></testsuite>'
    )
    counts = cmd_test._read(report)
    assert counts == Counter(passed=1, skipped=2, unexpected=1)
    assert cmd_test._summary(counts, 1.0) == 1
    assert "1 passed, 2 skipped in 1.00s" in capsys.readouterr().out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_script_explains_itself_on_a_bare_python(command, tmp_path):
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S "$@"\n')
    python.chmod(0o755)
    done = subprocess.run(
        [ROOT / "scripts" / command, "--help"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "FUSION_PYTHON": str(python)},
    )
    assert done.returncode == 0, done.stderr
    assert f"scripts/{command}" in done.stdout


def test_a_wrong_python_is_answered_with_a_sentence(tmp_path):
    for tool in ("sh", "dirname", "env"):
        (tmp_path / tool).symlink_to(Path("/bin") / tool)
    done = subprocess.run(
        [ROOT / "scripts" / "run"],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": str(tmp_path)},
    )
    assert done.returncode == 2
    assert "no Python 3.10, 3.11, 3.12 or 3.13 found" in done.stderr
