from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import FusionCase, utc


@tagged("post_install", "-at_install", "fusion")
class TestCalendarMirror(FusionCase):
    """One silent event on the technician's calendar for each live task."""

    def count_noise(self):
        return (
            self.env["mail.mail"].sudo().search_count([]),
            self.env["mail.message"].sudo().search_count([]),
        )

    def check_in_step(self, task):
        event = task.calendar_event_id
        self.assertEqual(
            (event.start, event.stop, event.user_id, event.partner_ids),
            (
                task.date_start,
                task.date_end,
                task.technician_id,
                task.technician_id.partner_id,
            ),
        )

    def test_scheduled_task_has_one_event(self):
        task = self.book("2026-06-03 09:00", task_type="maintenance")
        self.check_in_step(task)
        event = task.calendar_event_id
        self.assertEqual(event.name, "Maintenance – Client One")
        self.assertIn("1 Test Street", event.location)
        self.assertEqual(event.privacy, "private")
        self.assertEqual(event.attendee_ids.mapped("state"), ["accepted"])
        self.assertFalse(event.alarm_ids)

    def test_pending_task_has_none(self):
        task = self.make_task(
            technician_id=self.technician.id, date_start=utc("2026-06-03 09:00")
        )
        self.assertFalse(task.calendar_event_id)

    def test_event_follows_every_change_and_nobody_is_told(self):
        dispatcher = self.dispatcher
        task = self.book("2026-06-03 09:00").with_user(dispatcher)
        event = task.calendar_event_id
        noise = self.count_noise()
        task.date_start = utc("2026-06-04 10:00")
        self.check_in_step(task)
        task.duration = 2.5
        self.check_in_step(task)
        task.address_id = self.places["east"]
        self.check_in_step(task)
        self.assertEqual(event.sudo().attendee_ids.mapped("state"), ["accepted"])
        task.description = "Bring <b>the</b> rail"
        self.assertIn("&lt;b&gt;", event.sudo().description)
        task.task_type = "repair"
        self.assertIn("Repair", event.sudo().name)
        self.assertEqual(task.calendar_event_id, event)
        self.env.flush_all()
        self.assertEqual(self.count_noise(), noise)

    def test_reassigned_it_leaves_the_old_calendar(self):
        """An event that changed hands would stay on A's phone, by A's id."""
        task = self.book("2026-06-03 09:00").with_user(self.dispatcher)
        event = task.calendar_event_id.sudo()
        noise = self.count_noise()
        task.technician_id = self.colleague
        self.check_in_step(task)
        self.assertFalse(event.exists())
        new = task.calendar_event_id.sudo()
        self.assertEqual(new.attendee_ids.mapped("state"), ["accepted"])
        self.assertEqual(new.partner_ids, self.colleague.partner_id)
        self.env.flush_all()
        self.assertEqual(self.count_noise(), noise)

    def test_booking_mails_nobody(self):
        mails = self.count_noise()[0]
        task = self.book("2026-06-03 09:00")
        task.with_user(self.dispatcher).action_cancel()
        self.env.flush_all()
        self.assertEqual(self.count_noise()[0], mails)

    def test_cancelled_unscheduled_and_no_show_lose_the_event(self):
        for name in ("cancel", "unschedule", "no_show"):
            task = self.book("2026-06-03 09:00")
            event = task.calendar_event_id
            getattr(task.with_user(self.dispatcher), f"action_{name}")()
            self.assertFalse(event.exists())
            self.assertFalse(task.calendar_event_id)

    def test_technician_on_the_phone_keeps_it_in_step(self):
        task = self.book("2026-06-03 09:00")
        event = task.calendar_event_id
        task.with_user(self.technician).action_no_show()
        self.assertFalse(event.exists())

    def test_done_work_stays_as_history(self):
        task = self.book("2026-06-03 09:00")
        event = task.calendar_event_id
        task.action_complete()
        self.assertTrue(event.exists())
        task.action_reopen()
        self.assertFalse(event.exists())

    def test_deleted_task_takes_its_event_along(self):
        task = self.book("2026-06-03 09:00")
        event = task.calendar_event_id
        task.with_user(self.manager).unlink()
        self.assertFalse(event.exists())

    def test_copy_has_no_event(self):
        self.assertFalse(self.book("2026-06-03 09:00").copy().calendar_event_id)

    def test_event_is_not_reassigned_or_deleted_by_hand(self):
        task = self.book("2026-06-03 09:00")
        event = task.calendar_event_id
        for user in (self.technician, self.manager):
            by_hand = event.with_user(user)
            for vals in (
                {"active": False},
                {"user_id": self.colleague.id},
                {"partner_ids": [(4, self.client.id)]},
                {"show_as": "free"},
            ):
                with self.subTest(vals=vals), self.assertRaises(UserError):
                    by_hand.write(vals)
            with self.refused(UserError, "task itself"):
                by_hand.unlink()
        self.check_in_step(task)

    def test_other_things_of_the_event_may_change(self):
        event = self.book("2026-06-03 09:00").calendar_event_id
        event.with_user(self.technician).name = "My words"
        self.assertEqual(event.name, "My words")

    def test_ordinary_events_are_not_touched(self):
        """They move, change hands and go as ever, and no task moves with them."""
        task = self.book("2026-06-03 09:00")
        tasks = self.Task.search([])
        event = self.make_event(
            self.technician, "2026-06-04 09:00", "2026-06-04 10:00"
        ).with_user(self.technician)
        event.write({"start": utc("2026-06-04 08:00"), "stop": utc("2026-06-04 08:30")})
        self.assertEqual(
            (event.start, event.stop),
            (utc("2026-06-04 08:00"), utc("2026-06-04 08:30")),
        )
        event.write({"show_as": "free", "partner_ids": [(4, self.client.id)]})
        self.assertEqual(event.show_as, "free")
        guests = {guest.partner_id: guest.state for guest in event.sudo().attendee_ids}
        self.assertEqual(guests[self.client], "needsAction", "nobody accepts for them")
        event.unlink()
        self.assertFalse(event.exists())
        self.assertEqual(self.Task.search([]), tasks)
        self.assertEqual(task.date_start, utc("2026-06-03 09:00"))
        self.check_in_step(task)

    def test_colleagues_outside_field_service_read_their_calendar_as_ever(self):
        plain = self.make_user("fc_plain", None)
        self.book("2026-06-03 09:00")
        event = self.make_event(plain, "2026-06-03 09:00", "2026-06-03 10:00")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(event.with_user(plain).read())
        event.with_user(plain).write({"start": utc("2026-06-03 08:00")})
