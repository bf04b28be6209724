"""The addons beside Odoo's Manufacturing and SMS: the tests that need them run here.

Everywhere else these apps are not installed, and the same tests are skipped.
"""

import subprocess
from xml.etree import ElementTree

import pytest
from devkit import instance
from devkit.common import ROOT, STATE

DATABASE = "fusion_apps"
APPS = ("mrp", "sms")
TESTS = ("test_enrolment_kits.py", "test_office_link.py")


@pytest.fixture(scope="module")
def database(ready):
    """Yield the name of a database with the other apps."""
    instance.replace(ready, DATABASE)
    instance.install(ready, DATABASE, "-i", APPS)
    return DATABASE


def test_what_needs_other_apps(ready, database):
    report = STATE / "reports" / "apps.xml"
    report.parent.mkdir(exist_ok=True)
    report.unlink(missing_ok=True)
    done = subprocess.run(
        [
            *(ready.python, "-m", "pytest", "-p", "no:cacheprovider", "-q", "-rs"),
            *("-o", "addopts=", f"--odoo-database={database}", "--odoo-http"),
            *("--odoo-log-level=error", f"--junit-xml={report}"),
            *(ROOT / "fusion_repairs" / "tests" / name for name in TESTS),
        ],
        cwd=ROOT,
        env=instance.environment(ready),
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said[-4000:]
    cases = list(ElementTree.parse(report).iter("testcase"))
    names = {case.get("classname").rpartition(".")[2] for case in cases}
    assert "TestEnrolmentKits" in names and len(cases) > 8, names
    skipped = [case.get("name") for case in cases if case.find("skipped") is not None]
    assert not skipped, skipped
