"""Reminders beside people who work on the same contracts: real connections, commits."""

import threading
from datetime import timedelta

import pytest
from devkit import instance
from devkit.bench.data import due_contracts
from support import fire

from odoo.fields import Command

CONTRACT = "fusion.repair.maintenance.contract"
CLIENTS = 60
DATABASE = "fusion_reminder_race"
JOB = (
    "odoo.addons.fusion_repairs.models.reminders"
    ".fusion_repair_maintenance_contract_reminder"
)


class Field:
    """A database with due contracts, and connections to it."""

    def __init__(self, registry):
        """Make due contracts that a technician can be booked for."""
        self.registry = registry
        with self.environment() as env:
            due_contracts.fill(env, CLIENTS)
            self.make_technician(env)

    def environment(self):
        """Return a context manager: an environment that commits in the end."""
        return fire.environment(self.registry)

    def make_technician(self, env):
        """Make somebody who can maintain the units, where they are."""
        due = env[CONTRACT].search([("name", "like", "BENCH")])
        place = {"partner_latitude": 43.67, "partner_longitude": -79.39}
        due.partner_id.write(place)
        env.company.partner_id.tz = "America/Toronto"
        env["res.users"].create(
            {
                "name": "Race Technician",
                "login": "race_reminder_technician",
                "tz": "America/Toronto",
                "group_ids": [
                    Command.link(
                        env.ref("fusion_tasks.fusion_tasks_group_technician").id
                    )
                ],
                "x_fc_is_technician": True,
                "x_fc_start_address_id": due[0].partner_id.id,
                "x_fc_repair_skills": [Command.set(due.x_fc_policy_category_id.ids)],
            }
        )

    def restart(self):
        """Let it be a new day: nobody has been reminded or looked at."""
        with self.environment() as env:
            env.cr.execute("DELETE FROM fusion_repair_maintenance_reminder")
            env.cr.execute("DELETE FROM mail_mail")
            env.cr.execute(
                "UPDATE fusion_repair_maintenance_contract"
                " SET reminder_checked_on = NULL, reminder_error = NULL"
            )

    def reminded(self):
        """Return the ids of the contracts in the ledger, with repetitions."""
        with self.environment() as env:
            rows = env["fusion.repair.maintenance.reminder"].search([])
            return [row.contract_id.id for row in rows]


@pytest.fixture(scope="module")
def field(ready, open_database):
    """Yield a database of due reminders that a race can be run on."""
    instance.replace(ready, DATABASE)
    with open_database(DATABASE) as registry, pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"{JOB}.BATCH", 10)
        yield Field(registry)


def look(env):
    """Begin a run: find the due contracts, in a transaction that stays open."""
    contracts = env[CONTRACT].with_company(env.company)
    domain = contracts._get_reminder_domain(env.company)
    return contracts.search(domain)


def test_who_books_just_then_is_not_asked_to_book(field):
    field.restart()
    with field.environment() as env:
        due = look(env)
        with field.environment() as rival:
            booked = rival[CONTRACT].browse(due[0].id)
            booked._book_slot(
                booked._get_booking_slots()[0].value, source="client_portal"
            )
        # Seen in time, or left to the next run.
        assert due._remind_safely().held <= due[0]
    assert due[0].id not in field.reminded()
    with field.environment() as env:
        env[CONTRACT]._cron_send_reminders()
        booked = env[CONTRACT].browse(due[0].id)
        assert booked.is_booked and not booked.reminder_error
        booked.current_visit_id._cancel("Race over")
    assert due[0].id not in field.reminded()


def test_a_contract_that_somebody_holds_delays_nobody(field):
    field.restart()
    with field.environment() as holder:
        held = look(holder)[3]
        held.lock_for_update(allow_referencing=True)
        with field.environment() as env:
            env.cr.execute("SET lock_timeout = '2s'")
            env[CONTRACT]._cron_send_reminders()
            job = env.ref("fusion_repairs.ir_cron_send_maintenance_reminders")
            soon = env.cr.now() + timedelta(minutes=10)
            triggers = env["ir.cron.trigger"].search([("cron_id", "=", job.id)])
            assert triggers.filtered(lambda t: t.call_at <= soon)
        assert len(field.reminded()) == CLIENTS - 1
        assert held.id not in field.reminded()
    with field.environment() as env:
        env[CONTRACT]._cron_send_reminders()
    assert len(field.reminded()) == len(set(field.reminded())) == CLIENTS


def test_two_runs_at_once_remind_everybody_once(field):
    field.restart()
    start, errors = threading.Barrier(2), []

    def run():
        try:
            with field.environment() as env:
                look(env)
                start.wait(20)
                env[CONTRACT]._cron_send_reminders()
        except Exception as error:  # noqa: BLE001 - judged below
            errors.append(error)

    threads = [threading.Thread(target=run) for _run in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not errors
    with field.environment() as env:
        env[CONTRACT]._cron_send_reminders()
        mails = env["mail.mail"].search([]).mapped("recipient_ids.email")
    reminded = field.reminded()
    assert len(reminded) == len(set(reminded)) == CLIENTS
    assert len(mails) == len(set(mails)) == CLIENTS - CLIENTS // 20


def send(contract):
    """Remind of one contract, as the daily job does."""
    contract._send_reminders({contract: 30})


def test_the_ledger_itself_lets_no_band_through_twice(field):
    from psycopg2.errors import UniqueViolation  # noqa: PLC0415

    field.restart()
    with field.environment() as env:
        send(look(env)[0])
    with pytest.raises(UniqueViolation), field.environment() as env:
        send(look(env)[0])
