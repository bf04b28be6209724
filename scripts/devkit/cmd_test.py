"""scripts/test: set up, then lint, pure logic, Odoo tests, whole-system tests.

Each part is a pytest run of its own, because they need different worlds: the pure
packages must work where Odoo is not even importable, the addons' tests run inside one
Odoo process and roll back, the system tests start real servers and commit.
"""

import argparse
import os
import subprocess
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack
from xml.etree import ElementTree

from . import browser, cmd_lint, instance, postgres
from .common import ADDONS, ROOT, STATE, Problem, main, say, step

DATABASE = "fusion_test"
ODOO_LINT = "tests/odoo_lint"
LANES = (DATABASE, "fusion_test_2")
REPORTS = STATE / "reports"
PARTS = ("lint", "unit", "odoo", "system")
SLOWEST = ("--durations=25", "--durations-min=5")
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
        "--reversed",
        action="store_true",
        help="run the odoo part with the model classes of each addon in reverse order",
    )
    parser.add_argument(
        "--clock",
        metavar="MOMENT",
        help='let the odoo part begin at that time in UTC: "2026-12-07 00:00"',
    )
    parser.add_argument(
        "args", nargs="*", help="paths and options for pytest (with --only; after --)"
    )
    options = parser.parse_args()
    if options.reversed or options.clock:
        if options.only not in (None, "odoo"):
            parser.error("--reversed and --clock are about the odoo part")
        options.only = "odoo"
    return options


def _command(ready, part, args):
    """Return (command line, report) of a pytest run.

    :param part: name of the report
    :param args: arguments of pytest
    """
    REPORTS.mkdir(exist_ok=True)
    report = REPORTS / f"{part}.xml"
    report.unlink(missing_ok=True)
    command = [str(ready.python), "-m", "pytest", "-p", "no:cacheprovider", "-q", "-rs"]
    return [*command, f"--junit-xml={report}", *args], report


def _result(part, report, code):
    """Return the counts of a finished run: passed, failed, error, skipped, unexpected.

    :raises Problem: when it ended without a report
    """
    if not report.exists():
        raise Problem(f"pytest did not run the {part} tests (exit {code})")
    counts = _read(report)
    if code and not counts["failed"] + counts["error"]:
        counts["error"] += 1
    return counts


def _pytest(ready, part, args, variables=None):
    """Run pytest; returns the counts of its report."""
    command, report = _command(ready, part, args)
    environment = {**instance.environment(ready), **(variables or {})}
    done = subprocess.run(command, cwd=ROOT, check=False, env=environment)
    return _result(part, report, done.returncode)


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


def _fresh_database(ready, keep, database=DATABASE):
    if keep and database in postgres.databases():
        with step(f"upgrading the test database {database}"):
            instance.install(ready, database, "-u", ADDONS)
        return
    instance.replace(ready, database)


def _odoo_args(database, paths, backwards=False, clock=None):
    args = ["-o", "addopts=", f"--odoo-database={database}", "--odoo-http"]
    if backwards:
        args += ["-p", "support.reversed_models"]
    args += ["-p", "support.clock", *([f"--clock={clock}"] if clock else [])]
    return [*args, "--odoo-log-level=error", *paths]


def _odoo(ready, options):
    """Run the addons' tests: all of them in two lanes, named ones in one process."""
    if options.args:
        _fresh_database(ready, options.keep)
        args = _odoo_args(DATABASE, options.args, options.reversed, options.clock)
        return _pytest(ready, "odoo", args)
    instance.ensure_assets(ready)
    for database in LANES:
        _fresh_database(ready, options.keep, database)
    return _in_lanes(ready, options.reversed, options.clock)


def _in_lanes(ready, backwards, clock=None):
    """Run the addons' tests in two processes, each on a database of its own.

    Each takes the next file that no one has begun (support.lanes). The second writes to
    a file that is shown after the first has ended.
    """
    variables = instance.environment(ready)
    counts = Counter()
    with tempfile.TemporaryDirectory(dir=STATE) as taken, ExitStack() as stack:
        running = []
        for number, database in enumerate(LANES):
            # Of how many tests, no lane knows beforehand.
            words = ["-o", "console_output_style=classic", "-p", "support.lanes"]
            words.append(f"--lanes={taken}")
            words += [*SLOWEST, *ADDONS, ODOO_LINT]
            args = _odoo_args(database, words, backwards, clock)
            command, report = _command(ready, f"odoo-{number + 1}", args)
            output = REPORTS / f"odoo-{number + 1}.log"
            handle = stack.enter_context(output.open("w")) if number else None
            process = subprocess.Popen(
                command, cwd=ROOT, env=variables, stdout=handle, stderr=handle
            )
            stack.callback(process.terminate)
            running.append((process, report, output))
        for number, (process, report, output) in enumerate(running):
            process.wait()
            if number:
                say(f"\n   the other lane\n{output.read_text(errors='replace')}")
            counts.update(_result("odoo", report, process.returncode))
    return counts


def _system(ready, options):
    if not browser.find():
        say(f"note: {browser.MISSING}")
    paths = options.args or [*SLOWEST, "tests/system"]
    return _pytest(ready, "system", ["-p", "no:odoo", *paths])


class _Meanwhile(threading.Thread):
    """Make the databases while lint and the pure tests run, which need none."""

    def __init__(self, ready):
        super().__init__(daemon=True)  # an interrupted run does not wait for it
        self.ready, self.problem = ready, None

    def run(self):
        try:
            instance.ensure_assets(self.ready)
        except Exception as problem:  # noqa: BLE001 - told where it is waited for
            self.problem = problem

    def wait(self):
        self.join()
        if self.problem:
            raise self.problem


def _test():
    options = _options()
    begin = time.monotonic()
    ready = instance.setup(with_browser=True)
    parts = [options.only] if options.only else PARTS
    total = Counter()
    with postgres.server():
        meanwhile = _Meanwhile(ready)
        if not options.only:
            meanwhile.start()
        for part in parts:
            if part == "odoo" and not options.only:
                meanwhile.wait()
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
