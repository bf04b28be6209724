"""scripts/bench: measure, in a database of its own, and print tables."""

import argparse
import json

from . import instance, postgres
from .bench import backfill, booking, reminders, report
from .common import Problem, main, say, step

DATABASE = "fusion_bench"
SIZES = (5, 20, 50, 200)
SECONDS = 4.0
MARK = "BENCH "

FILL = """
from devkit.bench.data import calendars
print("BENCH " + str(calendars.fill(env, {people})))
"""
MEASURE = """
from datetime import date
from devkit.bench import search
first = date.fromisoformat("{first}")
search.{function}
"""


def _numbers(text):
    """Return numbers that are given as "5,20", each once, in order."""
    return tuple(sorted({int(number) for number in text.split(",")}))


def _joined(numbers):
    return ",".join(map(str, numbers))


def _add_sizes(parser):
    """Add the options that say how much is measured."""
    parser.add_argument(
        "--sizes",
        type=_numbers,
        default=SIZES,
        help=f"numbers of technicians (default {_joined(SIZES)})",
    )
    parser.add_argument(
        "--lines",
        type=_numbers,
        default=backfill.SIZES,
        help="backfill: numbers of past sale lines (default "
        f"{_joined(backfill.SIZES)})",
    )
    parser.add_argument(
        "--contracts",
        type=int,
        default=reminders.SIZE,
        help=f"reminders: how many are due (default {reminders.SIZE})",
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=SECONDS,
        help=f"how long to repeat each question (default {SECONDS:g})",
    )


def _add_ways(parser):
    """Add the options that say what happens to figures and database."""
    parser.add_argument(
        "--write",
        action="store_true",
        help=f"write the figures into {report.PERFORMANCE.name}",
    )
    parser.add_argument(
        "--keep", action="store_true", help="keep the database for a later --reuse"
    )
    parser.add_argument(
        "--reuse", metavar="DATABASE", help="measure in a database that was kept"
    )
    parser.add_argument(
        "--profile", action="store_true", help="show where the time goes instead"
    )


def _check(parser, options):
    """Refuse sizes that are a slip of the finger."""
    if not options.sizes or not all(1 <= size <= 500 for size in options.sizes):
        parser.error("--sizes: from 1 to 500 technicians")
    if not all(1 <= lines <= 1_000_000 for lines in options.lines):
        parser.error("--lines: up to a million")
    if not 1 <= options.contracts <= 100_000:
        parser.error("--contracts: up to a hundred thousand")
    if not 0 < options.seconds <= 60:
        parser.error("--seconds: up to 60")


def _options():
    parser = argparse.ArgumentParser(
        prog="scripts/bench",
        description="Measure the search for open slots on full days of many "
        "technicians, beside a plain read of the same rows and Odoo's own working "
        "hours. Takes about three minutes and stops by itself.",
    )
    parser.add_argument(
        "what",
        choices=("search", "backfill", "booking", "reminders"),
        help="what to measure",
    )
    _add_sizes(parser)
    _add_ways(parser)
    options = parser.parse_args()
    _check(parser, options)
    return options


def _marked(output):
    """Return what a script in Odoo reported, line by line."""
    lines = [line.split(MARK, 1)[1] for line in output.splitlines() if MARK in line]
    if not lines:
        raise Problem(f"the bench did not report anything:\n{output[-2000:]}")
    return lines


def _fill(ready, people):
    """Make the database anew; returns its name."""
    instance.replace(ready, DATABASE)
    with step(f"filling the days of {people} technicians"):
        first = _marked(instance.shell(ready, DATABASE, FILL.format(people=people)))[0]
    instance.set_stamp(DATABASE, first)
    return DATABASE


def _measure(ready, options):
    database = options.reuse or _fill(ready, max(options.sizes))
    first = instance.stamp(database)
    if not first:
        raise Problem(f"{database} was not made by scripts/bench --keep")
    if options.profile:
        call = f"profile(env, first, {options.sizes[-1]})"
        say(instance.shell(ready, database, MEASURE.format(first=first, function=call)))
        return
    call = f"main(env, first, {options.sizes}, {options.seconds})"
    with step("measuring"):
        script = MEASURE.format(first=first, function=call)
        rows = [
            json.loads(line)
            for line in _marked(instance.shell(ready, database, script))
        ]
    say("\n" + report.search_table(rows))
    if options.write:
        report.write(report.SEARCH, report.search_section(rows))
        say(f"written to {report.PERFORMANCE}")


def _bench():
    options = _options()
    ready = instance.setup()
    with postgres.server():
        if options.what == "backfill":
            backfill.main(ready, options)
            return
        if options.what == "booking":
            booking.main(ready, options)
            return
        if options.what == "reminders":
            reminders.main(ready, options)
            return
        try:
            _measure(ready, options)
        finally:
            if not (options.keep or options.reuse):
                instance.drop(DATABASE)


if __name__ == "__main__":
    main(_bench)
