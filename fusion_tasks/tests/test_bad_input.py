from datetime import date, timedelta

from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PLACES, FusionCase, utc

NEAR = PLACES["near"]
MANY = 10_000


@tagged("post_install", "-at_install", "fusion")
class TestBadInput(FusionCase):
    """A clear message or a right answer: no traceback, no endless search."""

    def find(self, first="2026-06-02", last="2026-06-08", duration=1.0, place=NEAR):
        first, last = date.fromisoformat(first), date.fromisoformat(last)
        return self.Task._find_open_slots(
            self.technician, first, last, duration, *place
        )

    @mute_logger("odoo.sql_db")
    def refuse(self, words, **vals):
        """Expect the database to refuse, and its message to say why."""
        with self.assertRaises(CheckViolation) as caught, self.env.cr.savepoint():
            self.make_task(**vals)
        self.assertIn(words, self.Task._sql_error_to_message(caught.exception))

    def test_end_before_start(self):
        start, end = utc("2026-06-03 10:00"), utc("2026-06-03 09:00")
        self.refuse("end must be after", date_start=start, date_end=end)
        self.assertEqual(self.find("2026-06-08", "2026-06-02"), [])

    def test_no_time_or_too_much(self):
        for duration in (0, -1):
            self.refuse("must take some time", duration=duration)
            with self.refused(UserError, "takes some time"):
                self.find(duration=duration)
        for duration in (25, 1e9, float("inf"), float("nan")):
            with self.subTest(duration=duration), self.assertRaises(UserError):
                self.find(duration=duration)
        for duration in (1e9, float("inf"), float("nan")):
            with self.subTest(duration=duration), self.assertRaises(UserError):
                self.make_task(date_start=utc("2026-06-03 09:00"), duration=duration)

    def test_longer_than_any_working_day(self):
        self.assertEqual(self.find(duration=9), [])
        reason = self.Task._explain_slot(
            self.technician, utc("2026-06-03 09:00"), 9, *NEAR
        )
        self.assertIn("would not end within", reason)

    def test_technician_without_hours(self):
        resource = self.technician.x_fc_resource_id
        start = utc("2026-06-03 09:00")
        for calendar, words in (
            (self.env["resource.calendar"], "no working hours"),
            (self.make_calendar("Empty", []), "no hours in it"),
            (self.make_calendar("Flexible", [], flexible_hours=True), "flexible"),
        ):
            resource.calendar_id = calendar
            self.assertEqual(self.find(), [])
            reason = self.Task._explain_slot(self.technician, start, 1.0, *NEAR)
            self.assertIn(words, reason)
        task = self.book("2026-06-03 09:00")
        self.assertEqual(task.conflict_reason, "day_off")

    def test_place_without_coordinates(self):
        for place in ((None, None), (0, 0), (43.7, None)):
            self.assertEqual(self.find(place=place)[0].travel_before, 30)
        task = self.book("2026-06-03 09:00", partner_id=False)
        self.assertFalse(task.is_place_known)

    def test_coordinates_out_of_range(self):
        for place in ((91, 0), (-90.5, 10), (10, 181), (float("nan"), 10)):
            with self.subTest(place=place), self.refused(UserError, "not on the map"):
                self.find(place=place)
        self.refuse("latitude is between", latitude=91)
        self.refuse("longitude is between", longitude=-181)

    def test_horizon_of_a_year(self):
        self.company.x_fc_booking_horizon_days = 366
        slots = self.find("2026-01-01", "2029-12-31")
        self.assertEqual(slots[0].start, utc("2026-06-02 08:30"))
        last = slots[-1].start
        self.assertGreater(last, utc("2027-05-28 00:00"))
        self.assertLessEqual(last, utc("2026-06-01 08:00") + timedelta(days=366))
        self.assertEqual(len(self.Task._rank_slots(slots)), 12)

    def test_ten_thousand_tasks(self):
        task = self.book("2026-06-03 10:00")
        free = self.find()
        self.env.flush_all()
        self.env.cr.execute(
            """
            INSERT INTO fusion_technician_task
                   (name, active, task_type, status, technician_id, company_id,
                    date_start, date_end, duration, latitude, longitude)
            SELECT 'T' || n, TRUE, 'other', 'scheduled', %(technician)s, %(company)s,
                   day + (n %% 24) * INTERVAL '1 hour',
                   day + (n %% 24) * INTERVAL '1 hour' + INTERVAL '30 minutes',
                   0.5, 43.71, -79.41
              FROM generate_series(0, %(many)s - 1) n,
           LATERAL (SELECT TIMESTAMP '2026-06-15' + (n / 24) * INTERVAL '1 day')
                   AS days(day)
            """,
            {
                "technician": self.technician.id,
                "company": self.company.id,
                "many": MANY,
            },
        )
        self.env.invalidate_all()
        self.assertEqual(self.find(), free)
        self.assertEqual(self.find("2026-06-15", "2026-06-30"), [])
        self.assertFalse(task.conflict)
        queries = self.env.cr.sql_log_count
        self.find("2026-06-02", "2026-06-22")
        self.assertLess(self.env.cr.sql_log_count - queries, 15)
        self.assertGreater(
            len(self.Task.search([])._filter_ahead()._get_conflicts()), 4000
        )
