"""When is a unit due? Dates are counted from an anchor, never from the last date.

A *cadence* is the endless row ``anchor + n * interval``. Its anchor is the first
due date of the unit. Counting from the anchor keeps the day of the month: 31 Jan,
28 Feb, 31 Mar. Counting from the previous date would drift to the 28th for good.
"""

from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from .errors import RecurrenceError

# What the next due date is counted from (the two policies).
DUE_DATE = "due_date"
SERVICE_DATE = "service_date"
ANCHOR_KINDS = (DUE_DATE, SERVICE_DATE)

MOST_MONTHS = 240  # twenty years; whatever is longer is a typing mistake

# Why the next due date is what it is.
ON_TIME = "on_time"
EARLY = "early"
LATE_SAME_CADENCE = "late_same_cadence"
LATE_SKIPPED = "late_skipped"
COUNTED_FROM_SERVICE = "counted_from_service"


@dataclass(frozen=True)
class Cycle:
    """One cycle of a contract, as it stands before the visit is recorded.

    ``anchor`` is the first due date of the cadence; ``previous_due`` is the due date
    this visit answers, which somebody may have moved by hand.
    """

    anchor: date
    interval_months: int
    previous_due: date
    anchor_kind: str = DUE_DATE


@dataclass(frozen=True)
class Roll:
    """The next due date, the anchor to store with it, and why.

    ``days_from_due`` is the service date minus the previous due date: negative when
    the visit was early.
    """

    next_due: date
    anchor: date
    reason: str
    service_date: date
    previous_due: date
    interval_months: int
    days_from_due: int
    cycles_skipped: int = 0


def nth_due(anchor: date, interval_months: int, n: int) -> date:
    """Return the due date ``n`` intervals after the anchor (before it if negative).

    >>> [str(nth_due(date(2025, 1, 31), 1, n)) for n in range(4)]
    ['2025-01-31', '2025-02-28', '2025-03-31', '2025-04-30']
    >>> [str(nth_due(date(2024, 2, 29), 12, n)) for n in (1, 4)]
    ['2025-02-28', '2028-02-29']
    """
    _check_interval(interval_months)
    return _add_months(anchor, n * interval_months)


def first_due(anchor: date, first_interval_months: int, interval_months: int) -> date:
    """Return the first due date of a unit that was delivered on ``anchor``.

    A first interval of 0 means "the same as every other one". The result, not the
    delivery date, is the anchor of the cadence that follows.

    >>> str(first_due(date(2025, 3, 10), 6, 12))
    '2025-09-10'
    >>> str(first_due(date(2025, 3, 10), 0, 12))
    '2026-03-10'
    """
    _check_interval(interval_months)
    if first_interval_months < 0:
        raise RecurrenceError("first_interval_negative", first_interval_months)
    return _add_months(anchor, first_interval_months or interval_months)


def cadence_anchor(anchor: date, interval_months: int, due: date) -> date:
    """Return the anchor of the cadence that ``due`` belongs to.

    That is ``anchor`` while ``due`` is one of its dates. A due date moved by hand off
    the cadence starts a cadence of its own: whoever moved it chose a new cadence.
    A changed interval is judged in the same way.

    >>> str(cadence_anchor(date(2025, 1, 31), 1, date(2025, 2, 28)))
    '2025-01-31'
    >>> str(cadence_anchor(date(2025, 1, 31), 1, date(2025, 3, 5)))
    '2025-03-05'
    """
    n = _whole_intervals(anchor, interval_months, due)
    return anchor if nth_due(anchor, interval_months, n) == due else due


def roll(cycle: Cycle, service_date: date) -> Roll:
    """Close a cycle by the visit of ``service_date`` and say when the next is due.

    Policy ``due_date``: the previous due date plus the smallest number k >= 1 of
    intervals that lies strictly after the service date. An early visit counts as
    this cycle's, so k is never 0; k - 1 is the number of cycles skipped.

    >>> yearly = Cycle(date(2024, 1, 15), 12, previous_due=date(2025, 1, 15))
    >>> early = roll(yearly, date(2024, 12, 20))
    >>> str(early.next_due), early.reason, early.days_from_due
    ('2026-01-15', 'early', -26)
    >>> very_late = roll(yearly, date(2026, 1, 15))
    >>> str(very_late.next_due), very_late.reason, very_late.cycles_skipped
    ('2027-01-15', 'late_skipped', 1)

    A previous due date off the cadence re-anchors it (see ``cadence_anchor``):

    >>> moved = roll(Cycle(date(2024, 1, 15), 12, date(2025, 3, 1)), date(2025, 3, 4))
    >>> str(moved.next_due), str(moved.anchor)
    ('2026-03-01', '2025-03-01')

    Policy ``service_date``: the service date plus one interval, which becomes the
    anchor, so that switching the policy later starts from there.

    >>> by_visit = Cycle(date(2024, 1, 15), 6, date(2025, 1, 15), "service_date")
    >>> str(roll(by_visit, date(2025, 2, 3)).next_due)
    '2025-08-03'
    """
    _check_interval(cycle.interval_months)
    if cycle.anchor_kind not in ANCHOR_KINDS:
        raise RecurrenceError("anchor_kind_unknown", cycle.anchor_kind)
    if cycle.anchor_kind == SERVICE_DATE:
        return _roll_from_service(cycle, service_date)
    return _roll_on_cadence(cycle, service_date)


def _roll_from_service(cycle: Cycle, service_date: date) -> Roll:
    next_due = nth_due(service_date, cycle.interval_months, 1)
    return Roll(
        next_due=next_due,
        anchor=next_due,
        reason=COUNTED_FROM_SERVICE,
        service_date=service_date,
        previous_due=cycle.previous_due,
        interval_months=cycle.interval_months,
        days_from_due=(service_date - cycle.previous_due).days,
    )


def _roll_on_cadence(cycle: Cycle, service_date: date) -> Roll:
    interval = cycle.interval_months
    anchor = cadence_anchor(cycle.anchor, interval, cycle.previous_due)
    previous = _whole_intervals(anchor, interval, cycle.previous_due)
    # Due dates fall in distinct months, so every one in a month before the service
    # date's is too early: the search needs one step at the most.
    n = max(previous + 1, _whole_intervals(anchor, interval, service_date))
    if nth_due(anchor, interval, n) <= service_date:
        n += 1
    days = (service_date - cycle.previous_due).days
    skipped = n - previous - 1
    return Roll(
        next_due=nth_due(anchor, interval, n),
        anchor=anchor,
        reason=_reason(days, skipped),
        service_date=service_date,
        previous_due=cycle.previous_due,
        interval_months=interval,
        days_from_due=days,
        cycles_skipped=skipped,
    )


def _reason(days_from_due: int, skipped: int) -> str:
    if days_from_due < 0:
        return EARLY
    if days_from_due == 0:
        return ON_TIME
    return LATE_SKIPPED if skipped else LATE_SAME_CADENCE


def _whole_intervals(anchor: date, interval_months: int, day: date) -> int:
    """Count the intervals from the anchor's month to ``day``'s, rounded down."""
    _check_interval(interval_months)
    months = (day.year - anchor.year) * 12 + day.month - anchor.month
    return months // interval_months


def _add_months(day: date, months: int) -> date:
    try:
        return day + relativedelta(months=months)
    except (ValueError, OverflowError) as error:
        raise RecurrenceError("date_out_of_range", months) from error


def _check_interval(interval_months: int) -> None:
    if interval_months <= 0:
        raise RecurrenceError("interval_not_positive", interval_months)
