from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.task.fusion_technician_task import LIVE_STATUSES
from ..models.task.fusion_technician_task_status import STATUS_TRANSITIONS
from .common import NOW, FusionCase, utc

STATUSES = (
    "pending", "scheduled", "en_route", "in_progress", "completed", "no_show",
    "cancelled",
)  # fmt: skip
LEGAL = {
    ("pending", "scheduled"),
    ("pending", "cancelled"),
    ("scheduled", "pending"),
    ("scheduled", "en_route"),
    ("scheduled", "in_progress"),
    ("scheduled", "completed"),
    ("scheduled", "no_show"),
    ("scheduled", "cancelled"),
    ("en_route", "pending"),
    ("en_route", "scheduled"),
    ("en_route", "in_progress"),
    ("en_route", "completed"),
    ("en_route", "no_show"),
    ("en_route", "cancelled"),
    ("in_progress", "scheduled"),
    ("in_progress", "completed"),
    ("in_progress", "no_show"),
    ("in_progress", "cancelled"),
    ("completed", "pending"),
    ("no_show", "pending"),
    ("cancelled", "pending"),
}


@tagged("post_install", "-at_install", "fusion")
class TestTaskStates(FusionCase):
    """Each change of status is legal from named states only."""

    def make_in(self, status):
        return self.make_task(
            status=status,
            technician_id=self.technician.id,
            date_start=utc("2026-06-03 09:00"),
        )

    def forget(self, task):
        """Free the technician's time, whatever the task's status."""
        task.sudo().calendar_event_id = False
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM fusion_technician_task WHERE id = %s", [task.id]
        )
        self.env.invalidate_all()

    def test_every_pair_is_legal_or_refused_with_a_sentence(self):
        for old in STATUSES:
            for new in STATUSES:
                if old == new:
                    continue
                task = self.make_in(old)
                with self.subTest(old=old, new=new):
                    if (old, new) in LEGAL:
                        task.status = new
                        self.assertEqual(task.status, new)
                    else:
                        with self.refused(UserError, "cannot become"):
                            task.status = new
                self.forget(task)

    def test_every_action_follows_the_same_table(self):
        for name, transition in STATUS_TRANSITIONS.items():
            for old in STATUSES:
                task = self.make_in(old)
                action = getattr(task, f"action_{name}")
                with self.subTest(action=name, old=old):
                    if old in transition.sources:
                        action()
                        self.assertEqual(task.status, transition.target)
                    else:
                        with self.assertRaises(UserError):
                            action()
                self.forget(task)

    def test_live_statuses_are_those_of_the_constraint(self):
        self.assertEqual(LIVE_STATUSES, ("scheduled", "en_route", "in_progress"))

    def test_hook_gets_only_what_changed_once_a_write(self):
        pending = self.make_in("pending")
        cancelled = self.make_in("cancelled")
        calls = []

        def hook(tasks, previous):
            calls.append((tasks, previous))

        with patch.object(type(self.Task), "_after_status_change", hook):
            (pending | cancelled).write({"status": "cancelled"})
            (pending | cancelled).write({"status": "cancelled"})
            pending.description = "quiet"
        self.assertEqual(calls, [(pending, {pending.id: "pending"})])

    def test_times_are_stamped_and_cleared(self):
        task = self.make_in("scheduled")
        task.action_start()
        self.assertEqual(str(task.actual_start), NOW)
        task.action_complete()
        self.assertEqual(str(task.actual_end), NOW)
        self.assertEqual(str(task.completed_at), NOW)
        task.action_reopen()
        self.assertFalse(task.actual_start or task.actual_end or task.completed_at)

    def test_an_explicit_time_wins_over_the_clock(self):
        task = self.make_in("in_progress")
        done = utc("2026-06-03 10:10")
        task.write({"status": "completed", "completed_at": done})
        self.assertEqual(task.completed_at, done)

    def test_scheduling_needs_a_technician_and_a_start(self):
        task = self.make_task()
        with self.refused(UserError, "technician"):
            task.action_schedule()
        task.technician_id = self.technician
        with self.refused(UserError, "start"):
            task.action_schedule()
        task.date_start = utc("2026-06-03 09:00")
        task.action_schedule()
        self.assertEqual(task.status, "scheduled")

    def test_technician_reports_but_does_not_plan(self):
        task = self.make_in("scheduled").with_user(self.technician)
        for action in (task.action_cancel, task.action_unschedule):
            with self.assertRaises(AccessError):
                action()
        task.action_start_travel()
        task.action_start()
        task.action_complete()
        self.assertEqual(task.status, "completed")
        self.assertTrue(task.actual_start and task.completed_at)
        with self.assertRaises(AccessError):
            task.action_reopen()

    def test_technician_leaves_a_colleagues_task_alone(self):
        task = self.make_in("scheduled").with_user(self.colleague)
        self.env.invalidate_all()
        for name in ("start_travel", "start", "complete", "no_show"):
            with self.assertRaises(AccessError):
                getattr(task, f"action_{name}")()

    def test_reader_changes_nothing(self):
        task = self.make_in("scheduled").with_user(self.reader)
        with self.assertRaises(AccessError):
            task.action_complete()

    def test_dispatcher_who_is_no_technician_reports_for_others(self):
        task = self.make_in("scheduled").with_user(self.dispatcher)
        task.action_no_show()
        task.action_reopen()
        self.assertEqual(task.status, "pending")

    def test_dispatcher_who_is_a_technician_too_may_do_both(self):
        self.dispatcher.x_fc_is_technician = True
        task = self.make_in("scheduled").with_user(self.dispatcher)
        task.action_start()
        task.action_cancel()
        self.assertEqual(task.status, "cancelled")

    def test_status_change_is_told_in_the_chatter(self):
        task = self.make_in("scheduled").with_context(tracking_disable=False)
        self.flush_tracking()
        task.action_start()
        self.flush_tracking()
        tracked = task.message_ids.sudo().tracking_value_ids
        self.assertIn("In progress", tracked.mapped("new_value_char"))

    def flush_tracking(self):
        self.env.flush_all()
        self.cr.flush()

    def test_work_begun_or_done_is_not_deleted(self):
        for status in ("in_progress", "completed"):
            with self.refused(UserError, "on record"):
                self.make_in(status).unlink()
        self.make_in("cancelled").unlink()
