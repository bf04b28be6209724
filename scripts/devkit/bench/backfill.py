"""How long it takes to bring in many past sales, and how much memory.

``main`` is the parent's side; ``measure`` runs inside Odoo, in a process of its own for
each size, on a database of its own, with the same cron method that works off a run.
"""

import json
import resource
import time

DATABASE = "fusion_bench_backfill"
SIZES = (10_000, 30_000, 100_000)
MARK = "BENCH "
SCRIPT = """
from devkit.bench import backfill
backfill.measure(env, {lines})
"""


def main(ready, options=None):
    """Measure every size and print a table.

    :param ready: a set-up Odoo
    :param options: may have ``lines``, numbers of sale lines
    :return: the figures, one dict a size
    """
    from .. import instance  # noqa: PLC0415 - not there inside Odoo
    from ..common import say, step  # noqa: PLC0415

    figures = []
    for lines in getattr(options, "lines", None) or SIZES:
        instance.replace(ready, DATABASE)
        try:
            with step(f"bringing in {lines} past sale lines"):
                printed = instance.shell(ready, DATABASE, SCRIPT.format(lines=lines))
        finally:
            instance.drop(DATABASE)
        found = printed.split(MARK, 1)[1].splitlines()[0]
        figures.append(json.loads(found))
    say("\n" + table(figures))
    return figures


def table(figures):
    """Return the figures as a Markdown table."""
    heads = ("sale lines", "units enrolled", "scan", "execute", "report", "memory")
    rows = [
        (
            f"{row['lines']:,}",
            f"{row['new']:,}",
            f"{row['scan']:.1f} s",
            f"{row['execute']:.1f} s",
            f"{row['report']:.1f} s",
            f"{row['memory'] / 1024:.0f} MiB",
        )
        for row in figures
    ]
    lines = [heads, ["---:"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def measure(env, lines):
    """Scan and execute, and print the figures for the parent process."""
    from .data import past_sales  # noqa: PLC0415

    products = past_sales.fill(env, lines)
    env.cr.commit()
    env.cr.execute("ANALYZE")
    env.cr.commit()
    runs = env["fusion.repair.backfill.run"]
    run = runs.create({"weeks": 52})
    run._leave_scan_to_job()
    seconds = {"scan": _time(runs._cron_continue_runs)}
    today = env.company._get_today()
    expected = past_sales.count(env, products, today)
    found = {}
    for _category, _status, reason, number in run._get_counts():
        found[reason] = found.get(reason, 0) + number
    assert found == expected, (found, expected)
    run._start()
    env.cr.commit()
    with_report = _time(runs._cron_continue_runs)
    seconds["report"] = _time(run._make_workbook)
    seconds["execute"] = with_report - seconds["report"]
    assert run.state == "done" and run.contract_count == expected["new"]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result = {"lines": lines, "new": expected["new"], "memory": memory, **seconds}
    print(MARK + json.dumps(result), flush=True)


def _time(function):
    began = time.monotonic()
    function()
    return time.monotonic() - began
