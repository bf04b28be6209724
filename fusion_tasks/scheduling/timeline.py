"""A day plan in whole epoch seconds, sorted for look-up (internal).

Stops and busy events are rounded outwards to the second, windows inwards. Starts are
whole seconds, so no comparison with a start changes by it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from .clock import DAY, EPOCH, ceil_seconds, floor_seconds, since_epoch, zone_of
from .intervals import merge

if TYPE_CHECKING:
    from .values import Place, Stop

Span = tuple[int, int]


class Held(NamedTuple):
    """A stop, in epoch seconds."""

    start: int
    end: int
    key: int
    place: Place | None


class Timeline(NamedTuple):
    """One technician's day: ``starts`` and ``ends`` are there to be bisected."""

    zone: tzinfo
    windows: list[Span]
    stops: list[Held]
    starts: list[int]
    stops_by_end: list[Held]
    ends: list[int]
    busy: list[Span]

    def previous_stops(self, start: int) -> list[Held]:
        """Return the stops with the latest end among those ended by ``start``."""
        ends = self.ends
        after = first = bisect_right(ends, start)
        while first and ends[first - 1] == ends[after - 1]:
            first -= 1
        return self.stops_by_end[first:after]

    def next_stops(self, end: int) -> list[Held]:
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
) -> Timeline:
    """Check the parts of a day plan and convert them.

    :raise ValueError: see :class:`~.values.DayPlan`
    """
    held = _held(stops)
    by_end = sorted(held, key=itemgetter(1))
    return Timeline(
        zone=zone_of(tz),
        windows=merge([_inwards(start, end) for start, end in windows]),
        stops=held,
        starts=[stop[0] for stop in held],
        stops_by_end=by_end,
        ends=[stop[1] for stop in by_end],
        busy=merge([_outwards(start, end) for start, end in busy]),
    )


def _held(stops: Iterable[Stop]) -> list[Held]:
    """Convert stops, by start; refuse one without length.

    Written out, without a call per bound: this loop runs thousands of times a search.
    """
    held: list[Held] = []
    for start, end, place, key in stops:
        try:
            first, last = start - EPOCH, end - EPOCH
        except TypeError:
            raise ValueError(f"stop {key} has no aware datetimes") from None
        if last <= first:
            raise ValueError(f"stop {key} ends at or before its start")
        begins = first.days * DAY + first.seconds
        ends = last.days * DAY + last.seconds
        if last.microseconds:
            ends += 1
        held.append(Held(begins, ends, key, place))
    held.sort(key=itemgetter(0, 1, 2))
    return held


def _outwards(start: datetime, end: datetime) -> Span:
    """Convert a busy event; one without length stays without length."""
    first, last = _ordered(start, end)
    begins = floor_seconds(first)
    return begins, ceil_seconds(last) if last > first else begins


def _inwards(start: datetime, end: datetime) -> Span:
    """Convert a window."""
    first, last = _ordered(start, end)
    return ceil_seconds(first), floor_seconds(last)


def _ordered(start: datetime, end: datetime) -> tuple[timedelta, timedelta]:
    """Return the bounds of an interval, or refuse one that runs backwards."""
    first, last = since_epoch(start), since_epoch(end)
    if last < first:
        raise ValueError(f"an interval ends before its start: {start} - {end}")
    return first, last
