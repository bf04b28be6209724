"""Several test runs share the work, and databases are not made twice."""

import subprocess
import sys
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

import pytest
from devkit import cmd_test, instance, postgres
from devkit.common import Problem
from support import lanes

SUPPORT = Path(lanes.__file__).parents[1]
TEST = """
import time
import pytest

@pytest.fixture(scope="module")
def slow():
    time.sleep(0.1)
    yield
    print("torn down", __file__)

@pytest.mark.parametrize("number", range(3))
def test_it(slow, number):
    assert number < 2
"""


def test_lanes_run_every_test_once_and_fixtures_as_usual(tmp_path):
    taken, tests = tmp_path / "taken", tmp_path / "tests"
    taken.mkdir()
    tests.mkdir()
    for number in range(6):
        (tests / f"test_{number}.py").write_text(TEST)
    command = [
        *(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:odoo"),
        *(
            "-p",
            "support.lanes",
            f"--lanes={taken}",
            "-rA",
            "-q",
            "--rootdir",
            tests,
            tests,
        ),
    ]
    variables = {"PYTHONPATH": str(SUPPORT)}
    running = [
        subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env=variables, cwd=tests
        )
        for _lane in range(2)
    ]
    said = [process.communicate(timeout=60)[0] for process in running]
    lines = "\n".join(said).splitlines()
    found = Counter(
        line.partition(" - ")[0]
        for line in lines
        if line.startswith(("PASSED", "FAILED"))
    )
    assert len(found) == 18 and set(found.values()) == {1}, found
    assert sum(line.startswith("FAILED") for line in found) == 6
    assert sum(line.startswith("torn down") for line in lines) == 6


def test_a_file_is_taken_once(tmp_path):
    path = Path("fusion_repairs/tests/test_year.py")
    assert lanes.claim(tmp_path, path)
    assert not lanes.claim(tmp_path, path)
    assert lanes.claim(tmp_path, path.with_name("test_month.py"))


@pytest.fixture
def no_databases(monkeypatch, tmp_path):
    """Replace what makes databases; returns the names that were made."""
    made = []

    def ensure_base(_instance):
        if not instance.stamp(instance.BASE):
            made.append(instance.BASE)
            instance.set_stamp(instance.BASE, "Odoo 19")

    monkeypatch.setattr(instance, "STATE", tmp_path)
    monkeypatch.setattr(instance, "lock", lambda _name: nullcontext())
    monkeypatch.setattr(instance, "ensure_base", ensure_base)
    monkeypatch.setattr(instance, "drop", made.__contains__)
    monkeypatch.setattr(instance, "create", lambda _ready, name: made.append(name))
    monkeypatch.setattr(postgres, "databases", lambda: made)
    return made


def test_the_fresh_database_is_made_once_on_a_new_machine(no_databases):
    for _time in range(2):
        instance.ensure_fresh(None)
    assert no_databases == [instance.BASE, instance.FRESH]


def test_what_went_wrong_meanwhile_is_told_where_it_is_waited_for(monkeypatch):
    made = []
    monkeypatch.setattr(instance, "ensure_assets", made.append)
    meanwhile = cmd_test._Meanwhile("Odoo")
    meanwhile.start()
    meanwhile.wait()
    assert made == ["Odoo"]

    def fail(_ready):
        raise Problem("no disk")

    monkeypatch.setattr(instance, "ensure_assets", fail)
    meanwhile = cmd_test._Meanwhile("Odoo")
    meanwhile.start()
    with pytest.raises(Problem, match="no disk"):
        meanwhile.wait()
