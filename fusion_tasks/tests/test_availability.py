from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import FusionCase, utc

MORNING = ["08:30", "09:00", "09:30", "10:00", "10:30", "11:00"]
AFTERNOON = ["13:00", "13:30", "14:00", "14:30", "15:00", "15:30", "16:00"]
WEDNESDAY = "2026-06-03"


@tagged("post_install", "-at_install", "fusion")
class TestAvailability(FusionCase):
    """What Odoo's records mean for open slots, rule by rule."""

    def test_whole_day_with_lunch_and_the_first_drive(self):
        self.assertEqual(self.find_starts(WEDNESDAY), MORNING + AFTERNOON)

    def test_visit_does_not_straddle_lunch(self):
        starts = self.find_starts(WEDNESDAY, duration=3.0)
        self.assertEqual(starts, ["08:30", "09:00", "13:00", "13:30", "14:00"])
        self.assertEqual(self.find_starts(WEDNESDAY, duration=5.0), [])

    def test_first_drive_on_own_time(self):
        self.company.x_fc_travel_on_own_time = True
        self.assertEqual(self.find_starts(WEDNESDAY)[0], "08:00")

    def test_weekend_is_free(self):
        self.assertEqual(self.find_starts("2026-06-06"), [])

    def test_personal_leave_of_hours_and_days(self):
        self.make_leave("2026-06-03 08:00", "2026-06-03 12:00", self.technician)
        self.assertEqual(
            self.find_starts(WEDNESDAY),
            AFTERNOON[1:],
            "the working day starts at 13:00, with the first drive",
        )
        self.make_leave("2026-06-03 00:00", "2026-06-03 23:59", self.technician)
        self.assertEqual(self.find_starts(WEDNESDAY), [])
        self.assertTrue(self.find_starts(WEDNESDAY, self.colleague))

    def test_public_holiday_is_for_all(self):
        self.make_leave("2026-06-03 00:00", "2026-06-03 23:59:59")
        both = self.technician | self.colleague
        self.assertEqual(self.find_starts(WEDNESDAY, both), [])

    def test_two_week_schedule(self):
        hours = self.make_calendar("Odd weeks", [])
        hours.write({"two_weeks_calendar": True})
        parity = self.env["resource.calendar.attendance"].get_week_type(
            date(2026, 6, 3)
        )
        self.env["resource.calendar.attendance"].create(
            {
                "name": "Wednesday",
                "calendar_id": hours.id,
                "dayofweek": "2",
                "week_type": str(parity),
                "hour_from": 8,
                "hour_to": 10,
                "day_period": "morning",
            }
        )
        self.technician.x_fc_resource_id.calendar_id = hours
        self.assertEqual(self.find_starts(WEDNESDAY), ["08:30", "09:00"])
        self.assertEqual(self.find_starts("2026-06-10"), [])

    def test_night_shift_to_midnight(self):
        hours = self.make_calendar("Evening", [(2, 20.0, 24.0)])
        self.technician.x_fc_resource_id.calendar_id = hours
        self.assertEqual(self.find_starts(WEDNESDAY, duration=3.0), ["20:30", "21:00"])

    def test_tasks_hold_time_and_travel(self):
        self.book("2026-06-03 10:00")
        self.assertEqual(
            self.find_starts(WEDNESDAY), ["08:30", "09:00", "11:00", *AFTERNOON]
        )
        # 28 minutes to the east: after 11:00 not before 11:30, which ends in lunch.
        self.assertEqual(
            self.find_starts(WEDNESDAY, place="east")[:2], ["08:30", "13:00"]
        )

    def test_pending_and_closed_tasks_hold_nothing(self):
        start = utc("2026-06-03 10:00")
        self.make_task(technician_id=self.technician.id, date_start=start)
        self.book("2026-06-03 10:00").action_cancel()
        self.assertEqual(self.find_starts(WEDNESDAY), MORNING + AFTERNOON)

    def test_task_that_is_moved_does_not_stand_in_its_own_way(self):
        task = self.book("2026-06-03 10:00")
        starts = self.find_starts(WEDNESDAY, exclude_task=task)
        self.assertEqual(starts, MORNING + AFTERNOON)

    def test_overlapping_task_is_a_stop_like_any(self):
        self.book("2026-06-03 10:00", allow_overlap=True)
        self.assertNotIn("10:00", self.find_starts(WEDNESDAY))

    def test_tasks_in_other_companies_count(self):
        other = self.env["res.company"].create({"name": "Other Mobility"})
        self.technician.company_ids |= other
        self.book(
            "2026-06-03 10:00",
            company_id=other.id,
            partner_id=False,
            latitude=43.71,
            longitude=-79.41,
        )
        self.assertNotIn("10:00", self.find_starts(WEDNESDAY))

    def test_notice_and_horizon(self):
        self.assertEqual(self.find_starts("2026-06-01"), [])
        self.assertEqual(self.find_starts("2026-06-02"), MORNING + AFTERNOON)
        self.company.x_fc_booking_lead_hours = 26
        self.assertEqual(self.find_starts("2026-06-02")[0], "10:00")
        self.assertEqual(self.find_starts("2026-06-22"), [], "8:00 is the last start")
        self.assertTrue(self.find_starts("2026-06-19"))

    def test_search_over_centuries_ends_at_the_horizon(self):
        slots = self.Task._find_open_slots(
            self.technician, date(1900, 1, 1), date(2999, 12, 31), 1.0, 43.71, -79.41
        )
        self.assertEqual(slots[0].start, utc("2026-06-02 08:30"))
        self.assertEqual(slots[-1].start, utc("2026-06-19 16:00"))

    def test_radius(self):
        self.technician.x_fc_service_radius_km = 25
        self.assertEqual(self.find_starts(WEDNESDAY, place="far"), [])
        self.assertTrue(self.find_starts(WEDNESDAY, place=None))
        self.technician.x_fc_service_radius_km = 90
        self.assertTrue(self.find_starts(WEDNESDAY, place="far"))

    def test_unknown_places_are_half_an_hour_away(self):
        starts = self.find_starts(WEDNESDAY, place=None)
        self.assertEqual(starts, MORNING + AFTERNOON)
        self.technician.x_fc_start_address_id = False
        self.assertEqual(self.find_starts(WEDNESDAY)[0], "08:30")

    def test_senseless_start_place_is_unknown(self):
        self.places["depot"].partner_latitude = 123
        self.assertEqual(self.find_starts(WEDNESDAY), MORNING + AFTERNOON)

    def test_who_is_no_technician_of_the_company_offers_nothing(self):
        self.technician.x_fc_is_technician = False
        self.assertEqual(self.find_starts(WEDNESDAY), [])
        self.technician.x_fc_is_technician = True
        self.technician.active = False
        self.assertEqual(self.find_starts(WEDNESDAY), [])
        self.technician.active = True
        self.assertTrue(self.find_starts(WEDNESDAY))
        other = self.env["res.company"].create({"name": "Other Mobility"})
        elsewhere = self.Task.with_company(other)
        day = date(2026, 6, 3)
        self.assertFalse(
            elsewhere._find_open_slots(self.technician, day, day, 1.0, None, None)
        )

    def test_without_fixed_hours_nothing_is_offered(self):
        resource = self.technician.x_fc_resource_id
        resource.calendar_id = False
        self.assertEqual(self.find_starts(WEDNESDAY), [])
        resource.calendar_id = self.make_calendar("Flexible", [], flexible_hours=True)
        self.assertEqual(self.find_starts(WEDNESDAY), [])
        resource.calendar_id = self.make_calendar("Empty", [])
        self.assertEqual(self.find_starts(WEDNESDAY), [])
        resource.calendar_id = self.calendar
        resource.active = False
        self.assertEqual(self.find_starts(WEDNESDAY), [])

    def test_nobody_offers_nothing(self):
        day = date(2026, 6, 3)
        nobody = self.env["res.users"]
        self.assertEqual(
            self.Task._find_open_slots(nobody, day, day, 1.0, None, None), []
        )

    def test_senseless_questions_get_a_sentence(self):
        day = date(2026, 6, 3)
        for duration, latitude, longitude in (
            (0, None, None),
            (-1.0, None, None),
            (1.0, 91.0, 0.0),
            (1.0, 43.0, 181.0),
            (25.0, None, None),
            (float("nan"), None, None),
            (1.0, float("nan"), 1.0),
        ):
            with self.assertRaises(UserError):
                self.Task._find_open_slots(
                    self.technician, day, day, duration, latitude, longitude
                )
