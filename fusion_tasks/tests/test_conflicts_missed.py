from odoo.fields import Domain
from odoo.tests import freeze_time, tagged

from .common import FusionCase, utc

THURSDAY = "2026-06-04 12:00:00"


@tagged("post_install", "-at_install", "fusion")
class TestMissedConflicts(FusionCase):
    """Time settles no conflict: who was not visited still has to be."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.task = cls.book("2026-06-03 09:00").with_context(tracking_disable=False)
        cls.make_leave("2026-06-03 00:00", "2026-06-04 00:00", cls.technician)
        cls.env.cr.flush()

    def run_cron(self, now=THURSDAY):
        with freeze_time(now), self.enter_registry_test_mode():
            self.env.ref(
                "fusion_tasks.ir_cron_recheck_conflicts"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def get_activities(self):
        kind = self.env.ref("fusion_tasks.mail_activity_type_conflict")
        mine = Domain("res_model", "=", self.task._name)
        mine &= Domain("res_id", "=", self.task.id)
        return self.env["mail.activity"].search(
            mine & Domain("activity_type_id", "=", kind.id)
        )

    def count_lines(self, words):
        bodies = self.task.message_ids.mapped("body")
        return sum(words in body for body in bodies)

    def test_the_visit_stays_to_be_done(self):
        self.assertEqual(self.task.conflict_reason, "day_off")
        activity = self.get_activities()
        self.run_cron()
        self.assertEqual(self.task.conflict_reason, "missed")
        self.assertEqual(self.get_activities(), activity)
        self.assertIn("The visit was missed", activity.note)
        self.assertIn("Day off or leave", activity.note)
        self.assertFalse(self.count_lines("is settled"))

    def test_it_is_said_once(self):
        for day in ("04", "05", "06"):
            self.run_cron(f"2026-06-{day} 12:00:00")
        # The night speaks in its own context, which logs lines.
        self.assertEqual(self.count_lines("The visit was missed"), 1)

    def test_while_it_may_still_be_served_nothing_is_said(self):
        self.run_cron("2026-06-03 13:30:00")
        self.assertEqual(self.task.conflict_reason, "day_off")
        self.assertTrue(self.get_activities())
        with freeze_time("2026-06-03 13:40:00"):
            self.task.action_start()
        self.run_cron()
        self.assertEqual(self.task.conflict_reason, "day_off")
        self.assertFalse(self.count_lines("The visit was missed"))

    def test_closed_or_moved_it_is_settled(self):
        self.run_cron()
        with freeze_time(THURSDAY):
            self.task.date_start = utc("2026-06-05 09:00")
        self.assertFalse(self.task.conflict_reason)
        self.assertFalse(self.get_activities())
        self.assertEqual(self.count_lines("is settled"), 1)

    def test_done_after_all(self):
        self.run_cron()
        with freeze_time(THURSDAY):
            self.task.action_complete()
        self.assertFalse(self.task.conflict_reason)
        self.assertFalse(self.get_activities())

    def test_who_has_done_with_it_is_not_asked_again(self):
        self.get_activities().action_done()
        self.run_cron()
        self.assertEqual(self.task.conflict_reason, "missed")
        self.assertFalse(self.get_activities())
