from bisect import bisect_right
from datetime import timedelta, timezone

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...groups import DISPATCHER
from ...scheduling import (
    Busy,
    Dates,
    DayPlan,
    Place,
    Slot,
    SlotRequest,
    Stop,
    Work,
    day_gaps,
    explain,
    find_open_slots,
    last_ended,
    local_date,
    next_open_slot,
    rank_slots,
    to_utc,
    work_days,
    zone_of,
)

UTC = timezone.utc
OFFICE_HORIZON_DAYS = 366
EVENING = timedelta(days=1)
"""How far back work counts after which a technician needs rest."""


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
        days = self._get_work_days(technicians, first, last, request, exclude_task)
        travel = self._get_travel(days, request.place)
        return self._from_slots(find_open_slots(days, request, travel))

    @api.model
    def _find_short_list(  # noqa: PLR0913, PLR0917 - a search's and a list's arguments
        self,
        technicians,
        first,
        last,
        request,
        exclude_task=None,
        limit=12,
        per_day=3,
        with_earliest=False,
    ):
        """Return the best open slots as naive Slots, and the zones of technicians.

        What a search and a ranking after it return, with the technicians read once; of
        slots without notice, those that can still be driven to.

        :param with_earliest: as of ``rank_slots``
        :return: list of Slot in date order, dict of zone names by technician id
        """
        people = self._collect_technicians(technicians.ids)
        days = self._get_days_of(people, first, last, request, exclude_task)
        travel = self._get_travel(days, request.place)
        found = [
            slot
            for slot in find_open_slots(days, request, travel)
            if slot.start - timedelta(minutes=slot.travel_before) >= request.now
        ]
        zones = {person.id: person.tz for person in people.values()}
        ranked = self._rank(found, zones, limit, per_day, with_earliest)
        return self._from_slots(ranked), zones

    @api.model
    def _rank(self, slots, zones, limit, per_day, with_earliest=False):
        """Return the short list of aware slots.

        :param zones: names of zones by technician id
        """
        known = {technician_id: zone_of(tz) for technician_id, tz in zones.items()}

        def local_of(slot):
            return slot.start.astimezone(known.get(slot.technician_id, UTC))

        return rank_slots(
            slots, limit, per_day, local_of=local_of, with_earliest=with_earliest
        )

    @api.model
    def _find_next(self, technicians, first, request, exclude_task=None):
        """Return the first open slot on or after a local day, or None."""
        last = self._get_last_day(request)
        days = self._get_work_days(technicians, first, last, request, exclude_task)
        slot = next_open_slot(days, request, self._get_travel(days, request.place))
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
    def _prepare_request(self, duration, latitude, longitude, past_horizon=False):
        """Return the SlotRequest of a visit by the rules of the current company.

        :param duration: hours
        :param past_horizon: as of ``_get_notice_and_horizon``
        """
        company = self.env.company.sudo()
        lead_minutes, horizon_days = self._get_notice_and_horizon(past_horizon)
        return SlotRequest(
            duration_minutes=self._to_minutes(duration),
            place=self._to_place(latitude, longitude),
            now=fields.Datetime.now().replace(tzinfo=UTC),
            lead_minutes=lead_minutes,
            horizon_days=horizon_days,
            grid_minutes=company.x_fc_slot_grid_minutes,
            travel_on_own_time=company.x_fc_travel_on_own_time,
            rest_minutes=company.x_fc_rest_hours * 60,
        )

    @api.model
    def _get_notice_and_horizon(self, past_horizon=False):
        """Return the notice (minutes) and the horizon (days) of the current company.

        Both bound what clients are offered. All other rules of the engine hold.

        :param past_horizon: look past them, up to a year ahead; this counts for
            dispatchers only, not for the system, which acts for public visitors
        """
        user = self.env.user
        if past_horizon and user.has_group(DISPATCHER) and not user._is_superuser():
            return 0, OFFICE_HORIZON_DAYS
        company = self.env.company.sudo()
        return company.x_fc_booking_lead_hours * 60, company.x_fc_booking_horizon_days

    # To and from the values of the scheduling package ------------------------------

    @api.model
    def _get_day_plans(self, technicians, first, last, exclude_task=None):
        """Return the day plans of the technicians who work for the company."""
        people = self._collect_technicians(technicians.ids)
        if not people or first > last:
            return []
        return self._to_day_plans(people, first, last, exclude_task)

    @api.model
    def _get_work_days(self, technicians, first, last, request, exclude_task=None):
        """Return the Days in reach of a request on which the technicians work."""
        people = self._collect_technicians(technicians.ids)
        return self._get_days_of(people, first, last, request, exclude_task)

    @api.model
    def _get_days_of(self, people, first, last, request, exclude_task=None):
        """Return the Days in reach of a request, of Technicians by id."""
        earliest = request.now + timedelta(minutes=request.lead_minutes)
        first = max(first, earliest.date() - timedelta(days=1))
        last = min(last, self._get_last_day(request))
        if not people or first > last:
            return []
        dates, work = self._collect_work(people, first, last, exclude_task)
        return [
            day
            for person in people.values()
            for day in work_days(
                (person.id, person.place, person.radius_km),
                dates[person.tz],
                work[person.id],
            )
        ]

    @api.model
    def _collect_work(self, people, first, last, exclude_task=None):
        """Return the Dates by time zone, and the Work by technician id."""
        exclude_ids = exclude_task.ids if exclude_task else []
        dates = {
            tz: Dates.between(first, last, zone_of(tz))
            for tz in {person.tz for person in people.values()}
        }
        span = (
            to_utc(min(zone.starts[0] for zone in dates.values())),
            to_utc(max(zone.ends[-1] for zone in dates.values())),
        )
        everyone = people.values()
        hours = self._collect_hours(everyone, dates, span)
        before = (span[0] - EVENING, span[1])
        stops = self._collect_stops(people, before, exclude_ids)
        busy = self._collect_busy(everyone, span)
        return dates, {
            person.id: Work(
                hours.get(person.id) or [()] * len(dates[person.tz].days),
                stops[person.id],
                busy[person.id],
            )
            for person in everyone
        }

    @api.model
    def _to_day_plans(self, people, first, last, exclude_task=None):
        """Return a DayPlan for every technician and local day."""
        dates, work = self._collect_work(people, first, last, exclude_task)
        return [
            plan
            for person in people.values()
            for plan in self._to_plans_of(person, dates[person.tz], work[person.id])
        ]

    @api.model
    def _to_plans_of(self, person, dates, work):
        """Return one technician's DayPlans."""
        parts = work.windows, *(self._spread(items, dates) for items in work[1:])
        return [
            DayPlan(
                technician_id=person.id,
                day=day,
                tz=person.tz,
                windows=tuple((to_utc(a), to_utc(b)) for a, b in windows),
                stops=tuple(self._to_stop(stop) for stop in stops),
                busy=tuple(Busy(to_utc(a), to_utc(b)) for a, b in busy),
                start_place=person.place,
                radius_km=person.radius_km,
                evening=self._to_stop(last_ended(work.stops, begins)),
            )
            for begins, day, windows, stops, busy in zip(
                dates.starts, dates.days, *parts, strict=True
            )
        ]

    @api.model
    def _to_stop(self, stop):
        """Return a TimelineStop, if any, as a Stop."""
        if stop is None:
            return None
        return Stop(to_utc(stop.start), to_utc(stop.end), stop.place, stop.key)

    @api.model
    def _spread(self, items, dates):
        """Return, for each day, the items that intersect it."""
        parts = [[] for _day in dates.days]
        for item in items:
            number = bisect_right(dates.ends, item[0])
            while number < len(parts) and dates.starts[number] < item[1]:
                parts[number].append(item)
                number += 1
        return parts

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
        """Return a Place; without both coordinates, or both zero, it is unknown."""
        if latitude is None or longitude is None or not (latitude or longitude):
            return None
        if not -90 <= latitude <= 90 or not -180 <= longitude <= 180:
            raise UserError(self.env._("These coordinates are not on the map."))
        return Place(latitude, longitude)

    @api.model
    def _to_minutes(self, duration):
        """Return hours as whole minutes; a visit ends on the day it starts."""
        if not 0 < duration <= 24 or not round(duration * 60):
            raise UserError(
                self.env._("A visit takes some time, and 24 hours at most.")
            )
        return round(duration * 60)

    @api.model
    def _get_last_day(self, request):
        """Return the last local day, anywhere, that the horizon can reach."""
        return request.now.date() + timedelta(days=request.horizon_days + 1)

    @api.model
    def _get_travel(self, plans, place):
        return self.env["fusion.travel"]._get_plans_table(plans, place)

    @api.model
    def _to_naive(self, instant):
        return instant.astimezone(UTC).replace(tzinfo=None)
