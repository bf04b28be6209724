"""When the office is asked about a client who does not book.

Two steps, each with its own number of days: the client was reminded and did not book,
so somebody calls; the due date is long past, so a manager is told. Each comes back as
long as nothing is booked: what was asked once is asked again after as many days.
"""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class FollowUpFacts:
    """What the two days depend on, for one contract that is active and not booked.

    The numbers of days are None where a step is switched off. ``asked_on`` and
    ``raised_on`` are the days on which the office last had it on its list.
    """

    due: date
    reminded_on: date | None = None
    unbooked_days: int | None = None
    asked_on: date | None = None
    overdue_days: int | None = None
    raised_on: date | None = None


def unbooked_on(facts: FollowUpFacts) -> date | None:
    """Return from which day on the client is called, None if never.

    >>> facts = FollowUpFacts(date(2025, 6, 30), date(2025, 5, 31), unbooked_days=7)
    >>> str(unbooked_on(facts))
    '2025-06-07'
    >>> from dataclasses import replace
    >>> str(unbooked_on(replace(facts, asked_on=date(2025, 6, 7))))
    '2025-06-14'
    """
    if facts.unbooked_days is None or facts.reminded_on is None:
        return None
    first = facts.reminded_on + timedelta(days=facts.unbooked_days)
    return _again(first, facts.asked_on, facts.unbooked_days, facts.reminded_on)


def overdue_on(facts: FollowUpFacts) -> date | None:
    """Return from which day on a manager is told, None if never.

    A client who was reminded late gets the same time to answer.

    >>> facts = FollowUpFacts(date(2025, 6, 30), overdue_days=14)
    >>> str(overdue_on(facts))
    '2025-07-14'
    >>> from dataclasses import replace
    >>> str(overdue_on(replace(facts, reminded_on=date(2025, 8, 1))))
    '2025-08-15'
    """
    if facts.overdue_days is None:
        return None
    start = max(facts.due, facts.reminded_on or facts.due)
    first = start + timedelta(days=facts.overdue_days)
    return _again(first, facts.raised_on, facts.overdue_days, start)


def _again(first: date, last: date | None, days: int, start: date) -> date:
    """Return the first day, or the next one if the last time was in this cycle."""
    if last is None or last < start:
        return first
    return max(first, last + timedelta(days=max(days, 1)))
