"""The six rules read aloud, minute by minute, with plain datetimes.

Slow and literal on purpose, and it shares no line with the package: it takes a
``Case`` of plain values and walks over every minute of the local day.
"""

import math
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)


@dataclass
class Case:
    """One technician's day and one visit; places are (latitude, longitude) or None."""

    zone: str
    day: date
    windows: list[tuple[datetime, datetime]]
    stops: list[tuple]  # (start, end, place, key)
    busy: list[tuple[datetime, datetime]]
    home: tuple[float, float] | None
    radius_km: float
    place: tuple[float, float] | None
    minutes: int
    now: datetime
    lead_minutes: int = 0
    horizon_days: int = 21
    grid: int = 30
    own_time: bool = False
    rest_minutes: int = 0
    evening: tuple | None = None
    legs: dict = field(default_factory=dict)


def instants(case):
    """Every minute of UTC at which the wall clock of the zone shows the day."""
    return _minutes_of(case.zone, case.day)


@lru_cache(maxsize=16)
def _minutes_of(name, day):
    zone = ZoneInfo(name)
    moment = datetime.combine(day, datetime.min.time(), timezone.utc)
    moment -= timedelta(hours=16)
    last = moment + timedelta(hours=56)
    minutes = []
    while moment < last:
        wall = moment.astimezone(zone)
        if wall.date() == day:
            minutes.append((moment, wall))
            moment += MINUTE
        else:
            moment += 15 * MINUTE  # days begin and end on a quarter
    return minutes


def distance_km(one, other):
    """Great circle by the angle between two vectors (not by haversine)."""

    def vector(place):
        latitude, longitude = math.radians(place[0]), math.radians(place[1])
        level = math.cos(latitude)
        return (
            level * math.cos(longitude),
            level * math.sin(longitude),
            math.sin(latitude),
        )

    a, b = vector(one), vector(other)
    cross = (
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    )
    along = sum(x * y for x, y in zip(a, b, strict=True))
    return 6371.009 * math.atan2(math.hypot(*cross), along)


def drive(case, origin, target):
    """Minutes of a drive."""
    if origin is None or target is None:
        return 30
    if (origin, target) in case.legs:
        return case.legs[origin, target]
    if origin == target:
        return 0
    return math.ceil(distance_km(origin, target) * 1.3 / 40 * 60)


def neighbours(case, start):
    """The previous stops (all with the latest end) and the next (earliest start)."""
    end = start + case.minutes * MINUTE
    ended = [stop for stop in case.stops if stop[1] <= start]
    coming = [stop for stop in case.stops if stop[0] >= end]
    latest = max((stop[1] for stop in ended), default=None)
    earliest = min((stop[0] for stop in coming), default=None)
    return (
        [stop for stop in ended if stop[1] == latest],
        [stop for stop in coming if stop[0] == earliest],
    )


def rules_broken(case, start):
    """The numbers of the rules that a start breaks; the grid is not asked here."""
    end = start + case.minutes * MINUTE
    previous, following = neighbours(case, start)
    broken = {
        1: not inside_one_window(case, start, end),
        2: any(stop[0] < end and start < stop[1] for stop in case.stops)
        or not _is_rested(case, start)
        or not _arrives_in_time(case, previous, start),
        3: any(
            end + drive(case, case.place, stop[2]) * MINUTE > stop[0]
            for stop in following
        ),
        4: any(a < b and a < end and start < b for a, b in case.busy),
        5: start < case.now + case.lead_minutes * MINUTE
        or start > case.now + timedelta(days=case.horizon_days),
        6: _too_far_away(case),
    }
    return {rule for rule, is_broken in broken.items() if is_broken}


def _arrives_in_time(case, previous, start):
    """From every previous stop; without one, or with one before hours, from home."""
    in_time = all(
        stop[1] + drive(case, stop[2], case.place) * MINUTE <= start
        for stop in previous
    )
    opening = _opening(case)
    if opening is None or (previous and previous[0][1] > opening):
        return in_time
    home = 0 if case.own_time else drive(case, case.home, case.place)
    return in_time and opening + home * MINUTE <= start


def _opening(case):
    """When the working day begins, None on a day off."""
    openings = [window[0] for window in case.windows if window[0] < window[1]]
    return min(openings, default=None)


def _is_rested(case, start):
    """Whether the last work before hours, or of the day before, is long enough over."""
    opening = _opening(case)
    if not case.rest_minutes or opening is None or opening == instants(case)[0][0]:
        return True
    before = [stop for stop in case.stops if stop[1] <= opening]
    ends = [stop[1] for stop in before or [case.evening] if stop]
    return not ends or max(ends) + case.rest_minutes * MINUTE <= start


def _too_far_away(case):
    """Known places only, and a radius of 0 is none."""
    if case.home is None or case.place is None or case.radius_km == 0:
        return False
    return distance_km(case.home, case.place) > case.radius_km


def inside_one_window(case, start, end):
    """Follow the working time from the start on, through windows that touch."""
    reached = start
    while reached < end:
        reach = [b for a, b in case.windows if a <= reached < b]
        if not reach:
            return False
        reached = max(reach)
    return True


def open_slots(case):
    """The (start, travel before, travel after, detour) of every open slot."""
    return [
        (moment, *_driving(case, moment))
        for moment, wall in instants(case)
        if wall.minute % case.grid == 0
        and wall.second == 0
        and not rules_broken(case, moment)
    ]


def _driving(case, start):
    """The drives of an open slot, and what they add to the day."""
    previous, following = neighbours(case, start)
    origin, before = case.home, drive(case, case.home, case.place)
    opening = _opening(case)
    if previous and previous[0][1] > opening:
        previous.sort(key=lambda stop: (stop[0], stop[3]))
        origin, before = max(
            ((stop[2], drive(case, stop[2], case.place)) for stop in previous),
            key=lambda leg: leg[1],
        )
    if not following:
        return before, 0, before
    following.sort(key=lambda stop: (stop[1], stop[3]))
    target, after = max(
        ((stop[2], drive(case, case.place, stop[2])) for stop in following),
        key=lambda leg: leg[1],
    )
    return before, after, max(0, before + after - drive(case, origin, target))
