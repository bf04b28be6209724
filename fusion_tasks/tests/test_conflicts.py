from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import FusionCase, utc


@tagged("post_install", "-at_install", "fusion")
class TestConflicts(FusionCase):
    """Whatever changes after a booking: kept, flagged, told, and taken back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.task = cls.book("2026-06-03 09:00")
        cls.env.cr.flush()

    def get_activities(self, task=None):
        kind = self.env.ref("fusion_tasks.mail_activity_type_conflict")
        activities = (task or self.task).activity_ids
        return activities.filtered(lambda a: a.activity_type_id == kind)

    def check(self, reason, task=None):
        task = task or self.task
        self.env.cr.flush()
        self.env.invalidate_all()
        self.assertEqual(task.conflict_reason, reason)
        self.assertEqual(task.status, "scheduled")
        self.assertEqual(bool(task.conflict), bool(reason))
        self.assertEqual(len(self.get_activities(task)), 1 if reason else 0)
        found = self.Task.search([("has_conflict", "=", True)])
        self.assertEqual(task in found, bool(reason))

    def test_archived_technician_keeps_the_visits(self):
        self.technician.active = False
        self.check("technician")
        self.assertEqual(self.task.technician_id, self.technician)
        self.assertTrue(self.task.calendar_event_id.exists())
        self.technician.active = True
        self.check(False)

    def test_technician_no_longer_one(self):
        self.technician.x_fc_is_technician = False
        self.check("technician")
        self.technician.x_fc_is_technician = True
        self.check(False)

    def test_technician_of_another_company_now(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.technician.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        self.check("technician")

    def test_leave_added_moved_and_deleted(self):
        leave = self.make_leave("2026-06-03 00:00", "2026-06-04 00:00", self.technician)
        self.check("day_off")
        leave.write(
            {"date_from": utc("2026-06-04 00:00"), "date_to": utc("2026-06-05 00:00")}
        )
        self.check(False)
        leave.date_from = utc("2026-06-03 09:30")
        self.check("hours")
        leave.unlink()
        self.check(False)

    def test_public_holiday_hits_everybody(self):
        other = self.book("2026-06-03 14:00", self.colleague)
        fine = self.book("2026-06-04 14:00", self.colleague)
        holiday = self.make_leave("2026-06-03 00:00", "2026-06-04 00:00")
        self.check("day_off")
        self.check("day_off", other)
        self.check(False, fine)
        holiday.unlink()
        self.check(False, other)

    def test_hours_change_row_by_row(self):
        morning = self.calendar.attendance_ids.filtered(
            lambda row: row.dayofweek == "2" and row.day_period == "morning"
        )
        morning.hour_from = 9.5
        self.check("hours")
        morning.hour_from = 8.0
        self.check(False)
        morning.unlink()
        self.check("hours")
        self.calendar.attendance_ids = [
            Command.create(
                {"name": "x", "dayofweek": "2", "hour_from": 8, "hour_to": 12}
            )
        ]
        self.check(False)

    def test_other_schedule_other_zone_no_schedule(self):
        resource = self.technician.x_fc_resource_id
        resource.calendar_id = self.make_calendar("Late", [(2, 14.0, 18.0)])
        self.check("hours")
        resource.calendar_id = self.calendar
        self.check(False)
        self.technician.x_fc_working_tz = "America/Vancouver"
        self.check("hours")
        self.technician.x_fc_working_tz = "America/Toronto"
        self.check(False)
        resource.calendar_id = False
        self.check("day_off")
        self.assertIn("no working hours", self.task.conflict)

    def test_meeting_lands_moves_and_is_declined(self):
        meeting = self.make_event(
            self.technician, "2026-06-03 09:30", "2026-06-03 10:30"
        )
        self.check("busy")
        meeting.write(
            {"start": utc("2026-06-03 11:00"), "stop": utc("2026-06-03 11:30")}
        )
        self.check(False)
        meeting.write(
            {"start": utc("2026-06-03 09:00"), "stop": utc("2026-06-03 11:30")}
        )
        self.check("busy")
        meeting.attendee_ids.do_decline()
        self.check(False)
        meeting.attendee_ids.do_accept()
        self.check("busy")
        meeting.unlink()
        self.check(False)

    def test_planned_against_the_hours_by_the_dispatcher(self):
        task = self.task.with_user(self.dispatcher)
        task.date_start = utc("2026-06-06 09:00")
        self.check("day_off")
        task.date_start = utc("2026-06-05 18:00")
        self.check("hours")
        task.date_start = utc("2026-06-05 09:00")
        self.check(False)

    def test_neighbour_leaves_too_little_time_to_drive(self):
        late = self.book("2026-06-03 10:00", address_id=self.places["east"].id)
        self.check("travel")
        self.check("travel", late)
        late.date_start = utc("2026-06-03 14:00")
        self.check(False)
        self.check(False, late)
        late.date_start = utc("2026-06-03 10:00")
        self.check("travel")
        late.action_cancel()
        self.check(False)
        self.assertFalse(late.conflict_reason)

    def test_what_stands_beside_is_meant(self):
        beside = self.book("2026-06-03 09:30", allow_overlap=True)
        self.check(False)
        self.check(False, beside)

    def test_area_gets_smaller(self):
        self.technician.x_fc_service_radius_km = 1
        self.check("radius")
        self.technician.x_fc_service_radius_km = 0
        self.check(False)

    def test_whoever_planned_it_is_asked_to_find_another_slot(self):
        values = {"technician_id": self.colleague.id, "partner_id": self.client.id}
        task = self.Task.with_user(self.dispatcher).create(values)
        task.write({"date_start": utc("2026-06-03 09:00"), "status": "scheduled"})
        self.colleague.active = False
        self.check("technician", task)
        activity = self.get_activities(task)
        self.assertEqual(activity.user_id, self.dispatcher)
        self.assertIn("archived", activity.note)
        self.technician.active = False
        self.check("technician")
        # Booked by the system: a dispatcher rather than a manager.
        self.assertEqual(self.get_activities().user_id, self.dispatcher)

    def test_one_activity_that_is_not_nagged_again(self):
        self.technician.active = False
        self.check("technician")
        self.get_activities().action_done()
        self.Task.search([])._recheck_conflicts()
        self.assertEqual(self.task.conflict_reason, "technician")
        self.assertFalse(self.get_activities())

    def test_reason_that_changes_is_told_in_the_same_activity(self):
        self.make_event(self.technician, "2026-06-03 09:30", "2026-06-03 10:30")
        self.check("busy")
        activity = self.get_activities()
        self.technician.active = False
        self.check("technician")
        self.assertEqual(self.get_activities(), activity)
        self.assertIn("archived", activity.note)

    def test_nobody_gets_a_mail_and_the_chatter_knows(self):
        mails = self.env["mail.mail"].sudo().search_count([])
        self.technician.with_context(tracking_disable=False).active = False
        self.check("technician")
        self.assertIn("is archived", self.task.message_ids[0].body)
        self.assertEqual(self.env["mail.mail"].sudo().search_count([]), mails)

    def test_closed_tasks_lose_the_flag(self):
        self.technician.active = False
        self.check("technician")
        self.task.action_cancel()
        self.assertFalse(self.task.conflict_reason)
        self.assertFalse(self.get_activities())

    def test_another_slot_settles_it(self):
        self.make_leave("2026-06-03 00:00", "2026-06-04 00:00", self.technician)
        self.check("day_off")
        action = self.task.with_user(self.dispatcher).action_find_slot()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard.with_user(self.dispatcher).line_ids[0].action_pick()
        self.check(False)

    def test_several_tasks_one_by_one(self):
        others = [self.book(f"2026-06-03 {clock}") for clock in ("13:00", "15:00")]
        tasks = self.task.union(*others).with_user(self.dispatcher)
        self.technician.active = False
        self.env.cr.flush()
        action = tasks.action_find_slots()
        wizards = self.env["fusion.task.slot.wizard"].with_user(self.dispatcher)
        for task, count in zip(tasks, (2, 1, 0), strict=True):
            wizard = wizards.browse(action["res_id"])
            self.assertEqual((wizard.task_id, wizard.queue_count), (task, count))
            skip = task == tasks[1]
            action = wizard.action_next() if skip else wizard.line_ids[0].action_pick()
        self.assertEqual(action["type"], "ir.actions.act_window_close")
        self.assertEqual(self.Task.search([("has_conflict", "=", True)]), tasks[1])
        self.task.action_complete()
        with self.refused(UserError, "none of these"):
            self.task.with_user(self.dispatcher).action_find_slots()

    def test_at_night_what_nothing_noticed_is_found(self):
        self.env.cr.execute(
            "UPDATE res_users SET active = FALSE WHERE id = %s", [self.technician.id]
        )
        self.env.invalidate_all()
        self.assertFalse(self.task.conflict_reason)
        cron = self.env.ref("fusion_tasks.ir_cron_recheck_conflicts")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.check("technician")
        with freeze_time("2026-06-04 12:00:00"), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.task.conflict_reason, "missed")

    def test_meetings_of_others_and_mirrors_ask_nothing(self):
        pending = self.env.cr.precommit.data
        self.make_event(self.dispatcher, "2026-06-03 09:00", "2026-06-03 10:00")
        self.assertNotIn("fusion_tasks.recheck", pending)
        self.book("2026-06-08 09:00")
        self.env.flush_all()
        queries = self.env.cr.sql_log_count
        self.Task._recheck_noted()
        self.assertLessEqual(self.env.cr.sql_log_count - queries, 1)

    def test_constant_number_of_queries(self):
        def count():
            tasks = self.Task.search([("status", "=", "scheduled")])
            self.env.flush_all()
            self.env.invalidate_all()
            queries = self.env.cr.sql_log_count
            tasks._recheck_conflicts()
            return self.env.cr.sql_log_count - queries

        self.book("2026-06-03 09:00", self.colleague)
        count()
        few = count()
        for day in ("04", "05", "08", "09"):
            self.book(f"2026-06-{day} 09:00")
            self.book(f"2026-06-{day} 09:00", self.colleague)
        self.assertLessEqual(count(), few)

    def test_what_is_known_is_not_put_into_words_again(self):
        self.technician.active = False
        self.check("technician")
        availability = type(self.env["fusion.technician.availability"])
        with patch.object(availability, "_get_technician_refusal") as say:
            self.task._recheck_conflicts()
            self.assertFalse(say.called)
            self.task._get_conflicts()[self.task.id].words  # noqa: B018
            self.assertTrue(say.called)
