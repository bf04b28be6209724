"""Past sales brought in twice, twice at once, and killed: always the same contracts.

Real connections, real commits. What one clean run makes is the reference; what it has
to find is counted in plain SQL on the raw tables.
"""

import random
import subprocess
import threading
import time
from contextlib import contextmanager
from unittest.mock import patch

import pytest
from devkit import instance
from devkit.bench.data import past_sales
from psycopg2 import InterfaceError, OperationalError
from support import race

LINES = 600
BATCH = 40
KILLS = 6
SECONDS = 60
MODULE = "odoo.addons.fusion_repairs.models.backfill.fusion_repair_backfill_run_execute"
CHILD = """
from odoo.addons.fusion_repairs.models import backfill
backfill.fusion_repair_backfill_run_execute.BATCH = 5
env["fusion.repair.backfill.run"]._cron_continue_runs()
"""


class Backfill:
    """A database with years of past sales, and what brings them in."""

    def __init__(self, registry):
        """Make the past sales, once for all tests."""
        self.registry = registry
        with self.environment() as env:
            self.products = past_sales.fill(env, LINES)
        self.reference, self.batch_seconds = None, 0.0

    @contextmanager
    def environment(self):
        """Yield an environment of its own connection that commits in the end."""
        from odoo import SUPERUSER_ID, api  # noqa: PLC0415

        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def forget(self):
        """Take everything back that a test brought in."""
        with self.environment() as env:
            # The contracts of other tests on this database stay.
            env.cr.execute(
                "DELETE FROM fusion_repair_maintenance_contract"
                " WHERE x_fc_source_sale_line_id IS NOT NULL"
            )
            for table in ("fusion_repair_backfill_line", "fusion_repair_backfill_run"):
                env.cr.execute(f"DELETE FROM {table}")

    def start(self):
        """Scan, save what was found as a run and start it; returns its id."""
        with self.environment() as env:
            wizards = env["fusion.repair.maintenance.backfill.wizard"]
            wizard = wizards.create({"weeks": 8, "weekly_cap": 30})
            wizard.action_scan()
            run = wizard._make_run()
            run._start()
            return run.id

    def found(self):
        """Return what a scan finds now, and what plain SQL counts."""
        with self.environment() as env:
            wizard = env["fusion.repair.maintenance.backfill.wizard"].create({})
            wizard.action_scan()
            units = {}
            for _category, _status, reason, number in wizard._get_counts():
                units[reason] = units.get(reason, 0) + number
            today = env.company._get_today()
            return units, past_sales.count(env, self.products, today)

    def work_off(self, run_id, on_connect=lambda pid: None):
        """Go on with a run, each batch a transaction, until it is done."""
        from odoo.service.model import retrying  # noqa: PLC0415

        done = False
        while not done:
            with self.environment() as env:
                on_connect(env.cr._cnx.get_backend_pid())
                done = retrying(lambda env=env: self._step(env, run_id), env)

    def _step(self, env, run_id):
        run = env["fusion.repair.backfill.run"].browse(run_id)
        if run._is_ours([("state", "=", "running")]):
            run._execute_batch()
        return run.state == "done"

    def contracts(self):
        """Return what identifies every contract that is there, sorted."""
        with self.environment() as env:
            env.cr.execute(
                "SELECT x_fc_source_sale_line_id, x_fc_unit_index, x_fc_device_serial,"
                " partner_id, start_date, next_due_date, state, x_fc_maintenance_fee"
                " FROM fusion_repair_maintenance_contract"
                " WHERE x_fc_source_sale_line_id IS NOT NULL ORDER BY 1, 2"
            )
            return env.cr.fetchall()


@pytest.fixture(scope="module")
def backfill(registry):
    """Yield past sales and what one clean run makes of them."""
    made = Backfill(registry)
    with patch(f"{MODULE}.BATCH", BATCH), race.short_naps():
        made.forget()
        run, began = made.start(), time.monotonic()
        made.work_off(run)
        made.reference = made.contracts()
        batches = len(made.reference) / BATCH + 1
        made.batch_seconds = (time.monotonic() - began) / batches
        yield made
        made.forget()


@pytest.fixture(autouse=True)
def bounded():
    """Fail a test that takes far too long."""
    began = time.monotonic()
    yield
    assert time.monotonic() - began < SECONDS


def test_report_says_what_plain_sql_counts(backfill):
    backfill.forget()
    found, counted = backfill.found()
    assert found == counted
    assert len(backfill.reference) == counted["new"] > 100


def test_running_again_changes_nothing(backfill):
    backfill.forget()
    backfill.work_off(backfill.start())
    backfill.work_off(backfill.start())
    assert backfill.contracts() == backfill.reference


def run_at_once(*functions):
    """Run functions in threads; returns their errors."""
    errors = []

    def guarded(function):
        try:
            function()
        except Exception as error:  # noqa: BLE001 - judged by the test
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(f,)) for f in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    return errors


def test_two_runs_at_once(backfill):
    backfill.forget()
    runs = [backfill.start() for _run in range(2)]
    errors = run_at_once(*[lambda r=run: backfill.work_off(r) for run in runs])
    assert not errors
    assert backfill.contracts() == backfill.reference
    with backfill.environment() as env:
        lines = env["fusion.repair.backfill.line"].search([("status", "=", "new")])
        outcomes = lines.mapped("outcome")
    assert set(outcomes) <= {"created", "changed"}
    assert outcomes.count("created") == len(backfill.reference)


def test_one_run_executed_twice_at_once(backfill):
    backfill.forget()
    run = backfill.start()
    assert not run_at_once(*[lambda: backfill.work_off(run)] * 2)
    assert backfill.contracts() == backfill.reference


@pytest.mark.parametrize("seed", range(2))
def test_connection_killed_at_random_points(backfill, seed):
    backfill.forget()
    run, dice, timers, deaths = backfill.start(), random.Random(seed), [], 0

    def kill(pid):
        with backfill.environment() as env:
            env.cr.execute("SELECT pg_terminate_backend(%s)", [pid])

    def kill_soon(pid):
        if len(timers) < KILLS:
            delay = backfill.batch_seconds * dice.uniform(0.1, 0.9)
            timers.append(threading.Timer(delay, kill, [pid]))
            timers[-1].start()

    deadline, done = time.monotonic() + SECONDS, False
    while not done and time.monotonic() < deadline:
        try:
            backfill.work_off(run, kill_soon)
            done = True
        except (OperationalError, InterfaceError):
            deaths += 1
        for timer in timers:  # none may hit who has the connection next
            timer.join()
    assert done and deaths
    assert backfill.contracts() == backfill.reference


def test_process_killed_and_taken_up_by_another(backfill, ready):
    backfill.forget()
    run_id = backfill.start()
    child = subprocess.Popen(
        instance.command(
            ready, "shell", "-d", backfill.registry.db_name, "--no-http",
            "--max-cron-threads=0", "--log-level=critical",
        ),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        env=instance.environment(ready),
    )  # fmt: skip
    try:
        child.stdin.write(CHILD)
        child.stdin.close()
        deadline = time.monotonic() + SECONDS / 2
        while not backfill.contracts() and time.monotonic() < deadline:
            time.sleep(0.02)
    finally:
        child.kill()
        child.wait()
    part = backfill.contracts()
    assert 0 < len(part) < len(backfill.reference)
    backfill.work_off(run_id)
    assert backfill.contracts() == backfill.reference
