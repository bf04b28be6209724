"""From all open slots to the short list that a client sees."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any, NamedTuple

from .values import Slot

SPREAD = timedelta(minutes=60)
"""Starts of one day that are nearer than this are not both offered if it can be
helped: their arrival windows would overlap."""

NEARBY_MINUTES = 15
"""A detour beyond this is never "nearby"."""

PART_STARTS = (12, 17)
"""The hours at which the afternoon and the evening begin."""

_by_start = attrgetter("start")
_rank = attrgetter("slot.detour", "slot.start")
_by_offered_start = attrgetter("slot.start", "slot.detour")
_preference = attrgetter("detour", "start", "technician_id")


def start_of(slot: Slot) -> datetime:
    """Return a slot's start as it is."""
    return slot.start


def rank_slots(
    slots: Iterable[Slot],
    limit: int = 12,
    per_day: int = 3,
    local_of: Callable[[Slot], datetime] = start_of,
    min_days: int = 4,
    with_earliest: bool = False,
) -> list[Slot]:
    """Return a short list of slots in date order, with something for everybody.

    Small detours come first, then early starts. Of slots that a client could not tell
    apart, because they start together or the clock shows the same twice in a night,
    the one with the smaller detour (then the earlier start, then the lower technician
    id) stands for all. Taken are, as long as there is room:

    1. the best slot, and the best of another day for every other part of the day
       (morning, afternoon, evening);
    2. the best slots of further days, until there are ``min_days``;
    3. the best slot of every part of the day that is still missing;
    4. on the days taken, the best slot of every part of the day not offered there;
    5. any that do not start within an hour of a slot taken;
    6. any at all.

    :param limit: most slots in the list
    :param per_day: most slots of one day
    :param local_of: a slot's start on the client's clock, as an aware datetime; on
        that of UTC unless told
    :param min_days: least number of different days, where they exist and fit
    :param with_earliest: whether the first of all slots is in the list, whatever the
        drive; it takes the place of the last that would have been
    :raise ValueError: for a negative number
    """
    if min(limit, per_day, min_days) < 0:
        raise ValueError("a short list is made of zero slots or more")
    ranked = sorted(_distinct(slots, local_of), key=_rank)
    chosen = _choose(ranked, limit, per_day, min_days)
    if with_earliest and ranked and limit:
        earliest = min(ranked, key=_by_offered_start)
        if earliest not in chosen:
            chosen = [earliest, *_choose(ranked, limit - 1, per_day, min_days)]
    return sorted((offer.slot for offer in chosen), key=_by_start)


def _choose(
    ranked: Sequence["_Offer"], limit: int, per_day: int, min_days: int
) -> list["_Offer"]:
    """Return what is taken of ranked offers, by the steps of :func:`rank_slots`."""
    chosen = _ShortList(limit, per_day)
    chosen.fill(ranked, lambda offer: chosen.opens_part(offer, min_days))
    chosen.fill(ranked, lambda offer: chosen.opens_day(offer, min_days))
    chosen.fill(ranked, lambda offer: offer.part not in chosen.parts)
    chosen.fill(ranked, chosen.opens_part_of_day)
    chosen.fill(ranked, lambda offer: not chosen.is_close(offer))
    chosen.fill(ranked, lambda _offer: True)
    return chosen.offers


def low_detour(slots: Sequence[Slot]) -> set[Slot]:
    """Return the slots worth the mark "technician is nearby".

    Their detour is at most 15 minutes, at most the (lower) median of the given slots
    and less than the largest of them: a mark that all slots bear would tell nothing.
    """
    if not slots:
        return set()
    detours = sorted(slot.detour for slot in slots)
    median = detours[(len(detours) - 1) // 2]
    bound = min(NEARBY_MINUTES, median, detours[-1] - 1)
    return {slot for slot in slots if slot.detour <= bound}


class _Offer(NamedTuple):
    """A slot as the client sees it."""

    slot: Slot
    day: date
    part: int


class _ShortList:
    """The slots taken so far, by local day."""

    def __init__(self, limit: int, per_day: int) -> None:
        """Start empty."""
        self.offers: list[_Offer] = []
        self.parts: set[int] = set()
        self._limit = limit
        self._per_day = per_day
        self._days: dict[date, list[_Offer]] = {}

    def fill(self, ranked: Iterable[_Offer], allowed: Callable[[_Offer], bool]) -> None:
        """Take the allowed slots in their order, as long as there is room."""
        for offer in ranked:
            if len(self.offers) >= self._limit:
                return
            taken = self._taken(offer)
            if len(taken) < self._per_day and offer not in taken and allowed(offer):
                self._days.setdefault(offer.day, []).append(offer)
                self.offers.append(offer)
                self.parts.add(offer.part)

    def opens_part(self, offer: _Offer, days: int) -> bool:
        """Tell whether part of the day and day are new, and days are wanted."""
        is_first = not self.offers
        return is_first or (
            offer.part not in self.parts and self.opens_day(offer, days)
        )

    def opens_day(self, offer: _Offer, days: int) -> bool:
        """Tell whether fewer than ``days`` days are taken, and not the slot's."""
        return len(self._days) < days and not self._taken(offer)

    def opens_part_of_day(self, offer: _Offer) -> bool:
        """Tell whether the day is taken, but not that part of it, nor close to it."""
        taken = self._taken(offer)
        return bool(taken) and not any(
            offer.part == other.part or _is_close(offer, other) for other in taken
        )

    def is_close(self, offer: _Offer) -> bool:
        """Tell whether a start nearer than :data:`SPREAD` is taken on that day."""
        return any(_is_close(offer, other) for other in self._taken(offer))

    def _taken(self, offer: _Offer) -> Sequence[_Offer]:
        return self._days.get(offer.day, ())


def _is_close(offer: _Offer, other: _Offer) -> bool:
    return abs(offer.slot.start - other.slot.start) < SPREAD


def _distinct(
    slots: Iterable[Slot], local_of: Callable[[Slot], datetime]
) -> list[_Offer]:
    """Return the slots that stand for all that look the same."""
    by_start = _best((slot.start, slot) for slot in slots)
    clocks = {start: local_of(slot) for start, slot in by_start.items()}
    by_clock = _best(
        ((clock.replace(tzinfo=None), clock.tzinfo), by_start[start])
        for start, clock in clocks.items()
    )
    return [
        _Offer(slot, wall.date(), bisect_right(PART_STARTS, wall.hour))
        for (wall, _zone), slot in by_clock.items()
    ]


def _best(slots: Iterable[tuple[Any, Slot]]) -> dict[Any, Slot]:
    """Return the preferred slot of each key."""
    best: dict[Any, Slot] = {}
    for key, slot in slots:
        rival = best.get(key)
        if rival is None or _preference(slot) < _preference(rival):
            best[key] = slot
    return best
