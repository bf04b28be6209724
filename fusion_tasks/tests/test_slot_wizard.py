from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from ..exceptions import SlotTakenError
from .common import FusionCase, utc


@tagged("post_install", "-at_install", "fusion")
class TestSlotWizard(FusionCase):
    """Finding a slot for a task, and putting it there."""

    def open_for(self, task):
        action = task.with_user(self.dispatcher).action_find_slot()
        return (
            self.env["fusion.task.slot.wizard"]
            .with_user(self.dispatcher)
            .browse(action["res_id"])
        )

    def test_lists_open_slots_in_date_order(self):
        wizard = self.open_for(self.make_task())
        starts = wizard.line_ids.mapped("start")
        self.assertEqual(starts, sorted(starts))
        self.assertTrue(starts)
        self.assertFalse(wizard.note)
        self.assertIn("America/Toronto", wizard.line_ids[0].local_start)

    def test_the_earliest_is_offered_and_marked_whatever_the_drive(self):
        """An hour of today, long before the notice that clients give."""
        with freeze_time("2026-06-01 14:10:00"):  # 10:10 in Toronto
            wizard = self.open_for(self.make_task())
            (line,) = wizard.line_ids.filtered("is_earliest")
            self.assertEqual(line, wizard.line_ids[0])
            self.assertEqual(line.start, utc("2026-06-01 10:30"))
            line.action_pick()
            self.assertEqual(wizard.task_id.date_start, line.start)

    def test_a_start_that_nobody_can_reach_any_more_is_not_offered(self):
        with freeze_time("2026-06-01 14:29:00"):  # a minute before 10:30
            wizard = self.open_for(self.make_task(address_id=self.places["far"].id))
            line = wizard.line_ids[0]
            drive = timedelta(minutes=line.travel_before)
            self.assertGreater(drive, timedelta(minutes=30))
            self.assertGreaterEqual(line.start - drive, fields.Datetime.now())

    def test_picking_schedules_the_task(self):
        task = self.make_task(duration=2.0)
        line = self.open_for(task).line_ids[3]
        line.action_pick()
        self.assertEqual(task.status, "scheduled")
        self.assertEqual(task.date_start, line.start)
        self.assertEqual(task.duration, 2.0)
        self.assertEqual(task.travel_before, line.travel_before)
        self.assertTrue(task.calendar_event_id)

    def test_scheduled_task_is_moved(self):
        task = self.book("2026-06-03 09:00")
        wizard = self.open_for(task)
        wizard.technician_ids = self.colleague
        wizard.action_search()
        self.assertEqual(wizard.line_ids.technician_id, self.colleague)
        wizard.line_ids[0].action_pick()
        self.assertEqual(task.technician_id, self.colleague)
        self.assertEqual(task.status, "scheduled")

    def test_slot_gone_meanwhile_is_refused_with_the_reason(self):
        task = self.make_task()
        line = self.open_for(task).line_ids[0]
        self.Task._create_booking(
            {"technician_id": line.technician_id.id, "date_start": line.start}
        )
        with self.refused(SlotTakenError, "another task"):
            line.action_pick()
        self.assertEqual(task.status, "pending")

    def test_none_open_says_why(self):
        self.make_leave("2026-06-01 00:00", "2026-07-30 00:00", self.technician)
        self.colleague.x_fc_service_radius_km = 5
        wizard = self.open_for(self.make_task(address_id=self.places["far"].id))
        self.assertFalse(wizard.line_ids)
        self.assertIn("on leave", wizard.note)
        self.assertIn("the limit is 5 km", wizard.note)

    def test_no_technician_says_so(self):
        (self.technician | self.colleague).x_fc_is_technician = False
        wizard = self.open_for(self.make_task())
        self.assertIn("No technician", wizard.note)

    def test_too_long_a_visit_says_so(self):
        wizard = self.open_for(self.make_task(duration=9.0))
        self.assertIn("working hours", wizard.note)

    def test_bad_questions(self):
        wizard = self.open_for(self.make_task())
        wizard.date_to = "2026-05-01"
        with self.assertRaises(UserError):
            wizard.action_search()
        task = self.book("2026-06-03 09:00")
        task.action_complete()
        with self.assertRaises(UserError):
            self.open_for(task)

    def test_duration_can_be_tried_in_the_wizard(self):
        task = self.make_task()
        wizard = self.open_for(task)
        wizard.duration = 3.0
        wizard.action_search()
        wizard.line_ids[0].action_pick()
        self.assertEqual(task.duration, 3.0)
        self.assertNotEqual(task.date_start, utc("2026-06-02 11:00"))

    def test_chosen_without_the_skill_is_named(self):
        colleague, technician = self.colleague, self.technician
        self.patch(
            type(self.env["fusion.technician.task"]),
            "_get_slot_technicians",
            lambda self: colleague,
        )
        wizard = self.open_for(self.make_task())
        wizard.technician_ids = technician + colleague
        wizard.action_search()
        self.assertEqual(wizard.line_ids.technician_id, colleague)
        self.assertIn("lacks the skill", wizard.note)
        wizard.technician_ids = technician
        wizard.action_search()
        self.assertFalse(wizard.line_ids)
        self.assertIn("lacks the skill", wizard.note)
        self.assertNotIn("No technician of the company", wizard.note)

    def test_work_that_has_begun_meanwhile_stays(self):
        task = self.book("2026-06-03 09:00")
        for action in ("start_travel", "start", "complete"):
            line = self.open_for(self.make_task()).line_ids[0]
            line.wizard_id.task_id = task
            getattr(task, f"action_{action}")()
            with self.assertRaisesRegex(UserError, "to be scheduled or moved"):
                line.action_pick()

    def test_technician_who_lost_the_skill_meanwhile(self):
        task = self.make_task()
        line = self.open_for(task).line_ids[0]
        none = self.env["res.users"]
        with (
            patch.object(type(self.Task), "_get_slot_technicians", lambda _s: none),
            self.assertRaisesRegex(UserError, "lacks the skill"),
        ):
            line.action_pick()

    def test_put_on_a_free_time_it_stands_beside_nothing(self):
        self.book("2026-06-03 09:00")
        task = self.book("2026-06-03 09:00", allow_overlap=True)
        self.open_for(task).line_ids[0].action_pick()
        self.assertFalse(task.allow_overlap)
