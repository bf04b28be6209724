from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..exceptions import SlotTakenError
from .common import FusionCase, utc


@tagged("post_install", "-at_install", "fusion")
class TestCalendarMirrorDrag(FusionCase):
    """Dragging the event moves the task if that is legal, else it snaps back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.task = cls.book("2026-06-03 09:00")
        cls.event = cls.task.calendar_event_id

    def drag(self, start, end, user=None, **vals):
        """Write what the web calendar writes."""
        event = self.event.with_user(user or self.dispatcher)
        event.write({"start": utc(start), "stop": utc(end), "allday": False, **vals})

    def check_at(self, start, end):
        self.env.invalidate_all()
        times = utc(start), utc(end)
        self.assertEqual((self.task.date_start, self.task.date_end), times)
        self.assertEqual((self.event.start, self.event.stop), times)
        self.assertEqual(self.event.attendee_ids.mapped("state"), ["accepted"])
        self.assertEqual(self.task.calendar_event_id, self.event)

    def refuse(self, words, *drag, error=UserError):
        # The event is written first: that it stays is the request's own rollback.
        with self.refused(error, words):
            self.drag(*drag)

    def test_dispatcher_moves_and_resizes(self):
        self.drag("2026-06-04 13:15", "2026-06-04 14:15")
        self.check_at("2026-06-04 13:15", "2026-06-04 14:15")
        self.drag("2026-06-04 13:15", "2026-06-04 15:45")
        self.check_at("2026-06-04 13:15", "2026-06-04 15:45")
        self.assertEqual(self.task.duration, 2.5)

    def test_nobody_gets_a_mail(self):
        self.env.flush_all()
        mails = self.env["mail.mail"].sudo().search_count([])
        self.drag("2026-06-04 13:00", "2026-06-04 14:00")
        self.env.cr.flush()
        self.assertEqual(self.env["mail.mail"].sudo().search_count([]), mails)
        self.assertFalse(self.event.sudo().message_ids)

    def test_drive_is_planned_anew(self):
        self.book("2026-06-04 08:30", address_id=self.places["east"].id)
        self.drag("2026-06-04 10:30", "2026-06-04 11:30")
        self.assertGreater(self.task.travel_before, 20)

    def test_technicians_do_not_plan(self):
        drag = ("2026-06-04 13:00", "2026-06-04 14:00")
        self.refuse("up to the dispatchers", *drag, self.technician, error=AccessError)
        self.refuse("", *drag, self.colleague, error=AccessError)
        self.refuse("", *drag, self.reader, error=AccessError)

    def test_technician_who_dispatches_plans_their_own_day(self):
        group = self.env.ref("fusion_tasks.fusion_tasks_group_dispatcher")
        self.technician.group_ids = [Command.link(group.id)]
        self.drag("2026-06-04 13:00", "2026-06-04 14:00", self.technician)
        self.check_at("2026-06-04 13:00", "2026-06-04 14:00")

    def test_other_companies_are_none_of_our_business(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self.make_user(
            "fc_stranger",
            "dispatcher",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        with self.assertRaises(AccessError):
            self.drag("2026-06-04 13:00", "2026-06-04 14:00", stranger)

    def test_engine_refuses_with_the_reason(self):
        self.make_leave("2026-06-05 00:00", "2026-06-05 23:00", self.technician)
        self.make_event(self.technician, "2026-06-04 14:00", "2026-06-04 15:00")
        self.book("2026-06-04 10:00", address_id=self.places["east"].id)
        for words, start, end in (
            ("working hours", "2026-06-03 11:30", "2026-06-03 12:30"),
            ("working hours", "2026-06-03 19:00", "2026-06-03 20:00"),
            ("on leave", "2026-06-05 10:00", "2026-06-05 11:00"),
            ("busy", "2026-06-04 14:30", "2026-06-04 15:30"),
            ("next stop", "2026-06-04 09:00", "2026-06-04 09:55"),
            ("past", "2026-05-29 09:00", "2026-05-29 10:00"),
        ):
            with self.subTest(words=words, start=start):
                self.refuse(words, start, end)

    def test_constraint_refuses_an_overlap(self):
        self.book("2026-06-03 14:00")
        self.refuse(
            "another task",
            "2026-06-03 14:30",
            "2026-06-03 15:30",
            error=SlotTakenError,
        )

    def test_event_without_time_is_refused(self):
        self.refuse("some time", "2026-06-03 11:00", "2026-06-03 11:00")

    def test_whole_days_and_repetition_are_refused(self):
        for vals in (
            {"allday": True, "start_date": "2026-06-03", "stop_date": "2026-06-03"},
            {"recurrency": True, "rrule_type": "daily", "count": 3},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self.event.with_user(self.manager).sudo(False).write(vals)

    def test_work_that_was_done_stays(self):
        self.task.action_complete()
        self.refuse("task itself", "2026-06-04 13:00", "2026-06-04 14:00")

    def test_dispatcher_sees_that_the_event_can_be_dragged(self):
        for user, editable in ((self.dispatcher, True), (self.reader, False)):
            event = self.event.with_user(user)
            event.invalidate_recordset(["user_can_edit"])
            self.assertEqual(event.user_can_edit, editable)

    # Synchronised calendars: in the user's name, past their rights ------------------

    def sync(self, vals, user=None):
        user = user or self.technician
        self.event.with_user(user).sudo().with_context(dont_notify=True).write(vals)

    def test_sync_of_other_fields_passes(self):
        self.sync({"name": "Google's words", "location": "Here", "privacy": "public"})
        self.assertEqual(self.event.name, "Google's words")
        self.check_at("2026-06-03 09:00", "2026-06-03 10:00")

    def test_sync_of_the_same_times_passes(self):
        same = {"start": self.event.start, "stop": self.event.stop, "allday": False}
        self.sync({**same, "name": "Still the same"})
        self.assertEqual(self.event.name, "Still the same")

    def test_sync_of_times_goes_through_the_same_door(self):
        times = {"start": utc("2026-06-04 13:00"), "stop": utc("2026-06-04 14:00")}
        self.sync(times)
        self.check_at("2026-06-03 09:00", "2026-06-03 10:00")
        self.sync(times, self.dispatcher)
        self.check_at("2026-06-04 13:00", "2026-06-04 14:00")
        self.sync(
            {"start": utc("2026-06-06 13:00"), "stop": utc("2026-06-06 14:00")},
            self.dispatcher,
        )
        self.check_at("2026-06-04 13:00", "2026-06-04 14:00")

    def test_technician_whom_others_plan_for_at_this_moment(self):
        times = {"start": utc("2026-06-04 13:00"), "stop": utc("2026-06-04 14:00")}

        def busy(*_args):
            raise SlotTakenError(self.env._("Busy"))

        schedules = self.registry["fusion.technician.schedule"]
        with patch.object(schedules, "_queue", busy):
            with self.assertRaises(SlotTakenError), self.env.cr.savepoint():
                self.drag("2026-06-04 13:00", "2026-06-04 14:00")
            # An error would stop the synchronisation for good.
            event = self.event.with_context(tracking_disable=False)
            event.with_user(self.dispatcher).sudo().write(times)
        self.check_at("2026-06-03 09:00", "2026-06-03 10:00")
        self.assertIn("Busy", self.task.message_ids[0].body)

    def test_sync_that_is_refused_says_so_in_the_chatter(self):
        times = {"start": utc("2026-06-04 13:00"), "stop": utc("2026-06-04 14:00")}
        event = self.event.with_context(tracking_disable=False)
        event.with_user(self.technician).sudo().write(times)
        line = self.task.message_ids[0].body
        self.assertIn("set back", line)
        self.assertIn("dispatchers", line)

    def test_sync_of_a_guest_or_a_decline_is_set_back(self):
        for vals in (
            {"partner_ids": [Command.link(self.client.id)]},
            {"show_as": "free"},
            {"active": False},
        ):
            self.sync(vals)
            self.assertTrue(self.task._is_event_in_step(), vals)

    def test_event_deleted_elsewhere_comes_back(self):
        self.event.with_user(self.technician).sudo().unlink()
        self.assertFalse(self.event.exists())
        self.assertTrue(self.task.calendar_event_id)
        self.assertTrue(self.task._is_event_in_step())

    def test_past_task_whose_event_is_synchronised_stays(self):
        with freeze_time("2026-06-10 12:00:00"):
            self.sync({"start": utc("2026-06-03 08:00")}, self.dispatcher)
            self.check_at("2026-06-03 09:00", "2026-06-03 10:00")

    def test_beside_another_task_only_as_long_as_it_is(self):
        self.task.allow_overlap = True
        self.book("2026-06-03 09:30", self.technician)
        self.drag("2026-06-03 09:15", "2026-06-03 10:15")
        self.assertTrue(self.task.allow_overlap)
        self.drag("2026-06-04 13:00", "2026-06-04 14:00")
        self.assertFalse(self.task.allow_overlap)

    def test_far_away_it_moves_with_its_technician(self):
        self.technician.x_fc_service_radius_km = 1
        self.drag("2026-06-04 13:00", "2026-06-04 14:00")
        self.check_at("2026-06-04 13:00", "2026-06-04 14:00")
        with self.refused(UserError, "Outside the technician's working hours"):
            self.drag("2026-06-04 19:00", "2026-06-04 20:00")

    def test_a_visit_cannot_be_declined(self):
        attendee = self.event.attendee_ids
        attendee.with_user(self.technician).do_decline()
        self.assertEqual(attendee.state, "accepted")
        attendee.with_user(self.technician).write({"state": "tentative"})
        self.assertEqual(attendee.state, "accepted")
        self.check_at("2026-06-03 09:00", "2026-06-03 10:00")
