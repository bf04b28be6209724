from odoo.tests import freeze_time, tagged

from .common import FusionCase


@tagged("post_install", "-at_install", "fusion")
class TestTaskConflict(FusionCase):
    """What changes after a booking keeps the visit, and flags it."""

    def check(self, task, words):
        self.env.cr.flush()
        self.env.invalidate_all()
        self.assertIn(words, task.conflict or "no conflict")
        self.assertEqual(task.status, "scheduled")
        found = self.Task.search([("has_conflict", "=", True)])
        self.assertEqual(task in found, words != "no conflict")
        fine = self.Task.search([("has_conflict", "=", False), ("id", "=", task.id)])
        self.assertEqual(task in fine, words == "no conflict")

    def test_booked_as_offered_is_fine(self):
        self.check(self.book("2026-06-03 09:00"), "no conflict")

    def test_hand_picked_minute_is_fine(self):
        self.check(self.book("2026-06-03 09:07"), "no conflict")

    def test_technician_archived_or_no_longer_one(self):
        task = self.book("2026-06-03 09:00")
        self.technician.x_fc_is_technician = False
        self.check(task, "not a technician")
        self.technician.active = False
        self.check(task, "archived")

    def test_leave_and_holiday_added(self):
        task = self.book("2026-06-03 09:00")
        self.make_leave("2026-06-03 00:00", "2026-06-03 23:59", self.technician)
        self.check(task, "does not work on that day")
        other = self.book("2026-06-04 09:00")
        self.make_leave("2026-06-04 09:30", "2026-06-04 12:00")
        self.check(other, "working hours")

    def test_hours_changed(self):
        task = self.book("2026-06-03 15:00")
        self.technician.x_fc_resource_id.calendar_id = self.make_calendar(
            "Mornings", [(day, 8.0, 12.0) for day in range(5)]
        )
        self.check(task, "Outside the technician's working hours")

    def test_meeting_accepted(self):
        task = self.book("2026-06-03 09:00")
        self.make_event(self.technician, "2026-06-03 09:30", "2026-06-03 10:30")
        self.check(task, "calendar is busy")

    def test_too_little_time_to_drive(self):
        task = self.book("2026-06-03 09:00")
        self.book("2026-06-03 10:00", address_id=self.places["east"].id)
        self.check(task, "next stop")

    def test_allowed_overlap_is_meant(self):
        self.book("2026-06-03 09:00")
        task = self.book("2026-06-03 09:30", allow_overlap=True)
        self.check(task, "no conflict")

    def test_what_is_past_or_closed_is_left_alone(self):
        task = self.book("2026-06-03 09:00")
        self.technician.x_fc_is_technician = False
        with freeze_time("2026-06-04 12:00:00"):
            self.check(task, "no conflict")
        task.action_cancel()
        self.assertFalse(task.conflict)

    def test_task_of_the_far_future_does_not_stop_the_list(self):
        task = self.book("2026-06-03 09:00")
        self.book("2999-06-03 09:00")
        self.check(task, "no conflict")

    def test_constant_number_of_queries(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.Task.search([("has_conflict", "=", True)])
            return self.env.cr.sql_log_count - before

        self.book("2026-06-03 09:00")
        count()
        few = count()
        for day in ("04", "05", "08", "09"):
            self.book(f"2026-06-{day} 09:00")
            self.book(f"2026-06-{day} 09:00", self.colleague)
        self.assertLessEqual(count(), few)
