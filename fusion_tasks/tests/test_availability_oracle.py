import os
import random
from datetime import date, datetime, timedelta, timezone

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import PLACES, FusionCase
from .oracle import Oracle

SCENARIOS = int(os.environ.get("FUSION_ADAPTER_CASES", "30"))
SEED = 20261101
DAYS = 4
ZONES = (
    "America/Toronto",
    "America/St_Johns",
    "America/Regina",
    "America/Vancouver",
    "America/Santiago",
    "Australia/Lord_Howe",
)
# Days before clock changes in those zones, and ordinary ones.
FIRST_DAYS = (
    date(2026, 3, 6),
    date(2026, 10, 30),
    date(2026, 4, 3),
    date(2026, 9, 4),
    date(2026, 10, 2),
    date(2026, 6, 3),
    date(2026, 12, 30),
)
# No shift begins or ends between 1:00 and 3:00: Odoo has a way of its own there.
SHIFTS = (
    ((8, 12), (13, 17)),
    ((0, 24),),
    ((7.5, 11.75), (11.75, 15)),
    ((20, 24),),
    ((0, 4), (18, 24)),
    ((9, 10.5),),
)
VISITS = ("near", "east", "far", "depot", None)


@tagged("post_install", "-at_install", "fusion")
class TestAvailabilityOracle(FusionCase):
    """Random records in, and the oracle and the whole search agree on every start."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.crew = [
            cls.make_technician(f"fc_zone_{n}", tz=z) for n, z in enumerate(ZONES)
        ]

    def test_search_finds_what_the_oracle_finds(self):
        dice = random.Random(SEED)
        compared = opened = 0
        for number in range(SCENARIOS):
            technician = self.crew[number % len(ZONES)]
            first = dice.choice(FIRST_DAYS) + timedelta(days=7 * dice.randrange(2))
            days = [first + timedelta(days=n) for n in range(DAYS)]
            with self.subTest(number=number, tz=technician.tz, first=str(first)):
                with freeze_time(self.make_moment(dice, first, 20)):
                    self.make_scenario(dice, technician, first)
                    starts = self.compare(dice, technician, days)
            compared += 1
            opened += bool(starts)
        self.assertEqual(compared, SCENARIOS)
        self.assertGreater(opened, SCENARIOS // 3, "the scenarios are too hard")

    def compare(self, dice, technician, days):
        """Ask both the same question."""
        minutes = dice.choice((20, 45, 60, 150))
        visit = dice.choice(VISITS)
        point = PLACES[visit] if visit else None
        self.env.flush_all()
        slots = self.Task._find_open_slots(
            technician, days[0], days[-1], minutes / 60, *(point or (None, None))
        )
        expected = Oracle(technician).starts(days, minutes, point)
        found = [slot.start.replace(tzinfo=timezone.utc) for slot in slots]
        self.assertEqual(found, expected)
        return found

    def make_scenario(self, dice, technician, first):
        """Create hours, leaves, meetings and tasks round some days."""
        self.company.write(
            {
                "x_fc_slot_grid_minutes": dice.choice((5, 15, 30, 60)),
                "x_fc_booking_lead_hours": dice.choice((0, 24)),
                "x_fc_travel_on_own_time": dice.random() < 0.3,
            }
        )
        technician.write(
            {
                "x_fc_service_radius_km": dice.choice((0, 0, 0, 30)),
                "x_fc_start_address_id": dice.choice(
                    (self.places["depot"].id, self.places["east"].id, False)
                ),
            }
        )
        technician.x_fc_resource_id.calendar_id = self.make_schedule(dice)
        for _leave in range(dice.randrange(3)):
            self.make_time_off(dice, technician, first)
        for _event in range(dice.randrange(4)):
            self.make_meeting(dice, technician, first)
        for _task in range(dice.randrange(9)):
            self.make_stop(dice, technician, first)

    def make_schedule(self, dice):
        """Create working hours, every other time of two weeks."""
        two_weeks = dice.random() < 0.5
        lines = [
            {
                "name": f"{day} {begin} {week}",
                "dayofweek": str(day),
                "hour_from": begin,
                "hour_to": end,
                "day_period": "morning" if begin < 12 else "afternoon",
                "week_type": week,
            }
            for week in (("0", "1") if two_weeks else (False,))
            for day in range(7)
            if dice.random() < 0.85
            for begin, end in dice.choice(SHIFTS)
        ]
        calendar = self.make_calendar("Random", [], two_weeks_calendar=two_weeks)
        calendar.attendance_ids = [Command.clear(), *map(Command.create, lines)]
        return calendar

    def make_moment(self, dice, first, hours=DAYS * 24):
        """Return a whole quarter of an hour from some hours before to after."""
        start = datetime.combine(first, datetime.min.time())
        return start + timedelta(minutes=15 * dice.randrange(-hours * 2, hours * 4))

    def make_time_off(self, dice, technician, first):
        start = self.make_moment(dice, first)
        resource = technician.x_fc_resource_id
        everybody = dice.random() < 0.3
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "date_from": start,
                "date_to": start + timedelta(minutes=dice.choice((60, 225, 1440))),
                "company_id": self.company.id,
                "resource_id": not everybody and resource.id,
                "calendar_id": dice.choice((False, resource.calendar_id.id)),
                "time_type": dice.choice(("leave", "leave", "other")),
            }
        )

    def make_meeting(self, dice, technician, first):
        start = self.make_moment(dice, first)
        allday = dice.random() < 0.2
        who = dice.choice((technician, technician, self.dispatcher))
        event = self.env["calendar.event"].with_context(
            no_mail_to_attendees=True, dont_notify=True
        )
        event = event.create(
            {
                "name": "Meeting",
                "start": start,
                "stop": start + timedelta(minutes=dice.choice((15, 60, 1500))),
                "allday": allday,
                "start_date": start.date(),
                "stop_date": start.date() + timedelta(days=dice.randrange(2)),
                "user_id": dice.choice((technician.id, self.dispatcher.id)),
                "partner_ids": [Command.set(dice.choice((who.partner_id.ids, [])))],
                "show_as": dice.choice(("busy", "busy", "busy", "free")),
            }
        )
        event.attendee_ids.state = dice.choice(
            ("accepted", "tentative", "declined", "needsAction")
        )

    def make_stop(self, dice, technician, first):
        latitude, longitude = PLACES[dice.choice(("near", "east", "far", "depot"))]
        known = dice.random() < 0.9
        self.Task.create(
            {
                "technician_id": technician.id,
                "date_start": self.make_moment(dice, first),
                "duration": dice.choice((0.25, 0.5, 1.0, 2.0)),
                "status": dice.choice(("scheduled", "en_route", "in_progress")),
                "allow_overlap": True,
                "latitude": latitude if known else 0,
                "longitude": longitude if known else 0,
            }
        )
