"""A day plan in ticks (epoch microseconds), sorted for look-up (internal)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from operator import itemgetter
from typing import NamedTuple

from .clock import EPOCH, SECOND, ticks, zone_of
from .intervals import merge
from .values import Busy, Place, Stop

Span = tuple[int, int]


class TimelineStop(NamedTuple):
    """A stop, in ticks."""

    start: int
    end: int
    key: int
    place: Place | None


class Timeline(NamedTuple):
    """One technician's day: ``starts`` and ``ends`` are there to be bisected.

    ``evening`` is the last stop that ended before the day began.
    """

    zone: tzinfo
    windows: list[Span]
    stops: list[TimelineStop]
    starts: list[int]
    stops_by_end: list[TimelineStop]
    ends: list[int]
    busy: list[Span]
    evening: TimelineStop | None = None

    def previous_stops(self, start: int) -> list[TimelineStop]:
        """Return the stops with the latest end among those ended by ``start``."""
        ends = self.ends
        after = first = bisect_right(ends, start)
        while first and ends[first - 1] == ends[after - 1]:
            first -= 1
        return self.stops_by_end[first:after]

    def next_stops(self, end: int) -> list[TimelineStop]:
        """Return the stops with the earliest start among those from ``end`` on."""
        starts = self.starts
        first = after = bisect_right(starts, end - 1)
        while after < len(starts) and starts[after] == starts[first]:
            after += 1
        return self.stops[first:after]


def read_timeline(
    tz: str | tzinfo,
    windows: Iterable[tuple[datetime, datetime]],
    stops: Iterable[Stop],
    busy: Iterable[tuple[datetime, datetime]],
    evening: Stop | None = None,
) -> Timeline:
    """Check the parts of a day plan and convert them.

    :raise ValueError: see :class:`DayPlan`
    """
    held = _held(stops)
    by_end = sorted(held, key=itemgetter(1))
    return Timeline(
        zone=zone_of(tz),
        windows=merge([_span(start, end) for start, end in windows]),
        stops=held,
        starts=[stop[0] for stop in held],
        stops_by_end=by_end,
        ends=[stop[1] for stop in by_end],
        busy=merge([_span(start, end) for start, end in busy]),
        evening=_held([evening])[0] if evening else None,
    )


def _held(stops: Iterable[Stop]) -> list[TimelineStop]:
    """Convert stops, by start; refuse one without length.

    Written out, without a call per bound: this loop runs thousands of times a search.
    """
    held: list[TimelineStop] = []
    for start, end, place, key in stops:
        try:
            first, last = start - EPOCH, end - EPOCH
        except TypeError:
            raise ValueError(f"stop {key} has no aware datetimes") from None
        if last <= first:
            raise ValueError(f"stop {key} ends at or before its start")
        begins = (first.days * 86400 + first.seconds) * SECOND + first.microseconds
        ends = (last.days * 86400 + last.seconds) * SECOND + last.microseconds
        held.append(TimelineStop(begins, ends, key, place))
    held.sort(key=itemgetter(0, 1, 2))
    return held


def _span(start: datetime, end: datetime) -> Span:
    """Convert an interval, or refuse one that runs backwards."""
    first, last = ticks(start), ticks(end)
    if last < first:
        raise ValueError(f"an interval ends before its start: {start} - {end}")
    return first, last


@dataclass(frozen=True, slots=True)
class DayPlan:
    """One technician's local calendar day, as it stands.

    :param tz: IANA name or (hashable) tzinfo of the technician
    :param windows: working intervals of that day (attendances minus leaves), aware;
        any order; those that touch or overlap count as one; empty ones are ignored
    :param stops: the stops that intersect the local day (``local_day`` gives its
        bounds); any order; they may overlap one another
    :param busy: busy events; any order; those without length are ignored
    :param start_place: where the day starts
    :param radius_km: how far from there the technician goes; 0 is no limit
    :param evening: the last stop that ended before the local day began, if any
    :raise ValueError: for a naive datetime, an unknown zone, a stop whose end is not
        after its start, a window or event whose end is before its start
    """

    technician_id: int
    day: date
    tz: str | tzinfo
    windows: tuple[tuple[datetime, datetime], ...]
    stops: tuple[Stop, ...] = ()
    busy: tuple[Busy, ...] = ()
    start_place: Place | None = None
    radius_km: float = 0.0
    evening: Stop | None = None
    timeline: Timeline = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check the plan and read it into ticks, once."""
        timeline = read_timeline(
            self.tz, self.windows, self.stops, self.busy, self.evening
        )
        object.__setattr__(self, "timeline", timeline)
