"""The visit to be placed, in ticks, and the drives to and from it (internal)."""

from operator import itemgetter
from typing import NamedTuple

from .clock import DAY, MINUTE, ticks
from .days import Plan
from .timeline import TimelineStop
from .travel import Travel
from .values import Place, SlotRequest

FAR = 1 << 62


class Visit(NamedTuple):
    """A request in ticks (epoch microseconds), ready for the search."""

    duration: int
    place: Place | None
    travel: Travel
    earliest: int = -FAR
    latest: int = FAR
    step: int = MINUTE
    on_own_time: bool = False
    rest: int = 0

    @classmethod
    def of(cls, request: SlotRequest, travel: Travel) -> "Visit":
        """Read a request."""
        now = ticks(request.now)
        return cls(
            duration=request.duration_minutes * MINUTE,
            place=request.place,
            travel=travel,
            earliest=now + request.lead_minutes * MINUTE,
            latest=now + request.horizon_days * DAY,
            step=request.grid_minutes * MINUTE,
            on_own_time=request.travel_on_own_time,
            rest=request.rest_minutes * MINUTE,
        )


class Leg(NamedTuple):
    """A drive to or from the visit; without a stop it is from the start place."""

    minutes: int
    stop: TimelineStop | None


def leg_before(plan: Plan, visit: Visit, start: int) -> Leg:
    """Return the drive to a visit that starts then and overlaps no stop.

    The previous stop is the one with the latest end at or before the start; of those
    that end together, the longest drive counts (then the earliest start and lowest
    key). Without one, the drive is from the start place, and so it is after what ended
    before the working day began: whoever worked at night went home.
    """
    stops = plan.timeline.previous_stops(start)
    if not stops or stops[0].end <= plan.timeline.windows[0][0]:
        return Leg(visit.travel(plan.start_place, visit.place), None)
    travel, place = visit.travel, visit.place
    return _longest([Leg(travel(stop.place, place), stop) for stop in stops])


def leg_after(plan: Plan, visit: Visit, start: int) -> Leg:
    """Return the drive from a visit that starts then and overlaps no stop.

    The next stop is the one with the earliest start at or after the visit's end; of
    those that start together, the longest drive counts (then the earliest end and
    lowest key). Without one, there is none: the drive home is not planned.
    """
    stops = plan.timeline.next_stops(start + visit.duration)
    if not stops:
        return Leg(0, None)
    travel, place = visit.travel, visit.place
    return _longest([Leg(travel(place, stop.place), stop) for stop in stops])


def _longest(legs: list[Leg]) -> Leg:
    """Return the longest drive, the first of equals."""
    return legs[0] if len(legs) == 1 else max(legs, key=itemgetter(0))


def detour_minutes(plan: Plan, visit: Visit, before: Leg, after: Leg) -> int:
    """Return the driving that the visit adds to the day, at least 0.

    The two legs minus the direct drive that they replace. Without a next stop it is
    the leg before: there is no drive home (rule 3).
    """
    if after.stop is None:
        return before.minutes
    origin = before.stop.place if before.stop else plan.start_place
    direct = visit.travel(origin, after.stop.place)
    return max(0, before.minutes + after.minutes - direct)


def earliest_start(plan: Plan, visit: Visit, before: Leg) -> int:
    """Return the first start that the drive to the visit leaves possible."""
    if before.stop is not None:
        return before.stop.end + before.minutes * MINUTE
    opening = plan.timeline.windows[0][0]
    arrival = opening + (0 if visit.on_own_time else before.minutes) * MINUTE
    # From a stop just before working time nobody is here sooner than its drive takes.
    early = [
        stop.end + visit.travel(stop.place, visit.place) * MINUTE
        for stop in plan.timeline.previous_stops(opening)
    ]
    return max([arrival, *early])


def latest_start(visit: Visit, after: Leg) -> int:
    """Return the last start that the drive from the visit leaves possible."""
    if after.stop is None:
        return FAR
    return after.stop.start - after.minutes * MINUTE - visit.duration
