import random
from datetime import date, datetime, timedelta, timezone
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools.intervals import Intervals

from ..scheduling import Dates, merge, ticks, to_utc, zone_of
from .common import WEEK, FusionCase, utc

ZONES = (
    "America/Toronto",
    "America/St_Johns",
    "America/Regina",
    "America/Vancouver",
    "Europe/Dublin",
)
FIRST_DAYS = (date(2026, 3, 1), date(2026, 10, 19), date(2026, 6, 1))
DAYS = 16
SEED = 20260308
SECOND = timedelta(seconds=1)


@tagged("post_install", "-at_install", "fusion")
class TestWorkingHours(FusionCase):
    """Hours are read past Odoo's own method, and are what it says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.crew = cls.technician.browse()
        for number, tz in enumerate(ZONES):
            cls.crew |= cls.make_technician(f"fc_hours_{number}", tz=tz)

    def ours(self, first, last):
        """Return the hours of each technician as merged spans, by id."""
        availability = self.env["fusion.technician.availability"]
        people = availability._collect_technicians(self.crew.ids)
        dates, work = availability._collect_work(people, first, last)
        return dates, {
            key: merge(span for day in of_one.windows for span in day)
            for key, of_one in work.items()
        }

    def odoos(self, user, first, last):
        """Return the hours of a technician as Odoo reads them, merged."""
        dates = Dates.between(first, last, zone_of(user.x_fc_resource_id.tz))
        span = to_utc(dates.starts[0]), to_utc(dates.ends[-1])
        resource = user.x_fc_resource_id
        work, _schedules = resource._get_valid_work_intervals(*span)
        return merge(
            (ticks(self.round(start)), ticks(self.round(end)))
            for start, end, _lines in work[resource.id]
        )

    def round(self, instant):
        """24:00 is a microsecond earlier in Odoo."""
        instant = instant.astimezone(timezone.utc)
        part = timedelta(microseconds=instant.microsecond)
        return instant - part + (SECOND if part else part)

    def assert_same(self, first, last):
        _dates, hours = self.ours(first, last)
        for user in self.crew:
            expected = self.odoos(user, first, last)
            self.assertEqual(hours[user.id], expected, user.x_fc_resource_id.tz)
        return hours

    def make_random_schedule(self, dice):
        calendar = self.make_calendar("Random", [])
        calendar.two_weeks_calendar = dice.random() < 0.5
        lines = []
        for week in ("0", "1") if calendar.two_weeks_calendar else (False,):
            for day in range(7):
                cuts = sorted(dice.sample(range(24 * 12 + 1), 4))
                pairs = [cuts[:2], cuts[2:]][: dice.randrange(3)]
                lines += [
                    {
                        "name": "Hours",
                        "dayofweek": str(day),
                        "week_type": week,
                        "hour_from": begin / 12,
                        "hour_to": end / 12,
                        "day_period": dice.choice(("morning", "afternoon", "lunch")),
                    }
                    for begin, end in pairs
                ]
        calendar.attendance_ids = [Command.clear(), *map(Command.create, lines)]
        return calendar

    def make_random_leave(self, dice, first):
        start = datetime.combine(first, datetime.min.time())
        start += timedelta(minutes=dice.randrange(-1440, DAYS * 1440))
        resource = dice.choice(self.crew).x_fc_resource_id
        company = dice.choice((self.company, self.env["res.company"].search([])[:1]))
        everybody = dice.random() < 0.3
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "date_from": start,
                "date_to": start + timedelta(minutes=dice.randrange(1, 3000)),
                "company_id": company.id if everybody else self.company.id,
                "resource_id": not everybody and resource.id,
                "calendar_id": dice.choice((False, resource.calendar_id.id)),
                "time_type": dice.choice(("leave", "leave", "other")),
            }
        )

    def test_random_schedules_and_leaves_in_all_zones(self):
        dice = random.Random(SEED)
        for first in FIRST_DAYS * 3:
            calendars = [self.make_random_schedule(dice) for _number in range(3)]
            for user in self.crew:
                user.x_fc_resource_id.calendar_id = dice.choice(calendars)
            for _leave in range(8):
                self.make_random_leave(dice, first)
            with self.subTest(first=str(first)):
                hours = self.assert_same(first, first + timedelta(days=DAYS))
                self.assertTrue(any(hours.values()))

    def test_shift_that_begins_in_a_skipped_or_repeated_hour(self):
        calendar = self.make_calendar(
            "Night", [(day, 1.5, 2.5) for day in range(7)] + [(6, 2.75, 4.0)]
        )
        for user in self.crew:
            user.x_fc_resource_id.calendar_id = calendar
        for change in (date(2026, 3, 8), date(2026, 3, 29), date(2026, 11, 1)):
            self.assert_same(change - timedelta(days=1), change + timedelta(days=1))

    def test_half_a_day_off_leaves_the_other_half(self):
        for user in self.crew:
            tz = user.x_fc_resource_id.tz
            self.make_leave("2026-06-03 12:00", "2026-06-03 23:59", user, tz)
        day = date(2026, 6, 3)
        for user_id, hours in self.assert_same(day, day).items():
            tz = self.env["res.users"].browse(user_id).x_fc_resource_id.tz
            (span,) = hours
            bounds = [to_utc(instant).replace(tzinfo=None) for instant in span]
            expected = [utc(f"2026-06-03 {at}", tz) for at in ("08:00", "12:00")]
            self.assertEqual(bounds, expected)

    def test_holiday_of_one_schedule_or_another_company(self):
        other = self.make_calendar("Other", WEEK)
        holiday = self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "date_from": utc("2026-06-03 00:00"),
                "date_to": utc("2026-06-03 23:59"),
                "company_id": self.company.id,
                "calendar_id": other.id,
            }
        )
        self.assertTrue(self.find_starts("2026-06-03"))
        holiday.calendar_id = self.calendar
        self.assertFalse(self.find_starts("2026-06-03"))
        holiday.unlink()
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.env["resource.calendar.leaves"].with_company(elsewhere).create(
            {
                "name": "Holiday",
                "date_from": utc("2026-06-03 00:00"),
                "date_to": utc("2026-06-03 23:59"),
                "company_id": elsewhere.id,
            }
        )
        self.assertTrue(self.find_starts("2026-06-03"))

    def test_schedule_that_changes_on_a_day_as_with_contracts(self):
        mornings = self.make_calendar("Mornings", [(d, 8.0, 12.0) for d in range(5)])
        resource = self.technician.x_fc_resource_id
        change = utc("2026-06-04 00:00").replace(tzinfo=timezone.utc)

        def validity(_resources, start, end, default_company=None):
            nothing = self.env["resource.calendar.attendance"]
            return {
                resource.id: {
                    self.calendar: Intervals([(start, max(start, change), nothing)]),
                    mornings: Intervals([(max(start, change), end, nothing)]),
                }
            }

        name = "_get_calendars_validity_within_period"
        with patch.object(type(resource), name, validity):
            slots = self.Task._find_open_slots(
                self.technician, date(2026, 6, 3), date(2026, 6, 4), 1.0, 43.71, -79.41
            )
            # Between two contracts nobody works.
            self.assertEqual(self.find_starts("2026-06-03", self.colleague), [])
        starts = [slot.start for slot in slots]
        self.assertIn(utc("2026-06-03 16:00"), starts)
        self.assertIn(utc("2026-06-04 11:00"), starts)
        self.assertNotIn(utc("2026-06-04 13:00"), starts)

    def test_flexible_hours_offer_nothing_and_say_so(self):
        flexible = self.make_calendar("Flexible", [], flexible_hours=True)
        self.technician.x_fc_resource_id.calendar_id = flexible
        self.assertEqual(self.find_starts("2026-06-03"), [])
        reason = self.Task._explain_slot(
            self.technician, utc("2026-06-03 12:00"), 1.0, 43.71, -79.41
        )
        self.assertTrue(reason)
        self.assertTrue(self.technician.x_fc_setup_note)

    def test_schedule_by_duration_offers_nothing_and_says_so(self):
        rows = [(day, 8.25, 15.75) for day in range(5)]
        hours = self.make_calendar("7.5 hours a day", rows)
        self.technician.x_fc_resource_id.calendar_id = hours
        self.assertTrue(self.find_starts("2026-06-03"))
        task = self.book("2026-06-03 09:00")
        hours.duration_based = True
        self.assertEqual(self.find_starts("2026-06-03"), [])
        self.assertEqual(
            self.Task._get_available_gaps(self.technician.id, utc("2026-06-04").date()),
            [],
        )
        reason = self.Task._explain_slot(
            self.technician, utc("2026-06-03 12:00"), 1.0, 43.71, -79.41
        )
        self.assertIn("how many hours a day, not when", reason)
        self.assertIn("not when", self.technician.x_fc_setup_note)
        self.env.cr.precommit.run()
        self.assertEqual(task.conflict_reason, "day_off")

    def test_after_work_at_night_the_day_starts_at_home_and_rested(self):
        self.book("2026-06-02 23:15", duration=1.75)
        self.assertEqual(self.find_starts("2026-06-03")[0], "09:00")
        reason = self.Task._explain_slot(
            self.technician, utc("2026-06-03 08:30"), 1.0, 43.71, -79.41
        )
        self.assertIn("rests until 9:00", reason)
        self.company.x_fc_rest_hours = 0
        self.assertEqual(self.find_starts("2026-06-03")[0], "08:30")
        refusal = self.Task._explain_slot(
            self.technician, utc("2026-06-03 08:00"), 1.0, 43.71, -79.41
        )
        self.assertIn("from the start place", refusal)

    def test_work_of_the_evening_before_leaves_rest_too(self):
        self.company.x_fc_rest_hours = 11
        morning = self.book("2026-06-03 08:30")
        self.book("2026-06-02 21:30", duration=1.0)
        self.assertEqual(self.find_starts("2026-06-03")[0], "09:30")
        self.assertEqual(morning.conflict_reason, "rest")
