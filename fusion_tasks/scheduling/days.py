"""Many days at once, in ticks: what a search reads, without a datetime in between.

A :class:`Day` is to a search what a :class:`~.timeline.DayPlan` is, only cheaper to
make: nothing is checked, because it comes from a database that has checked.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, timedelta, tzinfo
from typing import NamedTuple

from .clock import day_ticks, wall_ticks
from .intervals import intersect, merge, subtract
from .timeline import DayPlan, Span, Timeline, TimelineStop
from .values import Place


class Dates(NamedTuple):
    """Consecutive local days of one zone, with their bounds in ticks."""

    zone: tzinfo
    days: list[date]
    starts: list[int]
    ends: list[int]

    @classmethod
    def between(cls, first: date, last: date, zone: tzinfo) -> "Dates":
        """Return the days from first to last, inclusive."""
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        bounds = [day_ticks(day, zone) for day in days]
        return cls(zone, days, [b[0] for b in bounds], [b[1] for b in bounds])


class Shift(NamedTuple):
    """A line of a working schedule: hours by the clock, in minutes of the day.

    :param weekday: 0 is Monday
    :param parity: of the week, 0 or 1, in a schedule of two weeks; else None
    """

    weekday: int
    parity: int | None
    begin: int
    end: int


class Day(NamedTuple):
    """One technician's local day, as a search needs it."""

    technician_id: int
    day: date
    timeline: Timeline
    start_place: Place | None
    radius_km: float

    @property
    def stops(self) -> list[TimelineStop]:
        """The stops of the day, by start."""
        return self.timeline.stops


Plan = DayPlan | Day


class Work(NamedTuple):
    """What is known of a technician's time, in ticks.

    :param windows: working intervals of each of the days: sorted and disjoint
    :param stops: sorted by start, end and key
    :param busy: any order
    """

    windows: Sequence[Sequence[Span]]
    stops: Sequence[TimelineStop] = ()
    busy: Sequence[Span] = ()


def shift_windows(shifts: Iterable[Shift], dates: Dates) -> list[list[Span]]:
    """Return the working intervals of a schedule on each of the days, in ticks.

    A week's parity counts from the first day of the calendar, as Odoo does, so that
    an even week always follows an odd one.
    """
    by_weekday: dict[int, list[Shift]] = {}
    for shift in shifts:
        by_weekday.setdefault(shift.weekday, []).append(shift)
    return [
        merge(
            (wall_ticks(day, s.begin, dates.zone), wall_ticks(day, s.end, dates.zone))
            for s in by_weekday.get(day.weekday(), ())
            if s.parity is None or s.parity == (day.toordinal() - 1) // 7 % 2
        )
        for day in dates.days
    ]


def without(
    windows: Sequence[Sequence[Span]], dates: Dates, leaves: Sequence[Span]
) -> list[Sequence[Span]]:
    """Return the working intervals of each day that leaves do not take.

    :param leaves: any order; they may overlap
    """
    left = list(windows)
    for leave in merge(leaves):
        first = bisect_right(dates.ends, leave[0])
        until = bisect_left(dates.starts, leave[1])
        for number in range(first, until):
            left[number] = subtract(left[number], (leave,))
    return left


def within(
    windows: Sequence[Sequence[Span]], periods: Sequence[Span]
) -> list[Sequence[Span]]:
    """Return what of the working intervals of each day lies in these periods."""
    return [intersect(of_day, periods) for of_day in windows]


def work_days(
    technician: tuple[int, Place | None, float], dates: Dates, work: Work
) -> list[Day]:
    """Return the days on which a technician works at all.

    :param technician: id, start place, radius in kilometres
    """
    stops = work.stops
    starts = [stop[0] for stop in stops]
    ends = [stop[1] for stop in stops]
    # As a rule they follow one another, and a day's are neighbours in the list.
    in_line = ends == sorted(ends)
    busy = merge(work.busy)
    busy_ends = [span[1] for span in busy]
    technician_id, place, radius_km = technician
    found: list[Day] = []
    for number, windows in enumerate(work.windows):
        if not windows:
            continue
        begins, until = dates.starts[number], dates.ends[number]
        if in_line:
            first, last = bisect_right(ends, begins), bisect_left(starts, until)
            of_day = by_end = stops[first:last]
            evening = stops[first - 1] if first else None
        else:
            of_day = [stop for stop in stops if begins < stop[1] and stop[0] < until]
            by_end = sorted(of_day, key=_by_end)
            evening = last_ended(stops, begins)
        meetings = []
        if busy:
            nearest = bisect_right(busy_ends, begins)
            meetings = [span for span in busy[nearest:] if span[0] < until]
        timeline = Timeline(
            dates.zone,
            windows,
            of_day,
            [stop[0] for stop in of_day],
            by_end,
            [stop[1] for stop in by_end],
            meetings,
            evening,
        )
        found.append(Day(technician_id, dates.days[number], timeline, place, radius_km))
    return found


def last_ended(stops: Iterable[TimelineStop], instant: int) -> TimelineStop | None:
    """Return the stop that ended last at or before an instant (ticks), if any."""
    return max(
        (stop for stop in stops if stop[1] <= instant), key=_by_end, default=None
    )


def _by_end(stop: TimelineStop) -> int:
    return stop[1]
