from datetime import date

from odoo.tests import tagged

from .common import FusionCase

WEDNESDAY = "2026-06-03"


@tagged("post_install", "-at_install", "fusion")
class TestAvailabilityBusy(FusionCase):
    """Which events of a technician's calendar take time, as a person would expect."""

    def meet(self, start="2026-06-03 10:00", end="2026-06-03 10:30", **vals):
        return self.make_event(self.technician, start, end, **vals)

    def is_ten_open(self, technician=None):
        return "10:00" in self.find_starts(WEDNESDAY, technician)

    def test_meeting_blocks_its_time_and_needs_no_travel(self):
        self.meet()
        starts = self.find_starts(WEDNESDAY)
        self.assertEqual(starts[:3], ["08:30", "09:00", "10:30"])

    def test_free_private_and_archived(self):
        event = self.meet(show_as="free")
        self.assertTrue(self.is_ten_open())
        event.show_as = "busy"
        event.privacy = "private"
        self.assertFalse(self.is_ten_open())
        event.active = False
        self.assertTrue(self.is_ten_open())

    def test_meetings_of_others_do_not_count(self):
        self.meet()
        self.assertTrue(self.is_ten_open(self.colleague))

    def test_an_invitation_takes_time_once_it_is_answered(self):
        event = self.make_event(
            self.dispatcher,
            "2026-06-03 10:00",
            "2026-06-03 11:00",
            partner_ids=[(6, 0, (self.dispatcher | self.technician).partner_id.ids)],
        )
        attendee = event.attendee_ids.filtered(
            lambda a: a.partner_id == self.technician.partner_id
        )
        for state, is_open in (
            ("needsAction", True),
            ("tentative", False),
            ("accepted", False),
            ("declined", True),
        ):
            attendee.state = state
            self.assertEqual(self.is_ten_open(), is_open, state)

    def test_ones_own_meeting_needs_no_answer(self):
        event = self.meet()
        event.attendee_ids.state = "needsAction"
        self.assertFalse(self.is_ten_open())

    def test_organiser_is_busy_if_nobody_attends_and_not_if_only_others_do(self):
        event = self.meet()
        event.with_context(no_mail_to_attendees=True).partner_ids = [(6, 0, [])]
        self.assertFalse(event.attendee_ids)
        self.assertFalse(self.is_ten_open())
        self.make_event(
            self.colleague,
            "2026-06-03 14:00",
            "2026-06-03 15:00",
            partner_ids=[(6, 0, self.dispatcher.partner_id.ids)],
        )
        self.assertIn("14:00", self.find_starts(WEDNESDAY, self.colleague))

    def test_all_day_event_takes_the_local_day(self):
        self.meet(
            "2026-06-03 08:00",
            "2026-06-04 18:00",
            allday=True,
            start_date=date(2026, 6, 3),
            stop_date=date(2026, 6, 4),
        )
        self.assertEqual(self.find_starts("2026-06-03"), [])
        self.assertEqual(self.find_starts("2026-06-04"), [])
        self.assertEqual(len(self.find_starts("2026-06-02")), 13)
        self.assertEqual(len(self.find_starts("2026-06-05")), 13)

    def test_recurring_meeting_counts_each_time(self):
        event = self.meet(
            recurrency=True,
            rrule_type="weekly",
            interval=1,
            count=3,
            end_type="count",
            wed=True,
            event_tz="America/Toronto",
        )
        self.assertEqual(len(event.recurrence_id.calendar_event_ids), 3)
        for day in ("2026-06-03", "2026-06-10", "2026-06-17"):
            self.assertNotIn("10:00", self.find_starts(day))

    def test_mirror_is_not_counted_twice(self):
        task = self.book("2026-06-03 10:00")
        self.assertFalse(self.is_ten_open())
        self.assertTrue("10:00" in self.find_starts(WEDNESDAY, exclude_task=task))

    def test_long_event_over_midnight(self):
        self.meet("2026-06-02 22:00", "2026-06-03 09:00")
        self.assertEqual(self.find_starts(WEDNESDAY)[0], "09:00")
