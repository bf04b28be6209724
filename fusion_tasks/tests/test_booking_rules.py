from datetime import date, timedelta

from odoo.tests import tagged

from .common import PLACES, FusionCase, utc

NEAR = PLACES["near"]


@tagged("post_install", "-at_install", "fusion")
class TestBookingRules(FusionCase):
    """The questions that other addons ask agree with one another."""

    def find(self, technicians=None):
        return self.Task._find_open_slots(
            technicians or self.technician | self.colleague,
            date(2026, 6, 2),
            date(2026, 6, 8),
            1.0,
            *NEAR,
        )

    def test_slots_are_in_start_order_and_tell_their_travel(self):
        self.book("2026-06-03 10:00", address_id=self.places["east"].id)
        slots = self.find()
        self.assertEqual(slots, sorted(slots, key=lambda slot: (slot[1], slot[0])))
        by_key = {slot[:2]: slot for slot in slots}
        slot = by_key[self.technician.id, utc("2026-06-03 08:30")]
        self.assertEqual(slot.end, utc("2026-06-03 09:30"))
        self.assertGreater(slot.travel_after, 20)
        self.assertEqual(by_key[self.colleague.id, slot.start].travel_after, 0)

    def test_what_is_found_is_open_and_explained_as_such(self):
        self.book("2026-06-03 10:00")
        for slot in self.find()[::7]:
            technician = self.env["res.users"].browse(slot.technician_id)
            self.assertFalse(
                self.Task._explain_slot(technician, slot.start, 1.0, *NEAR)
            )

    def test_what_is_not_found_is_refused_with_words(self):
        self.book("2026-06-03 10:00")
        found = {slot.start for slot in self.find(self.technician)}
        start = utc("2026-06-03 00:00")
        while start < utc("2026-06-04 00:00"):
            reason = self.Task._explain_slot(self.technician, start, 1.0, *NEAR)
            self.assertEqual(not reason, start in found, start)
            start += timedelta(minutes=15)

    def test_short_list_is_in_date_order_over_several_days(self):
        short = self.Task._rank_slots(self.find())
        self.assertEqual(short, sorted(short, key=lambda slot: slot.start))
        self.assertEqual(len(short), 12)
        days = [slot.start.date() for slot in short]
        self.assertGreaterEqual(len(set(days)), 4)
        self.assertLessEqual(max(days.count(day) for day in days), 3)
        self.assertEqual(self.Task._rank_slots([]), [])
        self.assertEqual(len(self.Task._rank_slots(self.find(), 5, 1)), 5)

    def test_search_and_short_list_in_one_go(self):
        self.book("2026-06-03 10:00")
        self.book("2026-06-03 13:00", self.colleague)
        self.colleague.x_fc_working_tz = "America/Vancouver"
        crew = self.technician | self.colleague
        args = (crew, date(2026, 6, 2), date(2026, 6, 9), 1.0, *NEAR)
        for limit, per_day in ((12, 3), (48, 8), (3, 1)):
            found = self.Task._find_open_slots(*args)
            ranked = self.Task._rank_slots(found, limit, per_day)
            short, zones = self.Task._find_short_list(
                *args, limit=limit, per_day=per_day
            )
            self.assertTrue(short)
            self.assertEqual(short, ranked)
            self.assertEqual(
                zones,
                {
                    self.technician.id: "America/Toronto",
                    self.colleague.id: "America/Vancouver",
                },
            )
        self.assertEqual(self.Task._find_short_list(crew[:0], *args[1:]), ([], {}))

    def test_days_of_the_short_list_are_local(self):
        # From 17:00 in Vancouver on it is the next day in UTC.
        self.technician.x_fc_working_tz = "America/Vancouver"
        self.technician.x_fc_resource_id.calendar_id = self.make_calendar(
            "Late", [(2, 14.0, 22.0)]
        )
        short = self.Task._rank_slots(self.find(self.technician), per_day=2)
        self.assertEqual(len(short), 2)

    def test_gaps_of_a_day(self):
        self.book("2026-06-03 10:00")
        day = date(2026, 6, 3)
        gaps = self.Task._get_available_gaps(self.technician.id, day)
        spans = (("08:00", "10:00"), ("11:00", "12:00"), ("13:00", "17:00"))
        self.assertEqual(
            gaps,
            [(utc(f"2026-06-03 {a}"), utc(f"2026-06-03 {b}")) for a, b in spans],
        )
        gaps = self.Task._get_available_gaps(self.technician.id, day, 1.5, *NEAR)
        self.assertEqual(gaps[0][1], utc("2026-06-03 10:00"))
        self.assertEqual(len(gaps), 2)

    def test_next_available_slot(self):
        found = self.Task._find_next_available_slot(
            self.technician.id, date(2026, 6, 5), 1.0, *NEAR
        )
        self.assertEqual(found.start, utc("2026-06-05 08:30"))
        found = self.Task._find_next_available_slot(
            self.technician.id, date(2026, 6, 6), 1.0, *NEAR
        )
        self.assertEqual(found.start, utc("2026-06-08 08:30"))
        self.assertIsNone(
            self.Task._find_next_available_slot(self.technician.id, date(2027, 1, 1))
        )

    def test_public_visitor_may_be_offered_slots(self):
        public = self.env.ref("base.public_user")
        tasks = self.Task.with_user(public).sudo().with_company(self.company)
        day = date(2026, 6, 3)
        slots = tasks._find_open_slots(self.technician, day, day, 1.0, *NEAR)
        self.assertEqual(len(slots), 13)
