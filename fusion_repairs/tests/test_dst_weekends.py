import html
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import icalendar
from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from ..tools.mail_text import html_to_text
from .client_mail.message_case import MessageCase

# Clocks change on both Sundays, except in Regina.
WEEKENDS = {"2027-03-14": "2027-03-09 12:00", "2027-11-07": "2027-11-02 12:00"}
ZONES = {
    "America/St_Johns": "Newfoundland",
    "America/Toronto": "Eastern",
    "America/Regina": "Central",
    "America/Vancouver": "Pacific",
}
# The client and whoever acts are elsewhere: only the place of the visit counts.
CLIENT_ZONE, ACTING_ZONE = "Pacific/Auckland", "Asia/Kolkata"


@tagged("post_install", "-at_install", "fusion")
class TestDaylightSavingWeekends(MessageCase):
    """Page, mail, calendar file, task and calendar entry name one and the same time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_CA")
        cls.client.write({"tz": CLIENT_ZONE, "lang": "en_CA"})
        cls.env.user.tz = ACTING_ZONE
        cls.technician_2.x_fc_repair_skills = False
        cls.company.x_fc_arrival_window_minutes = 60

    def work_in(self, zone):
        """Have the technician work every day from 8 to 17 in a zone."""
        days = [
            Command.create(
                {
                    "name": f"Day {day}",
                    "dayofweek": str(day),
                    "hour_from": 8,
                    "hour_to": 17,
                }
            )
            for day in range(7)
        ]
        calendar = self.env["resource.calendar"].create(
            {"name": zone, "tz": zone, "attendance_ids": days}
        )
        self.technician.tz = zone
        self.technician.resource_ids.write({"calendar_id": calendar.id, "tz": zone})

    def test_the_zone_is_that_of_the_hours_not_of_the_user_s_browser(self):
        self.work_in("America/Toronto")
        self.technician.tz = "UTC"  # as the browser said at the first login
        contract = self.make_contract()
        words = self.read_page(contract)
        self.assertIn("Eastern", words)
        day = self.wall(contract._get_booking_slots()[0].start, "America/Toronto")
        visit = self.book_on(day.date(), "America/Toronto")
        self.assert_all_agree(visit, day.date(), "America/Toronto")

    def book_on(self, day, zone):
        """Book the first time that is open on a local day; return the visit."""
        contract = self.make_contract()
        offers = contract._get_booking_slots(limit=200, per_day=20)
        on_day = [
            offer for offer in offers if self.wall(offer.start, zone).date() == day
        ]
        self.assertTrue(on_day, f"nothing offered on {day}")
        return contract._book_slot(on_day[0].value)

    def wall(self, moment, zone):
        """Return a naive UTC moment on the wall clock of a zone, without pytz."""
        aware = moment.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(zone))
        return aware.replace(tzinfo=None)

    def say(self, start):
        """Return a wall time and its window as the texts write them."""
        end = start + timedelta(hours=1)
        halves = ["a.m." if moment.hour < 12 else "p.m." for moment in (start, end)]
        clocks = [f"{moment.hour % 12 or 12}:{moment:%M}" for moment in (start, end)]
        first = clocks[0] if halves[0] == halves[1] else f"{clocks[0]} {halves[0]}"
        return f"arriving between {first} and {clocks[1]} {halves[1]}"

    def assert_all_agree(self, visit, day, zone):
        """Check every place that names the time of a visit."""
        task = visit.technician_task_id
        start = self.wall(task.date_start, zone)
        self.assertEqual(start.date(), day)
        self.assertTrue(8 <= start.hour < 17 and start.minute in (0, 30), start)
        self.assertEqual(
            (visit.visit_date, visit.visit_end), (task.date_start, task.date_end)
        )
        event = task.calendar_event_id
        self.assertEqual((event.start, event.stop), (task.date_start, task.date_end))
        words = [f"{day:%A}, {day:%B} {day.day}", self.say(start), ZONES[zone]]
        mail = self.read_mail(visit.client_message_ids.mail_id)
        (entry,) = icalendar.Calendar.from_ical(mail["ics"]).walk("VEVENT")
        opens = task.date_start.replace(tzinfo=timezone.utc)
        self.assertEqual(entry.decoded("DTSTART"), opens)
        work = timedelta(hours=1) + (task.date_end - task.date_start)
        self.assertEqual(entry.decoded("DTEND"), opens + work)
        self.assertIn(words[1], str(entry["DESCRIPTION"]).replace("\xa0", " "))
        texts = {"mail": mail["text"], "page": self.read_page(visit.contract_id)}
        for name, text in texts.items():
            for part in words:
                self.assertIn(part, text.replace("\xa0", " "), name)
        for part in words[:2]:
            self.assertIn(part, mail["subject"])

    def read_page(self, contract):
        """Return the words of the client's page."""
        pages = self.env["fusion.repair.public.page"]
        template, page = pages._get_booking_page(contract.sudo(), {})
        page["csrf_token"] = "x"
        return " ".join(
            html_to_text(html.unescape(pages._render(template, page))).split()
        )

    def test_four_zones_on_both_weekends(self):
        checked = 0
        for sunday, now in WEEKENDS.items():
            for zone in ZONES:
                with freeze_time(now):
                    self.work_in(zone)
                    for days in (-1, 0, 1):
                        day = datetime.fromisoformat(sunday).date() + timedelta(days)
                        with self.subTest(zone=zone, day=day):
                            visit = self.book_on(day, zone)
                            self.assert_all_agree(visit, day, zone)
                            checked += 1
        self.assertEqual(checked, 24)

    def test_the_day_before_mail_keeps_its_hour_over_the_change(self):
        for sunday, now in WEEKENDS.items():
            for zone in ZONES:
                with self.subTest(zone=zone, sunday=sunday), freeze_time(now):
                    self.work_in(zone)
                    day = datetime.fromisoformat(sunday).date()
                    for days in (0, 1):
                        visit = self.book_on(day + timedelta(days), zone)
                        local = self.wall(visit._get_day_before_time(), zone)
                        self.assertEqual(local.hour, 10)
                        self.assertEqual(local.date(), day + timedelta(days - 1))
