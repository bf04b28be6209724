"""What a spread plan means: its weeks, its last day, and what does not work out.

Units a week, technicians' hours against those there are, who waits too long, whose
consent ends first; and, where it does not fit, a weekly maximum that would.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from .stagger import WEEK, Spread


class Planned(NamedTuple):
    """Units that were given the same day.

    ``day`` is the first mail's; ``natural`` the due date that their interval gives;
    ``mail_until`` the last day on which their clients may be emailed, None if no such
    day counts; ``hours`` what a visit of one of them takes, drive included.
    """

    count: int
    day: date
    natural: date
    hours: float
    interval_months: int = 0
    urgent: bool = False
    mail_until: date | None = None


class PlanWeek(NamedTuple):
    """One week of the plan: who is written to, and the hours of their visits."""

    monday: date
    units: int
    others: int
    hours: float


class Picture(NamedTuple):
    """What a plan comes to. ``beyond`` are the units after the last wanted week.

    ``hours_there`` are the technicians' in a week, ``cap`` and ``weeks`` what would
    work out, both 0 where nothing needs to change.
    """

    weeks: tuple[PlanWeek, ...]
    last_day: date | None
    units: int
    beyond: int
    unsafe_wait: int
    consent_ends: int
    busiest: PlanWeek | None
    hours_there: float
    cap: int
    weeks_needed: int

    def has_warning(self) -> bool:
        """Tell whether somebody should think before such a plan is carried out."""
        return bool(
            self.beyond or self.unsafe_wait or self.consent_ends or self.lacks_hours()
        )

    def lacks_hours(self) -> bool:
        """Tell whether some week needs more hours than there are."""
        return bool(self.busiest and self.busiest.hours > self.hours_there)


def draw(
    planned: Iterable[Planned],
    spread: Spread,
    taken: Mapping[int, int],
    hours_there: float,
) -> Picture:
    """Return the picture of a plan.

    :param taken: how many units fall into each week anyway

    >>> monday = date(2026, 1, 5)
    >>> units = [Planned(2, monday + timedelta(days=7 * n), monday, 1.5, 12)
    ...          for n in range(3)]
    >>> found = draw(units, Spread(monday, 2, 2), {}, 40.0)
    >>> found.units, found.beyond, str(found.last_day), found.cap, found.weeks_needed
    (6, 2, '2026-01-19', 3, 2)
    """
    planned = list(planned)
    weeks = _draw_weeks(planned, spread, taken, _hours_of_one(planned))
    beyond = sum(p.count for p in planned if spread.week_of(p.day) >= spread.weeks)
    waiting = sum(p.count for p in planned if p.urgent and _waits_long(p, spread))
    unlawful = sum(p.count for p in planned if p.mail_until and p.day > p.mail_until)
    busiest = max(weeks, key=lambda week: week.hours, default=None)
    found = Picture(
        weeks=weeks,
        last_day=max((p.day for p in planned), default=None),
        units=sum(p.count for p in planned),
        beyond=beyond,
        unsafe_wait=waiting,
        consent_ends=unlawful,
        busiest=busiest,
        hours_there=hours_there,
        cap=0,
        weeks_needed=0,
    )
    return _propose(found, spread, _hours_of_one(planned))


def _draw_weeks(
    planned: list[Planned], spread: Spread, taken: Mapping[int, int], one: float
) -> tuple[PlanWeek, ...]:
    units: dict[int, int] = defaultdict(int)
    hours: dict[int, float] = defaultdict(float)
    for item in planned:
        week = spread.week_of(item.day)
        units[week] += item.count
        hours[week] += item.count * item.hours
    return tuple(
        PlanWeek(
            spread.monday + timedelta(days=WEEK * week),
            units[week],
            taken.get(week, 0),
            hours[week] + taken.get(week, 0) * one,
        )
        for week in range(max(units, default=-1) + 1)
    )


def _hours_of_one(planned: list[Planned]) -> float:
    count = sum(item.count for item in planned)
    return sum(item.count * item.hours for item in planned) / count if count else 0.0


def _waits_long(item: Planned, spread: Spread) -> bool:
    """Tell whether a unit waits longer from now than it may between two visits."""
    if not item.interval_months:
        return False
    return item.day > spread.start + relativedelta(months=item.interval_months)


def _propose(found: Picture, spread: Spread, one: float) -> Picture:
    """Return the picture with a weekly maximum, and weeks, that would work out.

    As many a week as it takes to be done in the wanted weeks, but no more than there
    are hours for; then as many weeks as that takes.
    """
    if not found.has_warning() or not found.units:
        return found
    anyway = [week.others for week in found.weeks[: spread.weeks]]
    total = found.units + sum(anyway)
    cap = -(-total // spread.weeks)
    if one and found.hours_there:
        cap = max(1, min(cap, int(found.hours_there / one)))
    usual = sum(anyway) // spread.weeks
    weeks = max(1, -(-found.units // max(1, cap - usual)))
    if (cap, weeks) == (spread.weekly_cap, spread.weeks):
        return found
    return found._replace(cap=cap, weeks_needed=weeks)
