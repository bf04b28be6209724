import re
from datetime import datetime, time, timedelta, timezone

from babel.dates import get_date_format

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import babel_locale_parse, format_date, format_time, get_lang

from ...phone_links import call_link
from ...scheduling import Place, zone_of
from ..task.fusion_technician_task import LIVE_STATUSES

SHOWN_STATUSES = (*LIVE_STATUSES, "completed", "no_show", "cancelled")
# What a long date says of the year, which a day at hand does without.
YEAR = re.compile(r"[\s,]*y+")


class FusionMyDay(models.AbstractModel):
    """One day of the technician who asks, as the phone shows it."""

    _name = "fusion.my.day"
    _description = "My Day"

    @api.model
    def load_day(self, date=False):
        """Return a day of the current user's own visits, in order.

        :param date: the day, in the technician's zone; today by default
        """
        days = self._with_own_companies()
        today = days._get_today()
        day = fields.Date.to_date(date) or today
        tasks = days._find_tasks(day)
        return {
            "date": fields.Date.to_string(day),
            "is_today": day == today,
            "label": days._format_day(day),
            "previous": fields.Date.to_string(day - timedelta(days=1)),
            "next": fields.Date.to_string(day + timedelta(days=1)),
            "tz": days._get_zone().key,
            "updated": days._format_time(fields.Datetime.now()),
            "visits": days._prepare_cards(tasks),
            "next_visit": not tasks and days._prepare_next_visit(max(day, today)),
            "left_open": days._prepare_left_open(min(day, today)),
        }

    # Which visits ----------------------------------------------------------------

    @api.model
    def _with_own_companies(self):
        """Return self for all companies of the user: a day is one day."""
        companies = self.env.company | self.env.user.company_ids
        return self.with_context(allowed_company_ids=companies.ids)

    @api.model
    def _get_domain(self):
        """Return what belongs on the days of the current user, and nobody else's."""
        return Domain("technician_id", "=", self.env.uid) & Domain(
            "status", "in", SHOWN_STATUSES
        )

    @api.model
    def _get_open_domain(self):
        """Return what the technician has yet to finish; a hook for other addons."""
        return Domain("status", "in", LIVE_STATUSES)

    @api.model
    def _find_tasks(self, day):
        """Return the visits that touch a day."""
        begin, end = self._get_bounds(day)
        touches = Domain("date_start", "<", end) & Domain("date_end", ">", begin)
        return self.env["fusion.technician.task"].search(self._get_domain() & touches)

    @api.model
    def _find_own_task(self, task_id):
        """Return a visit of the current user by id, or an empty recordset."""
        own = self._get_domain() & Domain("id", "=", int(task_id))
        return self.env["fusion.technician.task"].search(own)

    @api.model
    def _prepare_next_visit(self, day):
        """Return the first visit after a day, or False."""
        after = Domain("date_start", ">=", self._get_bounds(day)[1])
        live = Domain("status", "in", LIVE_STATUSES)
        task = self.env["fusion.technician.task"].search(
            self._get_domain() & live & after, limit=1
        )
        if not task:
            return False
        day = self._get_local(task.date_start).date()
        return {
            "date": fields.Date.to_string(day),
            "label": self._format_day(day),
            "time": self._format_time(task.date_start),
            "client": task.partner_id.name or task.name,
        }

    @api.model
    def _prepare_left_open(self, day):
        """Return the last day before this one with a visit still open, or False."""
        before = Domain("date_end", "<=", self._get_bounds(day)[0])
        tasks = self.env["fusion.technician.task"].search(
            self._get_domain() & self._get_open_domain() & before,
            order="date_start desc, id desc",
        )
        if not tasks:
            return False
        last = self._get_local(tasks[0].date_start).date()
        return {
            "date": fields.Date.to_string(last),
            "label": self._format_day(last),
            "count": len(tasks),
        }

    # Cards -----------------------------------------------------------------------

    @api.model
    def _prepare_cards(self, tasks):
        """Return what the phone shows of visits; the drives between them too."""
        drives = self._find_drives(tasks)
        return [
            self._prepare_card(task) | {"drive": drives.get(task.id, False)}
            for task in tasks
        ]

    @api.model
    def _prepare_card(self, task):
        """Return what the phone shows of one visit; a hook for other addons.

        Each of its warnings is a dict of title, lines and is_danger.
        """
        labels = dict(task._fields["status"]._description_selection(self.env))
        types = dict(task._fields["task_type"]._description_selection(self.env))
        return {
            "id": task.id,
            "name": task.name,
            "status": task.status,
            "status_label": labels[task.status],
            "is_live": task._is_live(),
            "is_late": task.is_late,
            "starts": self._format_time(task.date_start),
            "ends": self._format_time(task.date_end),
            "arrival": self._get_arrival_text(task),
            "client": task.partner_id.name or task.name,
            "type_label": types[task.task_type],
            "address": task.address_inline or "",
            "map_url": self._get_map_url(task),
            "phone": task.phone or "",
            "phone_url": call_link(task.phone),
            "notes": [task.description] if task.description else [],
            "details": [],
            "access": self._get_access_note(task),
            "links": self._prepare_links(task),
            "warnings": [],
            "actions": self._prepare_buttons(task),
        }

    @api.model
    def _get_arrival_text(self, task):
        """Return the time by which the client expects the technician, or False."""
        minutes = task.company_id.x_fc_arrival_window_minutes
        if not minutes or task.status not in ("scheduled", "en_route"):
            return False
        return self._format_time(task.date_start + timedelta(minutes=minutes))

    @api.model
    def _get_access_note(self, task):
        """Return what is good to know at the door of the place."""
        # The address may belong to a company that the technician cannot read.
        place = task.sudo().address_id or task.sudo().partner_id
        return place.x_fc_access_note or ""

    @api.model
    def _get_map_url(self, task):
        """Return the link that opens the place in a map, or False."""
        if not (task.address_inline or task.is_place_known):
            return False
        return task.action_open_map()["url"]

    # Drives ----------------------------------------------------------------------

    @api.model
    def _find_drives(self, tasks):
        """Return the drive to each visit of a day, by the visit's id.

        Whoever cancelled is not driven to.
        """
        stops = tasks.filtered(lambda task: task.status != "cancelled")
        places = [self._get_start_place(), *map(self._get_place, stops)]
        if not places[0]:
            # Nobody knows from where the technician sets out.
            places, stops = places[1:], stops[1:]
            previous = tasks.filtered(lambda task: task.status != "cancelled")[:1]
        else:
            previous = tasks.browse()
        travel = self.env["fusion.travel"]._get_travel_table(
            [place for place in places if place]
        )
        drives = {}
        for origin, place, task in zip(places, places[1:], stops, strict=False):
            minutes = travel(origin, place)
            drives[task.id] = self._prepare_drive(task, previous, minutes)
            previous = task
        return drives

    @api.model
    def _prepare_drive(self, task, previous, minutes):
        leave = task.date_start - timedelta(minutes=minutes)
        waiting = task.status == "scheduled"
        return {
            "minutes": minutes,
            "from_start": not previous,
            "leave": self._format_time(leave) if waiting and minutes else False,
            "is_tight": bool(waiting and previous and previous.date_end > leave),
        }

    @api.model
    def _get_place(self, task):
        return Place(task.latitude, task.longitude) if task.is_place_known else None

    @api.model
    def _get_start_place(self):
        """Return where the technician's day starts, or None."""
        # The address may belong to a company that the technician cannot read.
        start = self.env.user.sudo().x_fc_start_address_id
        latitude, longitude = start.partner_latitude, start.partner_longitude
        return Place(latitude, longitude) if latitude or longitude else None

    # Clock -----------------------------------------------------------------------

    @api.model
    def _get_zone(self):
        return zone_of(self.env.user._fc_get_tz())

    @api.model
    def _get_local(self, moment):
        """Return a stored time on the technician's clock."""
        return moment.replace(tzinfo=timezone.utc).astimezone(self._get_zone())

    @api.model
    def _get_today(self):
        return self._get_local(fields.Datetime.now()).date()

    @api.model
    def _get_bounds(self, day):
        """Return when a local day begins and ends, as Odoo stores times."""
        zone = self._get_zone()
        return tuple(
            datetime.combine(date, time.min, zone)
            .astimezone(timezone.utc)
            .replace(tzinfo=None)
            for date in (day, day + timedelta(days=1))
        )

    @api.model
    def _format_day(self, day):
        """Return a day in words, in the order that the reader's language has."""
        locale = babel_locale_parse(get_lang(self.env).code)
        pattern = YEAR.sub("", get_date_format("full", locale=locale).pattern)
        return format_date(self.env, day, date_format=pattern)

    @api.model
    def _format_time(self, moment):
        return format_time(
            self.env, moment, tz=self._get_zone().key, time_format="short"
        )
