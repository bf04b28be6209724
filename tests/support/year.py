"""A year in the life of a dealer, day by day, on a real database (for the tests).

Clients book on the page, move, cancel, are not at home, stop the mails, or do nothing
until somebody calls; the office works off its activities; the scheduler's jobs are
killed at random and taken up again. The clock is ours, everything else is real:
connections, commits, mails over SMTP.
"""

import random
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

from devkit import sample_data

from . import fire

MORNING, EVENING = timedelta(hours=14), timedelta(hours=23)  # in UTC; Toronto works
# Our jobs and the mail queue; whether a job has work to do every day.
JOBS = """
SELECT c.id, d.name ~ 'remind|mail|tell|book|due|lost' FROM ir_cron c
  JOIN ir_model_data d ON d.model = 'ir.cron' AND d.res_id = c.id
 WHERE c.active AND (d.module IN ('fusion_tasks', 'fusion_repairs')
       OR (d.module, d.name) = ('mail', 'ir_cron_mail_scheduler_action'))
   AND d.name <> 'ir_cron_geocode_places' ORDER BY d.module DESC, c.id
"""
WEEKLY = 0
OWED = timedelta(days=30)  # before the due date, as long as the first reminder
INTERVALS = (3, 4, 6, 12)
CONTRACT = "fusion.repair.maintenance.contract"


class Killed(BaseException):
    """A process that ends in mid-work; nothing in Odoo can catch it."""


class Chances(dict):
    """What happens how often, of one."""

    __getattr__ = dict.__getitem__


CHANCES = Chances(
    kill=0.05,  # of a job of a morning
    book=0.5,  # of a client who has got a reminder
    opt_out=0.03,  # likewise
    reached=0.6,  # of a client the office calls
    move=0.2,  # of a booked visit, a day
    cancel=0.1,  # likewise
    no_show=0.06,  # of a visit
    silent=0.1,  # clients who answer no mail
    no_email=0.1,  # clients without an address
)


@contextmanager
def bomb(statements):
    """Die before a statement to come; none is run after it but what takes back."""
    from odoo.sql_db import Cursor  # noqa: PLC0415

    execute, left = Cursor.execute, [statements]

    def count(cursor, *args, **kwargs):
        left[0] -= 1
        if left[0] == 0:
            raise Killed
        return execute(cursor, *args, **kwargs)

    with patch.object(Cursor, "execute", count):
        yield


class Year:
    """A dealer with technicians and units, and the days that pass there."""

    def __init__(self, registry, clock, units, seed=20261121):
        """Make the units; their due dates are spread over their intervals.

        :param registry: Odoo's, of a database that is ours
        :param clock: what freezegun yields
        """
        self.registry, self.clock = registry, clock
        self.dice = random.Random(seed)
        self.deaths, self.done = 0, dict.fromkeys(("book", "move", "cancel"), 0)
        self.first_due, self.silent = {}, set()
        with self.environment() as env:
            self._make_world(env, units)
            env.cr.execute(JOBS)
            self.jobs = env.cr.fetchall()

    def environment(self):
        """Return a context manager: an environment that commits in the end."""
        return fire.environment(self.registry)

    def chance(self, name):
        """Tell whether something happens this time."""
        return self.dice.random() < CHANCES[name]

    def _make_world(self, env, units):
        today = env.company._get_today()
        env.company.write({"street": "1 King Street", "city": "Toronto"})
        env.company.write({"phone": "416-555-0100", "email": "dealer@example.com"})
        env.company.partner_id.tz = "America/Toronto"
        crew = sample_data.make_technicians(env, max(2, units // 200))
        sample_data.make_dispatcher(env, "office")
        sample_data.make_links(env, units, crew)
        for contract in env[CONTRACT].search([("state", "=", "active")]):
            months = self.dice.choice(INTERVALS)
            due = today + timedelta(days=self.dice.randint(5, months * 30))
            contract.write({"interval_months": months})
            contract.write({"first_due_date": due, "next_due_date": due})
            client = contract.partner_id
            client.x_fc_consent_express_date = today - timedelta(days=30)
            if self.chance("no_email"):
                client.email = False
            if self.chance("silent"):
                self.silent.add(client.id)
            self.first_due[contract.id] = due

    # A day -----------------------------------------------------------------------

    def pass_day(self, day):
        """Let a day pass, from the morning's jobs to the technicians' way home."""
        self.clock.move_to(datetime.combine(day, datetime.min.time()) + MORNING)
        for job_id, daily in self.jobs:
            if daily or day.weekday() == WEEKLY:
                self._run_job(job_id)
        self._clients_answer()
        if day.weekday() < 5:
            self._office_calls()
        self._clients_change_their_minds()
        self.clock.move_to(datetime.combine(day, datetime.min.time()) + EVENING)
        self._visits_take_place()

    def _run_job(self, job_id):
        """Run a job of the scheduler as often as it takes to survive."""
        while self.chance("kill"):
            try:
                with bomb(self.dice.randint(2, 60)), self.environment() as env:
                    self._run(env, job_id)
                return
            except Killed:
                self.registry.reset_changes()
                self.deaths += 1
        with self.environment() as env:
            self._run(env, job_id)

    @staticmethod
    def _run(env, job_id):
        env["ir.cron"].browse(job_id).ir_actions_server_id.run()

    def _each(self, domain, work, model=CONTRACT):
        """Do something with each record, in a transaction of its own as in Odoo."""
        with self.environment() as env:
            ids = env[model].search(domain, order="id").ids
        for record_id in ids:
            with self.environment() as env:
                work(env[model].browse(record_id))

    def _clients_answer(self):
        """Clients read this morning's mail; some book, some want no more of it."""
        now = datetime.now()
        domain = [("sent_at", ">=", now), ("outcome", "in", ("queued", "sent"))]

        def answer(reminder):
            contract = reminder.contract_id
            if contract.partner_id.id in self.silent or contract.is_booked:
                return
            if self.chance("book"):
                self._book(contract, "client_portal")
            elif self.chance("opt_out"):
                contract.partner_id._fc_opt_out("link")

        self._each(domain, answer, "fusion.repair.maintenance.reminder")

    def _office_calls(self):
        """The office works off what is due on its list."""

        def call(contract):
            today = contract._get_today()
            activities = contract.activity_ids.filtered(
                lambda a: a.date_deadline <= today
            )
            owed = contract.next_due_date <= today + OWED and not contract.is_booked
            if not activities or (owed and not self.chance("reached")):
                return
            if owed:
                self._book(contract, "office")
            if contract.is_booked or not owed:  # else no time was free: another day
                activities.action_feedback()

        self._each([("activity_ids", "!=", False)], call)

    def _book(self, contract, source):
        slots = contract._get_booking_slots()
        if slots:
            slot = self.dice.choice(slots)
            contract._book_slot(slot.value, source=source)
            self.done["book"] += 1

    def _clients_change_their_minds(self):
        def change(contract):
            if not contract._is_change_allowed():
                return
            if self.chance("cancel"):
                contract._cancel_booking()
                self.done["cancel"] += 1
            elif self.chance("move"):
                slots = contract._get_booking_slots()
                if slots:
                    contract._move_booking(self.dice.choice(slots).value)
                    self.done["move"] += 1

        self._each([("is_booked", "=", True)], change)

    def _visits_take_place(self):
        def visit(task):
            if self.chance("no_show"):
                task.action_no_show()
            else:
                task.action_complete()

        now = datetime.now()
        domain = [("status", "=", "scheduled"), ("date_end", "<=", now)]
        self._each(domain, visit, "fusion.technician.task")
