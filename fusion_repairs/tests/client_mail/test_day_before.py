from datetime import timedelta
from unittest.mock import patch

import pytz
from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .message_case import MessageCase

VISIT = "fusion.repair.maintenance.visit"


@tagged("post_install", "-at_install", "fusion")
class TestDayBefore(MessageCase):
    """One mail on the local day before, to those who want it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "x_fc_mail_day_before": True,
                "x_fc_mail_day_before_hour": 10.0,
                "x_fc_mail_day_before_quiet_hours": 12,
            }
        )

    def setUp(self):
        super().setUp()
        self.visit = self.book(self.contract)
        self.move(self.visit, self.free_start(self.visit, -1))
        self.deliver()
        self.visit.client_message_ids.due_at = fields.Datetime.now()

    def at(self, days, hour, minute=0):
        """Return a local moment so many days from the visit, as naive UTC."""
        zone = pytz.timezone("America/Toronto")
        start = pytz.utc.localize(self.visit.visit_date).astimezone(zone)
        day = start.replace(tzinfo=None) + timedelta(days=days)
        local = zone.localize(day.replace(hour=hour, minute=minute))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    def run_at(self, moment):
        """Run the job at a moment; return the mails it queued."""
        self.env.flush_all()
        with freeze_time(moment), self.enter_registry_test_mode():
            job = self.env.ref("fusion_repairs.ir_cron_tell_day_before")
            job.method_direct_trigger()
        self.env.invalidate_all()
        rows = self.visit.client_message_ids.filtered(
            lambda row: row.kind == "day_before"
        )
        return rows.sorted("id")

    def test_from_the_hour_on_and_once(self):
        for moment in (self.at(-2, 23), self.at(-1, 9, 59)):
            self.assertFalse(self.run_at(moment))
        (row,) = self.run_at(self.at(-1, 10))
        self.assertEqual(row.state, "queued")
        mail = self.read_mail(row.mail_id)
        self.assertIn("Tomorrow", mail["subject"])
        self.assertIn(self.say(self.visit), mail["text"])
        self.assertIn("/opt-out/", mail["html"])
        self.assertIn(self.company.phone, mail["text"])
        self.assertIn("One-Click", row.mail_id.headers)
        self.assertIn("?kind=appointment>", row.mail_id.headers)
        self.assertEqual(self.run_at(self.at(-1, 11)), row)

    def test_a_missed_hour_is_made_up_for_on_that_day_only(self):
        self.assertFalse(self.run_at(self.at(0, 0, 1)))
        self.assertTrue(self.run_at(self.at(-1, 23, 30)))

    def test_not_soon_after_the_booking(self):
        self.visit.client_message_ids.due_at = self.at(-1, 9)
        self.assertFalse(self.run_at(self.at(-1, 23)))
        self.visit.client_message_ids.due_at = self.at(-2, 21)
        self.assertTrue(self.run_at(self.at(-1, 23)))

    def test_who_wants_no_notices_gets_none(self):
        self.client.x_fc_appointment_opt_out = True
        self.assertFalse(self.run_at(self.at(-1, 12)))

    def test_switched_off(self):
        self.company.x_fc_mail_day_before = False
        self.assertFalse(self.run_at(self.at(-1, 12)))

    def test_only_what_is_still_to_come(self):
        self.visit.technician_task_id.action_unschedule()
        self.assertFalse(self.run_at(self.at(-1, 12)))
        self.visit.action_cancel()
        self.assertFalse(self.run_at(self.at(-1, 12)))

    def test_a_moved_visit_has_a_day_before_of_its_own(self):
        self.assertEqual(len(self.run_at(self.at(-1, 10))), 1)
        start = self.visit.visit_date
        self.move(self.visit, start + timedelta(days=7))
        first = self.visit.client_message_ids.filtered(
            lambda row: row.kind == "day_before"
        )
        self.assertEqual(first.state, "replaced", "it spoke of the old day")
        self.assertEqual(len(self.run_at(self.at(-1, 10))), 2)

    def test_what_is_no_change_is_not_mailed_again(self):
        (row,) = self.run_at(self.at(-1, 10))
        task = self.visit.technician_task_id
        version = self.visit.ics_sequence
        # As a form or a board saves again what stands there already.
        names = ("date_start", "duration", "technician_id")
        task.write(
            {
                name: task._fields[name].convert_to_write(task[name], task)
                for name in names
            }
        )
        self.assertEqual(self.visit.ics_sequence, version)
        self.assertEqual(self.run_at(self.at(-1, 11)), row)
        # Another technician at the same time is no news either.
        task.write({"technician_id": self.technician_2.id, "allow_overlap": True})
        self.assertGreater(self.visit.ics_sequence, version)
        self.assertEqual(self.run_at(self.at(-1, 12)), row)

    def test_one_failure_stops_nobody(self):
        other = self.book(self.make_contract())
        other.technician_task_id.write(
            {
                "allow_overlap": True,
                "technician_id": self.visit.technician_id.id,
                "date_start": self.visit.visit_date,
            }
        )
        other.client_message_ids.due_at = fields.Datetime.now()
        real = self.registry[VISIT]._get_mail_name

        def failing(visit):
            if visit == self.visit:
                raise ValueError("poisoned")
            return real(visit)

        logger = "odoo.addons.fusion_repairs.tools.savepoints"
        with (
            patch.object(self.registry[VISIT], "_get_mail_name", failing),
            self.assertLogs(logger, "ERROR"),
        ):
            rows = self.run_at(self.at(-1, 12))
        self.assertEqual(rows.state, "failed")
        kinds = [row.kind for row in other.client_message_ids]
        self.assertIn("day_before", kinds)

    def test_the_hour_counts_where_the_visit_is(self):
        self.visit.technician_id.x_fc_resource_id.tz = "America/Los_Angeles"
        self.assertFalse(self.run_at(self.at(-1, 12)), "it is nine there")
        self.assertTrue(self.run_at(self.at(-1, 13)))
