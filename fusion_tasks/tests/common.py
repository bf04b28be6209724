"""Technicians, places and calendars to test with, made from scratch."""

from contextlib import contextmanager
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, TransactionCase, freeze_time, new_test_user
from odoo.tools import mute_logger
from odoo.tools.misc import file_path

from .refusals import RefusalMixin

TORONTO = "America/Toronto"
NOW = "2026-06-01 12:00:00"
"""A Monday, 8:00 in Toronto: with the default notice, Tuesday 8:00 comes first."""

WEEK = tuple(
    (day, begin, end) for day in range(5) for begin, end in ((8.0, 12.0), (13.0, 17.0))
)
PLACES = {
    "depot": (43.70, -79.40),
    "near": (43.71, -79.41),
    "east": (43.77, -79.25),
    "far": (44.39, -79.69),
    "ottawa": (45.42, -75.70),
}


def utc(text, tz=TORONTO):
    """Return a local time as Odoo stores it: naive UTC."""
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(tz))
    return local.astimezone(timezone.utc).replace(tzinfo=None)


class FusionMixin(RefusalMixin):
    """What a test class of technicians' work starts with."""

    @classmethod
    def _set_up_field_service(cls):
        cls.Task = cls.env["fusion.technician.task"]
        cls.company = cls.env["res.company"].create({"name": "Test Mobility"})
        cls.env.user.company_ids = [Command.link(cls.company.id)]
        cls.env.user.company_id = cls.company
        cls.env = cls.env(
            context={
                **cls.env.context,
                "allowed_company_ids": cls.company.ids,
                "no_reset_password": True,
                "tracking_disable": True,
            }
        )
        cls.Task = cls.env["fusion.technician.task"]
        cls.company = cls.company.with_env(cls.env)
        cls.calendar = cls.make_calendar("Week", WEEK)
        cls.company.resource_calendar_id = cls.calendar
        cls.places = {name: cls.make_place(name, *at) for name, at in PLACES.items()}
        cls.client = cls.env["res.partner"].create(
            {
                "name": "Client One",
                "street": "1 Test Street",
                "city": "Toronto",
                "phone": "416-555-0199",
                "partner_latitude": PLACES["near"][0],
                "partner_longitude": PLACES["near"][1],
            }
        )
        cls.dispatcher = cls.make_user("fc_dispatcher", "dispatcher")
        cls.manager = cls.make_user("fc_manager", "manager")
        cls.reader = cls.make_user("fc_reader", "user")
        cls.technician = cls.make_technician("fc_tech")
        cls.colleague = cls.make_technician("fc_colleague")

    @classmethod
    def mute(cls, *loggers):
        """Keep loggers quiet for the whole class."""
        muted = mute_logger(*loggers)
        muted.__enter__()
        cls.addClassCleanup(muted.__exit__, None, None, None)

    @classmethod
    def make_user(cls, login, role, **vals):
        """Create a user with a field service role (None: any employee)."""
        group = f"fusion_tasks.fusion_tasks_group_{role}" if role else "base.group_user"
        return new_test_user(
            cls.env,
            login,
            groups=group,
            **{
                "tz": TORONTO,
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                **vals,
            },
        )

    @classmethod
    def make_technician(cls, login, place="depot", **vals):
        """Create a technician whose days start at a place (None: nowhere known)."""
        return cls.make_user(
            login,
            "technician",
            **{
                "x_fc_is_technician": True,
                "x_fc_start_address_id": place and cls.places[place].id,
                **vals,
            },
        )

    @classmethod
    def make_calendar(cls, name, rows, **vals):
        """Create a working schedule of (weekday, from, to) rows."""
        lines = [
            Command.create(
                {
                    "name": f"{day} {begin}",
                    "dayofweek": str(day),
                    "hour_from": begin,
                    "hour_to": end,
                    "day_period": "morning" if begin < 12 else "afternoon",
                }
            )
            for day, begin, end in rows
        ]
        return cls.env["resource.calendar"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "tz": TORONTO,
                "attendance_ids": [Command.clear(), *lines],
                **vals,
            }
        )

    @classmethod
    def make_place(cls, name, latitude, longitude):
        """Create an address at coordinates."""
        return cls.env["res.partner"].create(
            {
                "name": name,
                "partner_latitude": latitude,
                "partner_longitude": longitude,
            }
        )

    @classmethod
    def make_task(cls, **vals):
        """Create a task to be scheduled, at the client's."""
        return cls.Task.create({"partner_id": cls.client.id, **vals})

    @classmethod
    def book(cls, start, technician=None, tz=TORONTO, **vals):
        """Book a task at a local time, by default an hour of the technician's."""
        technician = technician or cls.technician
        return cls.Task._create_booking(
            {
                "partner_id": cls.client.id,
                "technician_id": technician.id,
                "date_start": utc(start, tz),
                "duration": 1.0,
                **vals,
            }
        )

    @classmethod
    def make_leave(cls, start, end, technician=None, tz=TORONTO):
        """Create time off of a technician, or of the company."""
        return cls.env["resource.calendar.leaves"].create(
            {
                "name": "Time off",
                "date_from": utc(start, tz),
                "date_to": utc(end, tz),
                "company_id": cls.company.id,
                "calendar_id": False if not technician else cls.calendar.id,
                "resource_id": technician and technician.x_fc_resource_id.id,
            }
        )

    @classmethod
    def make_event(cls, user, start, end, **vals):
        """Create a meeting on somebody's calendar."""
        return (
            cls.env["calendar.event"]
            .with_context(no_mail_to_attendees=True, dont_notify=True)
            .create(
                {
                    "name": "Meeting",
                    "start": utc(start),
                    "stop": utc(end),
                    "user_id": user.id,
                    "partner_ids": [Command.set(user.partner_id.ids)],
                    "show_as": "busy",
                    **vals,
                }
            )
        )

    @contextmanager
    def refused(self, error, words):
        """Expect an error that says so, and undo the block as a request would."""
        with self.assertRaises(error) as caught:
            yield
        self.assertIn(words, str(caught.exception))

    def find_starts(self, day, technicians=None, place="near", duration=1.0, **options):
        """Return the local clock times of the open slots of a day."""
        tz = options.pop("tz", TORONTO)
        date = fields.Date.to_date(day)
        coordinates = PLACES[place] if place else (None, None)
        slots = self.Task._find_open_slots(
            technicians or self.technician,
            date,
            date,
            duration,
            *coordinates,
            **options,
        )
        zone = ZoneInfo(tz)
        starts = [slot.start.replace(tzinfo=timezone.utc) for slot in slots]
        return [start.astimezone(zone).strftime("%H:%M") for start in starts]


class FusionCase(FusionMixin, TransactionCase):
    """Tests at a fixed time, on data of their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        cls._set_up_field_service()


class FusionHttpCase(FusionMixin, HttpCase):
    """Browser tests, also where a library of Odoo's web client is not shipped."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        path = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
        try:
            file_path(path)
        except FileNotFoundError:
            assets = cls.env["ir.asset"]
            vals = {
                "name": "missing library",
                "bundle": "web.assets_backend",
                "directive": "remove",
                "path": path,
            }
            # scripts/test keeps it in the database its copies are made from.
            if not assets.search_count([("path", "=", path)], limit=1):
                assets.create(vals)
