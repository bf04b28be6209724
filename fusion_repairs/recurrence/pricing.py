"""What a call-out costs, how far a bill may exceed its estimate, when one may withdraw.

Amounts are whole numbers in the smallest unit of the currency (cents).
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from .errors import RecurrenceError

STANDARD = "standard"
EVENING = "evening"
WEEKEND = "weekend"
HOLIDAY = "holiday"
_SATURDAY = 5
# Nobody works longer on one call; more is a typing mistake or a clock left running.
MOST_MINUTES = 24 * 60


class RateCard(NamedTuple):
    """What a dealer charges for a call-out and the work on site."""

    call_out: int
    """Coming at all, with the included time on site."""
    included_minutes: int
    increment_minutes: int
    increment: int
    """Each further increment that was begun."""
    evening_from: time
    evening_until: time
    """From ``evening_from`` to ``evening_until`` of the next morning is evening."""
    percents: dict[str, int]
    """What evenings, weekends and holidays cost, in percent of the usual rate."""
    distance_bands: Sequence[tuple[int, int]] = ()
    """Pairs of kilometres and amount: the first band that reaches far enough counts."""


class Charge(NamedTuple):
    """What one call comes to, before tax and discounts."""

    period: str
    percent: int
    call_out: int
    increments: int
    labour: int
    distance: int

    @property
    def total(self) -> int:
        """Return the sum of all parts."""
        return self.call_out + self.labour + self.distance


def period_of(local: datetime, holidays: frozenset[date], card: RateCard) -> str:
    """Return which rate counts at a local time; the dearest of those that apply.

    >>> card = RateCard(9500, 60, 15, 2000, time(18), time(7), {"weekend": 150})
    >>> period_of(datetime(2026, 12, 5, 10), frozenset(), card)
    'weekend'
    """
    applies = []
    if local.date() in holidays:
        applies.append(HOLIDAY)
    if local.weekday() >= _SATURDAY:
        applies.append(WEEKEND)
    clock = local.time()
    if clock >= card.evening_from or clock < card.evening_until:
        applies.append(EVENING)
    return max(applies, key=lambda name: card.percents.get(name, 100), default=STANDARD)


def count_increments(minutes: int, card: RateCard) -> int:
    """Return how many increments are charged beyond the included time.

    >>> card = RateCard(9500, 60, 15, 2000, time(18), time(7), {})
    >>> [count_increments(n, card) for n in (0, 60, 61, 75, 76)]
    [0, 0, 1, 1, 2]

    :raises RecurrenceError: for a time that cannot be meant
    """
    if not 0 <= minutes <= MOST_MINUTES:
        raise RecurrenceError("labour_minutes_out_of_range", minutes)
    if card.increment_minutes < 1:
        raise RecurrenceError("increment_not_positive", card.increment_minutes)
    beyond = max(minutes - card.included_minutes, 0)
    return -(-beyond // card.increment_minutes)


def charge(
    card: RateCard,
    local: datetime,
    minutes: int = 0,
    kilometres: float = 0.0,
    holidays: frozenset[date] = frozenset(),
) -> Charge:
    """Return what a call-out costs that begins at a local time.

    :param minutes: on site; 0 for the price that is told before
    :param kilometres: one way; counts only where the card has distance bands
    """
    period = period_of(local, holidays, card)
    percent = card.percents.get(period, 100)
    increments = count_increments(minutes, card)
    return Charge(
        period,
        percent,
        percentage(card.call_out, percent),
        increments,
        percentage(card.increment * increments, percent),
        distance_amount(kilometres, card.distance_bands),
    )


def percentage(amount: int, percent: float) -> int:
    """Return a percentage of an amount, half a cent rounded up.

    >>> percentage(9999, 150), percentage(1, 50)
    (14999, 1)
    """
    return int((amount * percent * 2 + 100) // 200)


def distance_amount(kilometres: float, bands: Sequence[tuple[int, int]]) -> int:
    """Return what the way costs; beyond the last band, as the last band.

    >>> distance_amount(30, [(25, 0), (50, 3500)])
    3500
    """
    ordered = sorted(bands)
    for reach, amount in ordered:
        if kilometres <= reach:
            return amount
    return ordered[-1][1] if ordered else 0


def exceeds_estimate(estimate: int, billed: int, percent: float = 10.0) -> bool:
    """Tell whether a bill is higher than its estimate allows.

    Ontario's Consumer Protection Act, 2002 (s. 10) lets nobody charge more than ten
    percent above an estimate unless the client agreed to the change.

    >>> exceeds_estimate(20000, 22000), exceeds_estimate(20000, 22001)
    (False, True)
    """
    return billed > estimate + percentage(estimate, percent)


def cooling_off_ends(received_on: date, days: int = 10) -> date:
    """Return the last day on which a client may withdraw without a reason.

    An agreement signed at the client's home can be cancelled within ten days of the
    day on which the client received its copy (Consumer Protection Act, 2002, s. 43).

    >>> cooling_off_ends(date(2026, 12, 1))
    datetime.date(2026, 12, 11)
    """
    if days < 0:
        raise RecurrenceError("cooling_off_negative", days)
    return received_on + timedelta(days=days)
