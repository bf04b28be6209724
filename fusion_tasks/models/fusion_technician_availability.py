from bisect import bisect_right
from collections import defaultdict
from datetime import timedelta, timezone
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..scheduling import (
    Busy,
    DayPlan,
    Place,
    Slot,
    SlotRequest,
    Stop,
    day_gaps,
    explain,
    find_open_slots,
    local_date,
    local_day,
    next_open_slot,
)
from .fusion_technician_task import LIVE_STATUSES

UTC = timezone.utc
SECOND = timedelta(seconds=1)


class Technician(NamedTuple):
    """What a search has to know of a technician besides their days."""

    id: int
    partner_id: int
    resource_id: int | None
    has_hours: bool
    tz: str
    place: Place | None
    radius_km: float


class Days(NamedTuple):
    """The local days of a search in one time zone, with their UTC bounds."""

    dates: list
    starts: list
    ends: list


class FusionTechnicianAvailability(models.AbstractModel):
    """The only adapter between Odoo's records and the scheduling package.

    It collects (one query per source, for all technicians and days at once), turns
    rows into values, asks the package, and turns the answer back. It holds no rule.
    Rows are read past the user's rights, because a technician is as busy with tasks
    and meetings that the user may not see; nothing of them but times comes out.
    """

    _name = "fusion.technician.availability"
    _description = "Technician Availability"

    # Questions -------------------------------------------------------------------

    @api.model
    def _find_slots(self, technicians, first, last, request, exclude_task=None):
        """Return all open slots on local days from first to last, as naive Slots."""
        first = max(first, request.now.date() - timedelta(days=1))
        last = min(last, self._get_last_day(request))
        plans = self._get_day_plans(technicians, first, last, exclude_task)
        travel = self._get_travel(plans, request.place)
        return self._from_slots(find_open_slots(plans, request, travel))

    @api.model
    def _find_next(self, technicians, first, request, exclude_task=None):
        """Return the first open slot on or after a local day, or None."""
        first = max(first, request.now.date() - timedelta(days=1))
        last = self._get_last_day(request)
        plans = self._get_day_plans(technicians, first, last, exclude_task)
        slot = next_open_slot(plans, request, self._get_travel(plans, request.place))
        return self._from_slots([slot])[0] if slot else None

    @api.model
    def _find_refusal(self, technician, start, request, exclude_task=None):
        """Return the Refusal of a start, or None if it is open.

        :param start: naive UTC
        """
        start = start.replace(tzinfo=UTC)
        people = self._collect_technicians(technician.ids)
        day = local_date(start, people[technician.id].tz)
        (plan,) = self._to_day_plans(people, day, day, exclude_task)
        travel = self._get_travel([plan], request.place)
        return explain(plan, request, start, travel)

    @api.model
    def _find_gaps(self, technician, day, exclude_task=None, **visit):
        """Return the free stretches of a local day as naive UTC pairs.

        :param visit: place, duration_minutes and travel_on_own_time of a visit
        """
        plans = self._get_day_plans(technician, day, day, exclude_task)
        if visit.get("duration_minutes"):
            visit["travel"] = self._get_travel(plans, visit.get("place"))
        return [
            (start.replace(tzinfo=None), end.replace(tzinfo=None))
            for plan in plans
            for start, end in day_gaps(plan, **visit)
        ]

    @api.model
    def _prepare_request(self, duration, latitude, longitude):
        """Return the SlotRequest of a visit by the rules of the current company.

        :param duration: hours
        """
        company = self.env.company.sudo()
        return SlotRequest(
            duration_minutes=self._to_minutes(duration),
            place=self._to_place(latitude, longitude),
            now=fields.Datetime.now().replace(tzinfo=UTC),
            lead_minutes=company.x_fc_booking_lead_hours * 60,
            horizon_days=company.x_fc_booking_horizon_days,
            grid_minutes=company.x_fc_slot_grid_minutes,
            travel_on_own_time=company.x_fc_travel_on_own_time,
        )

    # Collecting: one query per source --------------------------------------------

    @api.model
    def _get_day_plans(self, technicians, first, last, exclude_task=None):
        """Return the day plans of the technicians who work for the company."""
        people = self._collect_technicians(technicians.ids)
        if not people or first > last:
            return []
        return self._to_day_plans(people, first, last, exclude_task)

    @api.model
    def _collect_technicians(self, user_ids):
        """Return the active technicians of the current company as Technician by id.

        Of several resources of a user the company's own counts, else the one of the
        user's main company.
        """
        self.env["res.users"].flush_model(
            ["active", "company_id", "company_ids", "x_fc_is_technician",
             "x_fc_start_address_id", "x_fc_service_radius_km"]
        )  # fmt: skip
        self.env["res.partner"].flush_model(["partner_latitude", "partner_longitude"])
        self.env["resource.resource"].flush_model()
        self.env["resource.calendar"].flush_model(["flexible_hours"])
        company_id = self.env.company.id
        self.env.cr.execute(
            SQL(
                """
                SELECT u.id, u.partner_id, r.id,
                       c.id IS NOT NULL AND c.flexible_hours IS NOT TRUE,
                       COALESCE(r.tz, 'UTC'), p.partner_latitude, p.partner_longitude,
                       u.x_fc_service_radius_km
                  FROM res_users u
             LEFT JOIN res_partner p ON p.id = u.x_fc_start_address_id
     LEFT JOIN LATERAL (
                       SELECT id, tz, calendar_id
                         FROM resource_resource
                        WHERE user_id = u.id AND active
                     ORDER BY (company_id = %(company)s) IS TRUE DESC,
                              (company_id = u.company_id) IS TRUE DESC, id
                        LIMIT 1
                       ) r ON TRUE
             LEFT JOIN resource_calendar c ON c.id = r.calendar_id
                 WHERE u.id = ANY(%(users)s) AND u.active AND u.x_fc_is_technician
                   AND EXISTS (
                       SELECT 1 FROM res_company_users_rel
                        WHERE user_id = u.id AND cid = %(company)s)
                """,
                users=list(user_ids),
                company=company_id,
            )
        )
        return {
            row[0]: Technician(*row[:5], self._to_place(*row[5:7]), row[7] or 0.0)
            for row in self.env.cr.fetchall()
        }

    @api.model
    def _collect_hours(self, people, span):
        """Return working intervals (attendances minus leaves) by resource id.

        A technician without a calendar would be free day and night to Odoo, and
        flexible hours tell how much somebody works but not when: both offer nothing.
        """
        resource_ids = [person.resource_id for person in people if person.has_hours]
        if not resource_ids:
            return {}
        # Not every user may read calendars of other companies.
        resources = self.env["resource.resource"].sudo().browse(resource_ids)
        hours, _by_calendar = resources._get_valid_work_intervals(*span)
        return {
            resource_id: [
                (start.astimezone(UTC), self._to_full_second(end.astimezone(UTC)))
                for start, end, _attendances in hours[resource_id]
            ]
            for resource_id in resource_ids
        }

    @api.model
    def _collect_stops(self, user_ids, span, exclude_ids):
        """Return the live tasks as Stops by technician id."""
        self.env["fusion.technician.task"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT technician_id, date_start, date_end, latitude, longitude, id
                  FROM fusion_technician_task
                 WHERE technician_id = ANY(%s) AND status IN %s
                   AND date_start < %s AND date_end > %s AND id != ALL(%s)
                """,
                list(user_ids),
                LIVE_STATUSES,
                self._to_naive(span[1]),
                self._to_naive(span[0]),
                list(exclude_ids),
            )
        )
        stops = defaultdict(list)
        for user_id, start, end, latitude, longitude, key in self.env.cr.fetchall():
            place = self._to_place(latitude, longitude)
            stop = Stop(start.replace(tzinfo=UTC), end.replace(tzinfo=UTC), place, key)
            stops[user_id].append(stop)
        return stops

    @api.model
    def _collect_busy(self, people, span):
        """Return busy calendar events as Busy by technician id.

        Those that the technician attends and has not declined, or organises without
        any attendee; mirrors of tasks are no events of their own. An all-day event
        takes the whole of its local days.
        """
        self.env["calendar.event"].flush_model()
        self.env["calendar.attendee"].flush_model()
        self.env.cr.execute(self._get_busy_query(people, span))
        by_user = {person.id: person for person in people}
        busy = defaultdict(list)
        for user_id, allday, *bounds in self.env.cr.fetchall():
            start, stop, start_date, stop_date = bounds
            if allday:
                tz = by_user[user_id].tz
                event = Busy(local_day(start_date, tz)[0], local_day(stop_date, tz)[1])
            else:
                event = Busy(start.replace(tzinfo=UTC), stop.replace(tzinfo=UTC))
            busy[user_id].append(event)
        return busy

    @api.model
    def _get_busy_query(self, people, span):
        # All-day events have dates, which begin and end up to a day off UTC.
        margin = timedelta(days=1)
        return SQL(
            """
            SELECT DISTINCT u.id, e.allday, e.start, e.stop, e.start_date, e.stop_date
              FROM calendar_event e
         LEFT JOIN calendar_attendee a ON a.event_id = e.id
              JOIN res_users u
                ON u.partner_id = a.partner_id AND a.state IS DISTINCT FROM 'declined'
                OR u.id = e.user_id AND a.id IS NULL
             WHERE u.id = ANY(%(users)s) AND e.active AND e.show_as = 'busy'
               AND CASE WHEN e.allday
                        THEN e.start_date <= %(last)s AND e.stop_date >= %(first)s
                        ELSE e.start < %(end)s AND e.stop > %(start)s
                   END
               AND NOT EXISTS (
                   SELECT 1 FROM fusion_technician_task t
                    WHERE t.calendar_event_id = e.id)
            """,
            users=[person.id for person in people],
            start=self._to_naive(span[0]),
            end=self._to_naive(span[1]),
            first=(span[0] - margin).date(),
            last=(span[1] + margin).date(),
        )

    # To and from the values of the scheduling package ------------------------------

    @api.model
    def _to_day_plans(self, people, first, last, exclude_task=None):
        """Return a DayPlan for every technician and local day of a search."""
        exclude_ids = exclude_task.ids if exclude_task else []
        days = {tz: self._to_days(tz, first, last) for tz in self._get_zones(people)}
        span = (
            min(zone.starts[0] for zone in days.values()),
            max(zone.ends[-1] for zone in days.values()),
        )
        everyone = people.values()
        hours = self._collect_hours(everyone, span)
        stops = self._collect_stops(people, span, exclude_ids)
        busy = self._collect_busy(everyone, span)
        return [
            plan
            for person in everyone
            for plan in self._to_plans_of(
                person,
                days[person.tz],
                hours.get(person.resource_id, ()),
                stops[person.id],
                busy[person.id],
            )
        ]

    @api.model
    def _to_plans_of(self, person, days, hours, stops, busy):
        """Return one technician's DayPlans."""
        parts = (self._spread(items, days) for items in (hours, stops, busy))
        return [
            DayPlan(
                technician_id=person.id,
                day=day,
                tz=person.tz,
                windows=self._clip(windows, start, end),
                stops=tuple(stops_of_day),
                busy=tuple(busy_of_day),
                start_place=person.place,
                radius_km=person.radius_km,
            )
            for day, start, end, windows, stops_of_day, busy_of_day in zip(
                days.dates, days.starts, days.ends, *parts, strict=True
            )
        ]

    @api.model
    def _to_days(self, tz, first, last):
        dates = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        bounds = [local_day(day, tz) for day in dates]
        return Days(
            dates, [start for start, _end in bounds], [end for _s, end in bounds]
        )

    @api.model
    def _spread(self, items, days):
        """Return, for each day, the items that intersect it."""
        parts = [[] for _day in days.dates]
        for item in items:
            number = bisect_right(days.ends, item[0])
            while number < len(parts) and days.starts[number] < item[1]:
                parts[number].append(item)
                number += 1
        return parts

    @api.model
    def _clip(self, windows, start, end):
        return tuple((max(begin, start), min(until, end)) for begin, until in windows)

    @api.model
    def _from_slots(self, slots):
        """Return slots with naive UTC datetimes."""
        naive = {}

        def strip(instant):
            value = naive.get(instant)
            if value is None:
                value = naive[instant] = instant.replace(tzinfo=None)
            return value

        return [Slot(s[0], strip(s[1]), strip(s[2]), s[3], s[4], s[5]) for s in slots]

    @api.model
    def _to_place(self, latitude, longitude):
        """Return a Place; without coordinates, or with both zero, it is unknown."""
        if not latitude and not longitude:
            return None
        if not -90 <= latitude <= 90 or not -180 <= longitude <= 180:
            raise UserError(self.env._("These coordinates are not on the map."))
        return Place(latitude, longitude)

    @api.model
    def _to_minutes(self, duration):
        minutes = round(duration * 60)
        if minutes <= 0:
            raise UserError(
                self.env._("A visit must take some time: more than 0 hours.")
            )
        return minutes

    @api.model
    def _get_last_day(self, request):
        """Return the last local day, anywhere, that the horizon can reach."""
        return request.now.date() + timedelta(days=request.horizon_days + 1)

    @api.model
    def _get_zones(self, people):
        return {person.tz for person in people.values()}

    @api.model
    def _get_travel(self, plans, place):
        places = {place, *(plan.start_place for plan in plans)}
        places.update(stop.place for plan in plans for stop in plan.stops)
        return self.env["fusion.travel"]._get_travel_table(places - {None})

    @api.model
    def _to_full_second(self, instant):
        """Return an instant rounded up: 24:00 is 23:59:59.999999 in Odoo."""
        if not instant.microsecond:
            return instant
        return instant.replace(microsecond=0) + SECOND

    @api.model
    def _to_naive(self, instant):
        return instant.astimezone(UTC).replace(tzinfo=None)
