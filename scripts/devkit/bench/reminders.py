"""How many due reminders the daily job queues in a second, and how much memory.

``main`` is the parent's side; ``measure`` runs inside Odoo, on a database of its own,
with the very cron method of the daily job, which commits batch by batch.
"""

import json
import resource
import time

DATABASE = "fusion_bench_reminders"
SIZE = 3_000
MARK = "BENCH "
SECTION = "reminders"
SCRIPT = """
from devkit.bench import reminders
reminders.{function}(env, {contracts})
"""


def main(ready, options=None):
    """Measure one run of the daily job and print a table.

    :param ready: a set-up Odoo
    :param options: may have ``contracts`` (how many are due), ``write``, ``profile``
    :return: the figures
    """
    from .. import instance  # noqa: PLC0415 - not there inside Odoo
    from ..common import say, step  # noqa: PLC0415
    from . import report  # noqa: PLC0415

    contracts = getattr(options, "contracts", None) or SIZE
    profile = getattr(options, "profile", False)
    script = SCRIPT.format(
        function="profile" if profile else "measure", contracts=contracts
    )
    instance.replace(ready, DATABASE)
    try:
        with step(f"reminding about {contracts} units"):
            printed = instance.shell(ready, DATABASE, script)
    finally:
        instance.drop(DATABASE)
    if profile:
        say(printed)
        return None
    row = json.loads(printed.split(MARK, 1)[1].splitlines()[0])
    say("\n" + table(row))
    if getattr(options, "write", False):
        report.write(SECTION, report.machine() + "\n\n" + table(row))
        say(f"written to {report.PERFORMANCE}")
    return row


def table(row):
    """Return the figures as a Markdown table."""
    heads = ("due", "mails", "calls", "whole run", "mails a second", "queries a mail")
    cells = (
        f"{row['contracts']:,}",
        f"{row['mails']:,}",
        f"{row['calls']:,}",
        f"{row['seconds']:.1f} s",
        f"{row['mails'] / row['seconds']:.0f}",
        f"{row['queries'] / row['mails']:.2f}",
    )
    lines = [
        (*heads, "CPU", "peak memory"),
        ["---:"] * 8,
        (*cells, f"{row['cpu']:.1f} s", f"{row['memory'] / 1024:.0f} MiB"),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def measure(env, contracts):
    """Run the job and print the figures for the parent process."""
    result = {"contracts": contracts, **run(env, contracts)}
    print(MARK + json.dumps(result), flush=True)


def run(env, contracts):
    """Make the contracts, run the job once; return the figures."""
    from .data import due_contracts  # noqa: PLC0415

    expected = due_contracts.fill(env, contracts)
    env.cr.commit()
    env.cr.execute("ANALYZE")
    env.cr.commit()
    env.invalidate_all()
    queries, cpu = env.cr.sql_log_count, time.process_time()
    began = time.monotonic()
    env["fusion.repair.maintenance.contract"]._cron_send_reminders()
    found = {
        "seconds": time.monotonic() - began,
        "cpu": time.process_time() - cpu,
        "queries": env.cr.sql_log_count - queries,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    }
    env.cr.execute(
        "SELECT count(mail_id), count(*) FILTER (WHERE outcome = 'call')"
        "  FROM fusion_repair_maintenance_reminder"
    )
    found["mails"], found["calls"] = env.cr.fetchone()
    assert (found["mails"], found["calls"]) == expected, (found, expected)
    return found


def profile(env, contracts):
    """Print where the time goes."""
    import cProfile  # noqa: PLC0415
    import pstats  # noqa: PLC0415

    profiler = cProfile.Profile()
    profiler.enable()
    run(env, contracts)
    profiler.disable()
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(110)
