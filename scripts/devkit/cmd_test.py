"""scripts/test: set up, then lint, pure logic, Odoo tests, whole-system tests.

Each part is a pytest run of its own, because they need different worlds: the pure
packages must work where Odoo is not even importable, the addons' tests run inside one
Odoo process and roll back, the system tests start real servers and commit.
"""

import argparse
import os
import subprocess
import time
from collections import Counter
from xml.etree import ElementTree

from . import browser, cmd_lint, instance, postgres
from .common import ADDONS, ROOT, STATE, Problem, main, say, step

DATABASE = "fusion_test"
REPORTS = STATE / "reports"
PARTS = ("lint", "unit", "odoo", "system")
# A test that may be skipped says so itself, with this word and a reason.
EXPECTED = "expected:"


def _options():
    parser = argparse.ArgumentParser(
        prog="scripts/test",
        description="Set up whatever is missing and run everything: lint, pure-logic "
        "tests, Odoo tests, whole-system and browser tests. Fails on unexpected skips.",
    )
    parser.add_argument("--only", choices=PARTS, help="run one part only")
    parser.add_argument(
        "--keep", action="store_true", help="use the test database of the last run"
    )
    parser.add_argument(
        "args", nargs="*", help="paths and options for pytest (with --only; after --)"
    )
    return parser.parse_args()


def _pytest(ready, part, args, variables=None):
    """Run pytest; returns the counts of its report.

    :param part: name of the report
    :param args: arguments of pytest
    :return: Counter with passed, failed, error, skipped, unexpected
    """
    REPORTS.mkdir(exist_ok=True)
    report = REPORTS / f"{part}.xml"
    report.unlink(missing_ok=True)
    command = [str(ready.python), "-m", "pytest", "-p", "no:cacheprovider", "-q", "-rs"]
    done = subprocess.run(
        [*command, f"--junit-xml={report}", *args],
        cwd=ROOT,
        check=False,
        env={**instance.environment(ready), **(variables or {})},
    )
    if not report.exists():
        raise Problem(f"pytest did not run the {part} tests (exit {done.returncode})")
    counts = _read(report)
    if done.returncode and not counts["failed"] + counts["error"]:
        counts["error"] += 1
    return counts


def _read(report):
    counts = Counter()
    for case in ElementTree.parse(report).iter("testcase"):
        outcome = {child.tag: child.get("message") or "" for child in case}
        if "skipped" in outcome:
            counts["skipped"] += 1
            if EXPECTED not in outcome["skipped"]:
                counts["unexpected"] += 1
        elif "failure" in outcome or "error" in outcome:
            counts["failed" if "failure" in outcome else "error"] += 1
        else:
            counts["passed"] += 1
    return counts


def _lint(ready, _options):
    """Lint; what it finds fails the run, but the tests still say their word."""
    try:
        cmd_lint.lint(ready)
    except Problem as problem:
        say(f"lint: {problem}")
        return Counter(error=1)
    say("lint: clean")
    return Counter()


def _unit(ready, options):
    paths = options.args or ["tests/unit", "tests/repo"]
    # No Odoo on the path: the pure packages must not need it.
    return _pytest(ready, "unit", ["-p", "no:odoo", *paths], {"PYTHONPATH": ""})


def _fresh_database(ready, keep):
    if keep and DATABASE in postgres.databases():
        with step("upgrading the test database"):
            instance.install(ready, DATABASE, "-u", ADDONS)
        return
    instance.replace(ready, DATABASE)


def _odoo(ready, options):
    _fresh_database(ready, options.keep)
    args = ["-o", "addopts=", f"--odoo-database={DATABASE}", "--odoo-http"]
    paths = options.args or list(ADDONS)
    return _pytest(ready, "odoo", [*args, "--odoo-log-level=error", *paths])


def _system(ready, options):
    if not browser.find():
        say(f"note: {browser.MISSING}")
    paths = options.args or ["tests/system"]
    return _pytest(ready, "system", ["-p", "no:odoo", *paths])


def _test():
    options = _options()
    begin = time.monotonic()
    ready = instance.setup(with_browser=True)
    parts = [options.only] if options.only else PARTS
    total = Counter()
    with postgres.server():
        for part in parts:
            say(f"\n── {part} " + "─" * (70 - len(part)))
            run = {"lint": _lint, "unit": _unit, "odoo": _odoo, "system": _system}
            total.update(run[part](ready, options))
    return _summary(total, time.monotonic() - begin)


def _summary(total, seconds):
    """Print the closing line over all parts, in pytest's words."""
    if total["unexpected"]:
        say(
            f"\n{total['unexpected']} test(s) were skipped without being expected to; "
            f"see the reasons above. (A skip that is right says '{EXPECTED} …'.)"
        )
    words = [
        f"{total[key]} {key}" + ("s" if key == "error" and total[key] > 1 else "")
        for key in ("failed", "passed", "skipped", "error")
        if total[key]
    ]
    if words:
        say(f"\n{'=' * 20} {', '.join(words)} in {seconds:.2f}s {'=' * 20}")
    bad = total["failed"] + total["error"] + total["unexpected"]
    return 1 if bad else 0


if __name__ == "__main__":
    os.environ.setdefault("PYTHONHASHSEED", "0")
    main(_test)
