"""Which message about a visit does its client need now, if any?

What the client was last told is compared with how things stand, whatever steps lay
between. A visit that was taken off the day is still wanted, but nobody comes at the
old time: the client hears so, unless there is a new time before the mail goes out.
Then the new time is the news.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

CONFIRMATION = "confirmation"
MOVED = "moved"
CHANGED = "changed"
UNSCHEDULED = "unscheduled"
CANCELLED = "cancelled"
NO_SHOW = "no_show"

ENDED = (CANCELLED, NO_SHOW)
"""The messages after which the client expects nobody."""

PENDING = "pending"
SCHEDULED = "scheduled"
EN_ROUTE = "en_route"


@dataclass(frozen=True)
class Said:
    """What a message says: its kind, the planned time in UTC and the visits it names.

    ``units`` is any text that is equal for the same visits.
    """

    kind: str
    start: datetime
    end: datetime
    units: str


@dataclass(frozen=True)
class VisitFacts:
    """How things stand with the visits that one client hears of together.

    ``live`` tells whether any is still to come; ``states`` are those of all of them,
    ``start``, ``end`` (UTC) and ``units`` of those to come, else of all. ``status`` is
    that of the technician's task. ``told`` is what the client knows by mail, and
    ``shown_end`` the end of the last time that they could know of. ``online`` tells
    whether they booked on the page, where they saw the time themselves.
    """

    live: bool
    start: datetime
    end: datetime
    units: str
    now: datetime
    states: Collection[str] = ()
    status: str = SCHEDULED
    online: bool = False
    told: Said | None = None
    shown_end: datetime | None = None

    @property
    def unscheduled(self) -> bool:
        """Tell whether the visit is to take place, but has no time that holds."""
        return self.live and self.status == PENDING


def choose_message(facts: VisitFacts) -> str | None:
    """Return the kind of message that the client needs, None for none.

    >>> ten, noon = datetime(2026, 3, 2, 10), datetime(2026, 3, 2, 12)
    >>> booked = VisitFacts(True, ten, noon, "7", now=datetime(2026, 3, 1))
    >>> choose_message(booked)
    'confirmation'
    >>> from dataclasses import replace
    >>> told = replace(booked, told=Said("confirmation", ten, noon, "7"))
    >>> choose_message(told), choose_message(replace(told, start=noon))
    (None, 'moved')
    >>> choose_message(replace(told, status="pending"))
    'unscheduled'
    """
    if not facts.live:
        return _choose_ending(facts)
    if facts.unscheduled:
        return UNSCHEDULED if _is_expected(facts) else None
    if facts.status not in (SCHEDULED, EN_ROUTE):
        return None  # the technician is there
    return _choose_for_time(facts)


def is_up_to_date(said: Said, facts: VisitFacts) -> bool:
    """Tell whether a message that did not go out yet says how things stand.

    >>> ten, noon = datetime(2026, 3, 2, 10), datetime(2026, 3, 2, 12)
    >>> facts = VisitFacts(True, ten, noon, "7", now=datetime(2026, 3, 1))
    >>> is_up_to_date(Said("confirmation", ten, noon, "7"), facts)
    True
    >>> is_up_to_date(Said("confirmation", ten, noon, "7,8"), facts)
    False
    """
    if said.kind == UNSCHEDULED:  # it says nothing of a new time
        return facts.unscheduled and said.units == facts.units
    return (
        not facts.unscheduled
        and facts.live == (said.kind not in ENDED)
        and (said.start, said.end, said.units) == (facts.start, facts.end, facts.units)
    )


def _choose_for_time(facts: VisitFacts) -> str | None:
    """Return how to tell of a time that holds, None where it is known."""
    firm = facts.status == SCHEDULED
    told = facts.told
    if told is None or told.kind in ENDED:
        return CONFIRMATION if firm else None
    if told.kind == UNSCHEDULED and firm:
        return CONFIRMATION  # also of the old time, which was taken back
    if told.start != facts.start:
        return MOVED
    return CHANGED if told.units != facts.units else None


def _choose_ending(facts: VisitFacts) -> str | None:
    """Return how to tell that nobody comes, None where that is known."""
    told = facts.told
    if "done" in facts.states or (told and told.kind in ENDED):
        return None
    if not told and not facts.online:
        return None  # never heard of it
    return NO_SHOW if NO_SHOW in facts.states else CANCELLED


def _is_expected(facts: VisitFacts) -> bool:
    """Tell whether the client counts on a time that is still to come."""
    if facts.told:
        knows = facts.told.kind not in (*ENDED, UNSCHEDULED)
    else:
        knows = facts.online
    # The task may have been given another time meanwhile, not yet firm.
    return knows and (facts.shown_end or facts.end) > facts.now
