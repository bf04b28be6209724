from datetime import date

from odoo.tests import freeze_time, tagged

from .common import FusionCase, utc

ALL_DAY = [(day, 0.0, 24.0) for day in range(7)]


@tagged("post_install", "-at_install", "fusion")
class TestAvailabilityZones(FusionCase):
    """Working hours are the technician's own, whatever the clock does."""

    def test_half_hour_zone(self):
        self.technician.x_fc_working_tz = "America/St_Johns"
        day = date(2026, 6, 3)
        slots = self.Task._find_open_slots(
            self.technician, day, day, 1.0, 43.71, -79.41
        )
        self.assertEqual(slots[0].start, utc("2026-06-03 08:30", "America/St_Johns"))
        self.assertEqual(str(slots[0].start), "2026-06-03 11:00:00")

    def test_several_zones_in_one_search(self):
        self.technician.x_fc_working_tz = "America/Vancouver"
        self.colleague.x_fc_working_tz = "America/Regina"
        day = date(2026, 6, 3)
        both = self.technician | self.colleague
        slots = self.Task._find_open_slots(both, day, day, 1.0, 43.71, -79.41)
        firsts = {}
        for slot in slots:
            firsts.setdefault(slot.technician_id, str(slot.start))
        self.assertEqual(
            firsts,
            {
                self.technician.id: "2026-06-03 15:30:00",
                self.colleague.id: "2026-06-03 14:30:00",
            },
        )

    def test_spring_forward_and_fall_back(self):
        for day, now, hours in (
            ("2026-03-08", "2026-03-05 12:00:00", 23),
            ("2026-11-01", "2026-10-29 12:00:00", 25),
        ):
            self.technician.x_fc_resource_id.calendar_id = self.make_calendar(
                day, ALL_DAY
            )
            self.company.x_fc_travel_on_own_time = True
            with freeze_time(now):
                starts = self.find_starts(day, place="depot")
            self.assertEqual(len(starts), (hours - 1) * 2 + 1, day)
            self.assertEqual(starts.count("02:00"), 0 if hours == 23 else 1)
            self.assertEqual(starts.count("01:30"), 1 if hours == 23 else 2)

    def test_office_hours_stay_put_across_the_change(self):
        with freeze_time("2026-10-28 12:00:00"):
            before = self.find_starts("2026-10-30")
            after = self.find_starts("2026-11-02")
        self.assertEqual(before, after)

    def test_days_are_the_technicians_own(self):
        # Vancouver's Wednesday evening is Thursday in UTC.
        self.technician.x_fc_resource_id.calendar_id = self.make_calendar(
            "Evening", [(2, 18.0, 22.0)]
        )
        self.technician.x_fc_working_tz = "America/Vancouver"
        starts = self.find_starts("2026-06-03", tz="America/Vancouver")
        self.assertEqual(starts[0], "18:30")
        self.assertEqual(starts[-1], "21:00")
        self.assertEqual(self.find_starts("2026-06-04", tz="America/Vancouver"), [])
