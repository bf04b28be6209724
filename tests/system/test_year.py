"""Twelve months of a dealer, day by day: everybody is served, every promise holds.

``FUSION_YEAR_UNITS=1000`` runs the full size.
"""

import logging
import os
import shutil
import time
from collections import defaultdict
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.utils import parseaddr
from unittest.mock import patch

import pytest
from dateutil.relativedelta import relativedelta
from devkit import instance, server
from devkit.common import free_port, say
from freezegun import freeze_time
from support import fire
from support.booking_contest import OVERLAPPING
from support.year import Year

DATABASE = "fusion_year"
UNITS = int(os.environ.get("FUSION_YEAR_UNITS", "20"))
START, DAYS = date(2026, 1, 5), 365
# How long after its due date a unit may wait: mails, calls, holidays, no-shows.
LONGEST_DELAY = 60
# How many days a unit may have neither a reminder to come nor an activity: the office
# hears of it some days after the last reminder.
LONGEST_SILENCE = 10
IN_PART = """
SELECT v.name FROM fusion_repair_maintenance_visit v
  LEFT JOIN fusion_technician_task t ON t.id = v.technician_task_id
  LEFT JOIN calendar_event e ON e.id = t.calendar_event_id
  LEFT JOIN repair_order r ON r.id = v.repair_order_id
  LEFT JOIN sale_order s ON s.id = v.sale_order_id
  LEFT JOIN fusion_repair_maintenance_contract c
    ON c.id = v.contract_id AND c.booking_repair_id = r.id
 WHERE v.state = 'scheduled' AND (t.status <> 'scheduled'
       OR num_nulls(t.id, e.id, r.id, s.id, c.id) > 0 OR e.start <> t.date_start)
UNION ALL
SELECT t.name FROM fusion_technician_task t
 WHERE NOT EXISTS (SELECT FROM fusion_repair_maintenance_visit v
                    WHERE v.technician_task_id = t.id)
UNION ALL
SELECT 'booked twice: ' || contract_id FROM fusion_repair_maintenance_visit
 WHERE state = 'scheduled' GROUP BY contract_id HAVING count(*) > 1
"""
# Neither booked, nor to be reminded another time, nor on the list of the office.
SILENT = """
SELECT c.id FROM fusion_repair_maintenance_contract c
 WHERE c.state = 'active'
   AND NOT EXISTS (SELECT FROM fusion_repair_maintenance_visit v
                    WHERE v.contract_id = c.id AND v.state = 'scheduled')
   AND NOT EXISTS (SELECT FROM mail_activity a WHERE a.active AND a.res_id = c.id
                      AND a.res_model = 'fusion.repair.maintenance.contract')
   AND NOT EXISTS (SELECT FROM unnest(%s) AS band
                    WHERE c.next_due_date - band > %s)
"""
TWICE = """
SELECT contract_id, cycle_due_date, band FROM fusion_repair_maintenance_reminder
 WHERE outcome <> 'withdrawn' GROUP BY 1, 2, 3 HAVING count(*) > 1
"""
SENT = """
SELECT r.email, count(*) FROM fusion_repair_maintenance_reminder r
 WHERE r.outcome = 'sent' GROUP BY 1
"""
SERVED = """
SELECT contract_id, cycle_due_date, service_date FROM fusion_repair_maintenance_visit
 WHERE state = 'done'
"""


class Watch:
    """What must hold at the end of every day."""

    def __init__(self, year):
        """Look at a year that is about to begin."""
        self.year, self.silent, self.worst = year, defaultdict(int), 0
        with year.environment() as env:
            self.bands = list(env.company._get_reminder_bands())

    def ask(self, query, *args):
        """Return the rows of a query."""
        with self.year.environment() as env:
            env.cr.execute(query, args)
            return env.cr.fetchall()

    def look(self, day):
        """Check the promises that hold at any time."""
        assert self.ask(OVERLAPPING) == [(0,)], f"{day}: booked double"
        assert not self.ask(IN_PART), f"{day}: in part"
        assert not self.ask(TWICE), f"{day}: reminded twice"
        silent = {contract_id for (contract_id,) in self.ask(SILENT, self.bands, day)}
        self.silent = {each: self.silent.get(each, 0) + 1 for each in silent}
        self.worst = max([self.worst, *self.silent.values()])
        lost = [each for each, days in self.silent.items() if days > LONGEST_SILENCE]
        assert not lost, f"{day}: contracts {lost} are lost"


@pytest.fixture(scope="module")
def watch(ready, open_database):
    """Yield the Watch over a year that has passed."""
    from odoo.sql_db import Cursor  # noqa: PLC0415
    from odoo.tools import config  # noqa: PLC0415

    instance.replace(ready, DATABASE)
    folder = server.mail_folder(DATABASE)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    catcher = fire.Catcher(ready, free_port(8735), folder)
    catcher.start()
    logging.getLogger("odoo").setLevel(logging.WARNING)
    began = time.process_time(), time.perf_counter()
    try:
        with (
            open_database(DATABASE) as registry,
            freeze_time(START) as clock,
            patch.object(Cursor, "now", lambda _cursor: clock()),
        ):
            config["smtp_server"], config["smtp_port"] = "127.0.0.1", catcher.port
            watch = Watch(Year(registry, clock, UNITS))
            for number in range(DAYS):
                day = START + timedelta(days=number)
                watch.year.pass_day(day)
                watch.look(day)
            yield watch
    finally:
        catcher.stop()
        used, took = time.process_time() - began[0], time.perf_counter() - began[1]
        say(f"the year took {took:.0f} s, {used:.0f} s of them in Python")


def test_a_year_in_which_everything_happened(watch, record_property):
    year = watch.year
    record_property("figures", f"{year.done}, {year.deaths} deaths")
    say(f"{year.done}, {year.deaths} jobs killed, silence {watch.worst} days at most")
    assert year.deaths > 10 and min(year.done.values()) > UNITS / 5, year.done


def test_every_unit_is_served_each_interval(watch):
    served = defaultdict(dict)
    for contract_id, due, day in watch.ask(SERVED):
        served[contract_id][due] = day
    end = START + timedelta(days=DAYS - LONGEST_DELAY)
    with watch.year.environment() as env:
        contracts = env["fusion.repair.maintenance.contract"].browse(
            watch.year.first_due
        )
        months = {contract.id: contract.interval_months for contract in contracts}
    assert len(served) > UNITS / 2
    for contract_id, due in watch.year.first_due.items():
        number = 0
        while due <= end:
            day = served[contract_id].get(due)
            assert day, f"contract {contract_id} was not served for {due}"
            assert (day - due).days <= LONGEST_DELAY, (contract_id, due, day)
            number += 1
            first = watch.year.first_due[contract_id]
            due = first + relativedelta(months=number * months[contract_id])


def test_each_reminder_arrived_once(watch):
    folder, arrived = server.mail_folder(DATABASE), defaultdict(set)
    for path in folder.glob("*.eml"):
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        unsubscribe = mail["list-unsubscribe"]
        if unsubscribe and "kind=" not in unsubscribe:
            arrived[parseaddr(mail["to"])[1]].add(mail["message-id"])
    sent = dict(watch.ask(SENT))
    assert sum(sent.values()) > UNITS
    assert {email: len(ids) for email, ids in arrived.items()} == sent
