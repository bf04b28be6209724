"""Reminders under fire: workers killed at random, the mail server away for a while.

Real processes run Odoo's own scheduler on a real database and are killed with SIGKILL.
In the end every client has every reminder exactly once. A mail that was on the line
when its worker died may arrive again, under the same Message-ID: mail programs show
that once. ``FUSION_REMINDERS=20000`` runs the full size.
"""

import os
import random
import shutil
import time
from collections import defaultdict
from email import message_from_bytes, policy
from email.utils import parseaddr

import pytest
from devkit import instance, server
from devkit.bench.data import due_contracts
from devkit.common import free_port
from support import fire

DATABASE = "fusion_reminders"
CLIENTS = int(os.environ.get("FUSION_REMINDERS", "600"))
KILLS_QUEUEING, KILLS_SENDING = 7, 5
PATIENCE = 90 + CLIENTS / 20
RETRY_SECONDS = max(1.0, CLIENTS / 400)
GLANCE_SECONDS = max(0.02, CLIENTS / 100_000)  # at the figures, without slowing them
LONGEST_FIGHT = 60
LEDGER_COUNT = "SELECT count(*) FROM fusion_repair_maintenance_reminder"
MODELS = "odoo.addons.fusion_repairs.models"
MAILS = f"{MODELS}.client_mail.mail_mail"
JOB = f"{MODELS}.reminders.fusion_repair_maintenance_contract_reminder"
LEDGER = """
SELECT p.email, r.band, r.outcome, c.next_due_date - %s::date AS days, count(*)
  FROM fusion_repair_maintenance_contract c
  JOIN res_partner p ON p.id = c.partner_id
  LEFT JOIN fusion_repair_maintenance_reminder r
    ON r.contract_id = c.id AND r.cycle_due_date = c.next_due_date
 GROUP BY c.id, p.email, r.band, r.outcome
"""


class Battle:
    """The database, its workers and its mail server."""

    def __init__(self, registry, ready):
        """Make clients whose units are due, and a mail server that is away."""
        from odoo.tools import config  # noqa: PLC0415

        self.registry = registry
        self.folder = server.mail_folder(DATABASE)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.catcher = fire.Catcher(ready, free_port(8625), self.folder)
        config["smtp_server"], config["smtp_port"] = "127.0.0.1", self.catcher.port
        self.dice, self.kills, self.breaks = random.Random(20261121), [], 0
        with self.environment() as env:
            self.expected = due_contracts.fill(env, CLIENTS)
            env["ir.cron"].search([]).active = False
            for names in fire.CRONS:
                env.ref(".".join(names)).active = True
            self.today = env.company._get_today()
        self.warm_up()

    def warm_up(self):
        """Compile the mail in both languages, for the workers to inherit."""
        with self.environment() as env:
            contracts = env["fusion.repair.maintenance.contract"]
            contracts.search([], limit=8)._queue_reminder_mails()
            env.cr.rollback()

    def environment(self):
        """Return a context manager: an environment that commits in the end."""
        return fire.environment(self.registry)

    def ask(self, query, *args):
        """Return the rows of a query, on a connection of its own."""
        with self.environment() as env:
            env.cr.execute(query, args)
            return env.cr.fetchall()

    def queued(self):
        """Return how many contracts have been dealt with."""
        return self.ask(LEDGER_COUNT)[0][0]

    def sent(self):
        """Return how many mails the database knows to be out."""
        return self.ask(f"{LEDGER_COUNT} WHERE outcome = 'sent'")[0][0]

    def fight(self, count, by_hand=False):
        """Let workers get a random bit further, then kill them in mid-work.

        :param count: what to measure their progress by
        """
        works = [fire.schedule] + [fire.remind_by_hand] * by_hand
        workers = [fire.start_worker(DATABASE, work) for work in works]
        goal = count() + self.dice.randint(1, max(1, CLIENTS // 15))
        deadline = time.monotonic() + LONGEST_FIGHT
        while count() < goal and time.monotonic() < deadline:
            time.sleep(GLANCE_SECONDS)
        time.sleep(self.dice.uniform(0, 0.2))
        fire.kill(*workers)
        self.kills.append((self.queued(), self.sent()))

    def break_line(self):
        """Take the mail server away from a worker that is sending, then kill it."""
        worker = fire.start_worker(DATABASE, fire.schedule)
        before, deadline = self.sent(), time.monotonic() + LONGEST_FIGHT
        while self.sent() == before and time.monotonic() < deadline:
            time.sleep(GLANCE_SECONDS)
        self.catcher.stop()
        self.breaks += 1
        time.sleep(self.dice.uniform(0.1, 0.4))
        fire.kill(worker)

    def finish(self):
        """Let one worker run undisturbed until nothing is left to do."""
        worker = fire.start_worker(DATABASE, fire.schedule)
        deadline = time.monotonic() + PATIENCE
        try:
            while time.monotonic() < deadline:
                ((waiting,),) = self.ask(
                    "SELECT count(*) FROM mail_mail WHERE state <> 'sent'"
                )
                if not waiting and self.queued() == sum(self.expected):
                    return
                time.sleep(0.2)
        finally:
            fire.kill(worker)
        raise AssertionError(f"not done: {self.queued()} of {sum(self.expected)}")

    def delivered(self):
        """Return {address: Message-IDs} of what was caught, and how many mails."""
        found, number = defaultdict(set), 0
        for path in self.folder.glob("*.eml"):
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            found[parseaddr(mail["to"])[1]].add(mail["message-id"])
            number += 1
        return found, number


@pytest.fixture(scope="module")
def battle(ready, open_database):
    """Yield a database of due reminders after the fight."""
    instance.replace(ready, DATABASE)
    with open_database(DATABASE) as registry, pytest.MonkeyPatch.context() as patch:
        # The workers are forks: they come again after a second, not five minutes.
        patch.setattr(f"{MAILS}.RETRY_MINUTES", RETRY_SECONDS / 60)
        patch.setattr(f"{JOB}.BATCH", max(10, min(200, CLIENTS // 60)))
        patch.setattr(f"{MAILS}.LONGEST_MINUTES", RETRY_SECONDS / 60)
        fought = Battle(registry, ready)
        try:
            for number in range(KILLS_QUEUEING):
                # Nobody takes mails yet: every one is refused, and queued again.
                fought.fight(fought.queued, number % 2)
            for number in range(KILLS_SENDING):
                fought.catcher.start()
                fought.fight(fought.sent)
                if number % 2:
                    # The mail server dies while a worker is sending.
                    fought.break_line()
                fought.catcher.stop()
            fought.catcher.start()
            fought.finish()
            yield fought
        finally:
            fought.catcher.stop()


def test_workers_died_in_the_middle_of_the_work(battle):
    mails, calls = battle.expected
    queueing = {queued for queued, _sent in battle.kills if 0 < queued < mails + calls}
    sending = {sent for _queued, sent in battle.kills if 0 < sent < mails}
    assert len(battle.kills) >= 10
    assert len(queueing) >= 4 and len(sending) >= 3, battle.kills


def test_every_mail_arrived_exactly_once(battle, record_property):
    found, number = battle.delivered()
    assert len(found) == battle.expected[0]
    assert {len(ids) for ids in found.values()} == {1}
    repeated = number - len(found)
    assert repeated <= len(battle.kills) + battle.breaks
    record_property("mails", number)
    record_property("repeated", repeated)
    record_property("done when killed", str(battle.kills))


def test_ledger_has_every_band_once_and_knows_the_outcome(battle):
    rows = battle.ask(LEDGER, battle.today)
    assert len(rows) == sum(battle.expected)
    for email, band, outcome, days, number in rows:
        tightest = min(each for each in (30, 7, 1) if days <= each)
        assert (band, number) == (tightest, 1), (email, band, number)
        assert outcome == ("sent" if email else "call"), (email, outcome)


def test_calls_are_open_once_and_nothing_is_in_error(battle):
    open_calls = battle.ask(
        "SELECT res_id FROM mail_activity WHERE active AND res_model = %s",
        "fusion.repair.maintenance.contract",
    )
    assert len(open_calls) == len(set(open_calls)) == battle.expected[1]
    ((errors,),) = battle.ask(
        "SELECT count(reminder_error) FROM fusion_repair_maintenance_contract"
    )
    assert not errors


def test_each_mail_is_noted_once(battle):
    notes = battle.ask(
        "SELECT res_id FROM mail_message WHERE model = %s AND body LIKE %s",
        "fusion.repair.maintenance.contract",
        "%reminder was queued%",
    )
    assert len(notes) == len(set(notes)) == battle.expected[0]
