"""The addons beside Odoo's own apps, whichever was there first.

With Manufacturing and SMS the tests that need them run here; everywhere else these apps
are not installed, and the same tests are skipped.
"""

import os
import subprocess
from xml.etree import ElementTree

import pytest
from devkit import instance, postgres
from devkit.common import ROOT, STATE

DATABASE = "fusion_apps"
APPS = ("mrp", "sms")
SHORT_LIST = ("project", "sms")
LONG_LIST = (
    *("crm", "hr_holidays", "hr_timesheet", "l10n_ca", "mass_mailing", "mrp"),
    *("point_of_sale", "project", "purchase", "repair", "sale_management"),
    *("sale_stock", "sms", "website", "website_sale"),
)
TESTS = ("enrolment/test_enrolment_kits.py", "reminders/test_office_link.py")


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


def neighbours():
    """Return the apps to install beside ours: a few, or all that a dealer may have."""
    wanted = os.environ.get("FUSION_OTHER_APPS", "")
    return LONG_LIST if wanted == "all" else tuple(wanted.split()) or SHORT_LIST


@pytest.mark.parametrize("first", ["ours", "theirs"])
def test_stands_beside_other_apps(ready, first):
    """Installing is what fails where two apps claim one name, in either order."""
    name = f"fusion_beside_{first}"
    if first == "ours":
        instance.replace(ready, name)
        instance.install(ready, name, "-i", neighbours())
    else:
        instance.drop(name)
        instance.create(ready, name, modules=())
        instance.install(ready, name, "-i", neighbours())
        instance.install(ready, name, "-i", instance.ADDONS)
    paths = postgres.sql(
        "SELECT path FROM ir_act_window WHERE path IN ('my-tasks', 'fusion-my-tasks')",
        name,
    ).split()
    assert "fusion-my-tasks" in paths
    if "project" in neighbours():
        assert "my-tasks" in paths
    instance.drop(name)


def test_an_upgrade_lets_go_of_the_path_that_is_another_apps(ready):
    """Who had our addons before the paths were renamed can then install Project."""
    name = "fusion_beside_upgraded"
    instance.replace(ready, name)
    postgres.sql(
        "UPDATE ir_act_window SET path = 'my-tasks' WHERE path = 'fusion-my-tasks'",
        name,
    )
    instance.install(ready, name, "-u", instance.ADDONS)
    instance.install(ready, name, "-i", ("project",))
    instance.drop(name)
