from odoo.tests import tagged

from .common import FusionCase, utc


@tagged("post_install", "-at_install", "fusion")
class TestTaskHistory(FusionCase):
    """The chatter says in words who planned whom, from when to when."""

    def make(self, **vals):
        tasks = self.Task.with_user(self.dispatcher)
        task = tasks.with_context(tracking_disable=False).create(
            {"partner_id": self.client.id, **vals}
        )
        # Odoo tracks nothing in the transaction that creates a record.
        self.env.cr.flush()
        return task

    def get_line(self, task):
        self.env.cr.flush()
        self.env.invalidate_all()
        return str(task.message_ids[0].body)

    def test_who_scheduled_moved_reassigned_and_took_off(self):
        task = self.make()
        task.write(
            {
                "technician_id": self.technician.id,
                "date_start": utc("2026-06-03 09:00"),
                "status": "scheduled",
            }
        )
        who = self.dispatcher.name
        line = self.get_line(task)
        self.assertIn(f"Scheduled by {who}: {self.technician.name}, Wed 3 Jun", line)
        self.assertIn("09:00–10:00", line)
        task.date_start = utc("2026-06-04 13:30")
        line = self.get_line(task)
        self.assertIn(f"Moved by {who}", line)
        self.assertIn("from Wed 3 Jun, 09:00–10:00 to Thu 4 Jun, 13:30–14:30", line)
        task.technician_id = self.colleague
        line = self.get_line(task)
        self.assertIn(f"Reassigned by {who}: from {self.technician.name}", line)
        self.assertIn(f"to {self.colleague.name}", line)
        count = len(task.message_ids)
        task.duration = 2.0
        self.assertIn("13:30–15:30", self.get_line(task))
        self.assertEqual(len(task.message_ids), count + 1)
        task.action_unschedule()
        self.assertIn(f"Unscheduled by {who}", self.get_line(task))

    def test_booked_at_once(self):
        task = self.make(
            technician_id=self.technician.id,
            date_start=utc("2026-06-03 09:00"),
            status="scheduled",
        )
        self.assertIn("Scheduled by", self.get_line(task))

    def test_nothing_to_say_for_what_changes_no_plan(self):
        task = self.make(
            technician_id=self.technician.id,
            date_start=utc("2026-06-03 09:00"),
            status="scheduled",
        )
        task.action_start_travel()
        self.assertNotIn("by", self.get_line(task))
        count = len(task.message_ids)
        task.date_start = task.date_start
        self.env.cr.flush()
        self.assertEqual(len(task.message_ids), count)
