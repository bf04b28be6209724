from datetime import date

from odoo import fields
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from .common import TORONTO, FusionCase, utc

VANCOUVER = "America/Vancouver"


@tagged("post_install", "-at_install", "fusion")
class TestScheduleVersions(FusionCase):
    """Which days of which technicians a change of a task makes others notice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.schedules = cls.env["fusion.technician.schedule"]

    def get_versions(self):
        """Return the versions by technician and day of June 2026."""
        self.env.cr.execute(
            "SELECT technician_id, day, version FROM fusion_technician_schedule"
        )
        names = {self.technician.id: "tech", self.colleague.id: "colleague"}
        return {
            (names[technician_id], day.day): version
            for technician_id, day, version in self.env.cr.fetchall()
            if technician_id in names
        }

    def check_raised(self, expected, step):
        """Expect a step to raise exactly these versions, each once."""
        before = self.get_versions()
        step()
        self.env.flush_all()
        after = self.get_versions()
        raised = {
            key: version - before.get(key, 0)
            for key, version in after.items()
            if version != before.get(key, 0)
        }
        self.assertEqual(raised, dict.fromkeys(expected, 1))

    def test_a_booking_raises_its_day_only(self):
        self.check_raised([("tech", 3)], lambda: self.book("2026-06-03 09:00"))
        self.check_raised([("tech", 4)], lambda: self.book("2026-06-04 09:00"))
        self.check_raised([("tech", 3)], lambda: self.book("2026-06-03 14:00"))

    def test_the_day_is_the_technicians_own(self):
        # In UTC this is the 4th.
        self.check_raised([("tech", 3)], lambda: self.book("2026-06-03 22:00"))
        self.technician.x_fc_resource_id.tz = VANCOUVER
        self.check_raised([("tech", 4)], lambda: self.book("2026-06-05 02:00"))

    def test_a_task_across_midnight_raises_both_days(self):
        days = [("tech", 3), ("tech", 4)]
        self.check_raised(days, lambda: self.book("2026-06-03 23:15", duration=1.25))
        self.check_raised(
            [("tech", 5)], lambda: self.book("2026-06-05 23:00", duration=1.0)
        )

    def test_a_task_of_days_raises_each(self):
        days = [("tech", day) for day in (3, 4, 5)]
        self.check_raised(days, lambda: self.book("2026-06-03 12:00", duration=48))

    def test_a_person_planned_in_two_zones_has_the_days_of_both(self):
        company = self.env["res.company"].create({"name": "Far West"})
        self.technician.company_ids = [Command.link(company.id)]
        self.env["resource.resource"].create(
            {
                "name": "Second hat",
                "user_id": self.technician.id,
                "company_id": company.id,
                "tz": VANCOUVER,
            }
        )
        days = [("tech", 3), ("tech", 4)]
        self.check_raised(days, lambda: self.book("2026-06-04 01:00"))

    def test_what_makes_a_technician_busier_raises_the_version(self):
        task = self.book("2026-06-04 09:00")
        other = self.colleague.id
        for expected, step in (
            (
                [("tech", 4)],
                lambda: task.write({"date_start": utc("2026-06-04 10:00")}),
            ),
            (
                [("tech", 4), ("tech", 5)],
                lambda: task.write({"date_start": utc("2026-06-05 10:00")}),
            ),
            (
                [("tech", 5), ("colleague", 5)],
                lambda: task.write({"technician_id": other}),
            ),
            ([("colleague", 5)], lambda: task.write({"latitude": 45.0})),
            ([], lambda: task.write({"description": "quiet"})),
            ([], task.action_start_travel),
            ([], task.action_complete),
        ):
            self.check_raised(expected, step)

    def test_a_dragged_event_raises_old_and_new_day(self):
        event = self.book("2026-06-03 09:00").calendar_event_id
        start, stop = utc("2026-06-04 13:00"), utc("2026-06-04 14:00")
        self.check_raised(
            [("tech", 3), ("tech", 4)],
            lambda: event.with_user(self.dispatcher).write(
                {"start": start, "stop": stop}
            ),
        )

    def test_pending_tasks_raise_nothing(self):
        self.check_raised(
            [],
            lambda: self.make_task(
                technician_id=self.technician.id, date_start=utc("2026-06-03 09:00")
            ),
        )

    def test_a_task_of_years_raises_a_years_days(self):
        spans = [
            (
                self.technician.id,
                utc("2026-06-03 09:00"),
                fields.Datetime.to_datetime("9999-12-31 23:00:00"),
            )
        ]
        self.assertEqual(len(self.schedules._get_days(spans)), 367)

    def test_past_days_are_forgotten(self):
        self.book("2026-06-03 09:00")
        self.book("2026-06-30 09:00")
        with freeze_time("2026-07-10 12:00:00"):
            self.schedules._gc_past_days()
        self.assertEqual(self.get_versions(), {("tech", 30): 1})
        self.assertEqual(self.schedules.search([]).mapped("day"), [date(2026, 6, 30)])

    # Turns -----------------------------------------------------------------------

    def get_locks(self):
        """Return how many locks of days this connection holds."""
        self.env.cr.execute(
            SQL(
                """
                SELECT count(*) FROM pg_locks
                 WHERE locktype = 'advisory' AND pid = pg_backend_pid()
                """
            )
        )
        return self.env.cr.fetchone()[0]

    def test_who_plans_holds_the_days_and_no_others(self):
        held = self.get_locks()
        self.book("2026-06-03 09:00")
        self.assertEqual(self.get_locks(), held + 1)
        self.book("2026-06-03 14:00")
        self.assertEqual(self.get_locks(), held + 1)
        task = self.book("2026-06-04 09:00")
        self.assertEqual(self.get_locks(), held + 2)
        task.write({"date_start": utc("2026-06-05 09:00")})
        self.assertEqual(self.get_locks(), held + 3)

    def test_what_was_written_is_not_lost_to_begin_anew(self):
        note = self.env["res.partner"].create({"name": "Written before"})
        start = utc("2026-06-03 09:00")
        held = self.get_locks()
        self.schedules._begin_in_turn([(self.technician.id, start, start)])
        self.assertTrue(note.exists())
        self.assertEqual(self.get_locks(), held + 1)

    def test_hours_that_are_none_are_refused_in_words(self):
        self.assertEqual(self.technician.tz, TORONTO)
        for duration in (float("inf"), float("nan"), 1e300):
            with (
                self.subTest(duration=duration),
                self.refused_before_writing(Exception, "hours at most"),
            ):
                self.book("2026-06-03 09:00", duration=duration)
