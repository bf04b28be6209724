"""The six rules read aloud from Odoo's records, minute by minute.

Slow and literal on purpose. It shares nothing with the engine or its adapter: no SQL,
no intervals, no haversine, and the clock of a zone is only ever asked from UTC.
"""

import math
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from odoo.fields import Domain

UTC = timezone.utc
MINUTE = timedelta(minutes=1)
LIVE = ("scheduled", "en_route", "in_progress")


class Oracle:
    """What one technician's records say."""

    def __init__(self, technician):
        """Read everything there is of a technician."""
        env = technician.env
        self.company = env.company
        self.resource = technician.x_fc_resource_id
        self.zone = ZoneInfo(self.resource.tz)
        self.home = _place(technician.x_fc_start_address_id)
        self.radius_km = technician.x_fc_service_radius_km
        tasks = env["fusion.technician.task"].search(
            [("technician_id", "=", technician.id), ("status", "in", LIVE)]
        )
        self.stops = [
            (_aware(t.date_start), _aware(t.date_end), _point(t.latitude, t.longitude))
            for t in tasks
        ]
        self.busy = [
            self._span(event)
            for event in env["calendar.event"].search(
                Domain("user_id", "=", technician.id)
                | Domain("partner_ids", "in", technician.partner_id.ids)
            )
            if self._is_busy(event, technician)
        ]
        self.lines = [
            line
            for line in self.resource.calendar_id.attendance_ids
            if line.day_period != "lunch" and not line.display_type
        ]
        self.leaves = [
            (_aware(leave.date_from), _aware(leave.date_to))
            for leave in env["resource.calendar.leaves"].search(
                [("resource_id", "in", (False, self.resource.id))]
            )
            if self._is_off(leave)
        ]

    def starts(self, days, minutes, place):
        """Return every open start on some local days, aware UTC, in order."""
        grid = self.company.x_fc_slot_grid_minutes
        found = []
        for day in days:
            clock = [m for m in _minutes_around(day) if self._wall(m).date() == day]
            work = [moment for moment in clock if self._works(moment)]
            stops = [
                stop
                for stop in self.stops
                if stop[0] < clock[-1] + MINUTE and stop[1] > clock[0]
            ]
            hours = set(work), min(work, default=None), stops
            found += [
                moment
                for moment in work
                if self._wall(moment).minute % grid == 0
                and self._is_open(moment, minutes, place, hours)
            ]
        return found

    # The rules ----------------------------------------------------------------------

    def _is_open(self, start, minutes, place, day):
        end = start + minutes * MINUTE
        work, opening, stops = day
        return (
            self._is_in_reach(start)
            and not self._is_far(place)
            and {start + n * MINUTE for n in range(minutes)} <= work
            and not any(a < end and start < b for a, b, _place in stops)
            and not any(a < b and a < end and start < b for a, b in self.busy)
            and self._arrives(start, place, stops, opening)
            and self._leaves_in_time(end, place, stops)
        )

    def _is_in_reach(self, start):
        now = datetime.now(UTC)
        lead = timedelta(hours=self.company.x_fc_booking_lead_hours)
        return (
            now + lead
            <= start
            <= now + timedelta(days=self.company.x_fc_booking_horizon_days)
        )

    def _is_far(self, place):
        if not (self.radius_km and self.home and place):
            return False
        return _km(self.home, place) > self.radius_km

    def _works(self, moment):
        """Tell whether a minute is working time: attendance, no leave."""
        calendar = self.resource.calendar_id
        if any(a < moment + MINUTE and moment < b for a, b in self.leaves):
            return False
        wall = self._wall(moment)
        hour = wall.hour + wall.minute / 60
        parity = str((wall.toordinal() - 1) // 7 % 2)
        return any(
            int(line.dayofweek) == wall.weekday()
            and line.hour_from <= hour < line.hour_to
            and (not calendar.two_weeks_calendar or line.week_type == parity)
            for line in self.lines
        )

    def _arrives(self, start, place, stops, opening):
        ended = [stop for stop in stops if stop[1] <= start]
        latest = max((stop[1] for stop in ended), default=None)
        if not all(
            latest + _drive(stop[2], place) * MINUTE <= start
            for stop in ended
            if stop[1] == latest
        ):
            return False
        if not self._is_rested(start, opening):
            return False
        if ended and latest > opening:
            return True
        if self.company.x_fc_travel_on_own_time:
            return True
        return opening + _drive(self.home, place) * MINUTE <= start

    def _is_rested(self, start, opening):
        """Tell whether work before the working day is long enough over."""
        if self._wall(opening).strftime("%H:%M") == "00:00":
            return True
        ends = [stop[1] for stop in self.stops if stop[1] <= opening]
        rest = timedelta(hours=self.company.x_fc_rest_hours)
        return not ends or max(ends) + rest <= start

    def _leaves_in_time(self, end, place, stops):
        coming = [stop for stop in stops if stop[0] >= end]
        earliest = min((stop[0] for stop in coming), default=None)
        return all(
            end + _drive(place, stop[2]) * MINUTE <= earliest
            for stop in coming
            if stop[0] == earliest
        )

    # The records --------------------------------------------------------------------

    def _wall(self, moment):
        return moment.astimezone(self.zone)

    def _is_busy(self, event, technician):
        mirrored = event.env["fusion.technician.task"].search_count(
            [("calendar_event_id", "=", event.id)]
        )
        if mirrored or event.show_as != "busy":
            return False
        if not event.attendee_ids:
            return event.user_id == technician
        return any(
            guest.partner_id == technician.partner_id
            and guest.state != "declined"
            and (guest.state != "needsAction" or event.user_id == technician)
            for guest in event.attendee_ids
        )

    def _span(self, event):
        if not event.allday:
            return _aware(event.start), _aware(event.stop)
        days = [event.start_date, event.stop_date]
        minutes = [
            moment
            for day in days
            for moment in _minutes_around(day)
            if self._wall(moment).date() == day
        ]
        return min(minutes), max(minutes) + MINUTE

    def _is_off(self, leave):
        if leave.time_type != "leave":
            return False
        if leave.calendar_id and leave.calendar_id != self.resource.calendar_id:
            return False
        if leave.resource_id:
            return leave.resource_id == self.resource
        return leave.company_id == self.resource.company_id


def _minutes_around(day):
    """Every minute of UTC at which it may be that day somewhere."""
    start = datetime.combine(day, datetime.min.time(), UTC) - timedelta(hours=15)
    return [start + n * MINUTE for n in range(54 * 60)]


def _aware(moment):
    return moment.replace(tzinfo=UTC)


def _place(partner):
    return _point(partner.partner_latitude, partner.partner_longitude)


def _point(latitude, longitude):
    return (latitude, longitude) if latitude or longitude else None


def _km(one, other):
    """Great circle by the chord between two points on the globe."""
    a, b = map(_vector, (one, other))
    return 2 * 6371.009 * math.asin(min(1.0, math.dist(a, b) / 2))


def _vector(point):
    latitude, longitude = map(math.radians, point)
    level = math.cos(latitude)
    return level * math.cos(longitude), level * math.sin(longitude), math.sin(latitude)


def _drive(origin, target):
    if origin is None or target is None:
        return 30
    if origin == target:
        return 0
    return math.ceil(_km(origin, target) * 1.3 / 40 * 60)
