"""From all open slots to the short list that a client sees (design, section 3)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from operator import attrgetter

from .values import Slot

SPREAD = timedelta(minutes=60)
"""Starts of one day that are nearer than this are not both offered if it can be
helped: their arrival windows would overlap."""

NEARBY_MINUTES = 15
"""A detour beyond this is never "nearby"."""


_by_start = attrgetter("start")
_rank = attrgetter("detour", "start")
_preference = attrgetter("detour", "technician_id")


def utc_date(slot: Slot) -> date:
    """Return the UTC date of a slot's start."""
    return slot.start.date()


def rank_slots(
    slots: Iterable[Slot],
    limit: int = 12,
    per_day: int = 3,
    day_of: Callable[[Slot], date] = utc_date,
    min_days: int = 4,
) -> list[Slot]:
    """Return a short list of slots in date order.

    Small detours come first, then early starts. Of slots with the same start the one
    with the smaller detour (then the lower technician id) stands for all. The best
    slots of ``min_days`` different days are taken first, then the best of any day,
    then, if there is still room, those within an hour of a slot taken.

    :param limit: most slots in the list
    :param per_day: most slots of one day
    :param day_of: the local date of a slot; the UTC date unless told
    :param min_days: least number of different days, where they exist and fit
    :raise ValueError: for a negative number
    """
    if min(limit, per_day, min_days) < 0:
        raise ValueError("a short list is made of zero slots or more")
    chosen = _ShortList(limit, per_day, day_of)
    ranked = sorted(_distinct(slots), key=_rank)
    chosen.fill(ranked, lambda slot: chosen.opens_day(slot, min_days))
    chosen.fill(ranked, lambda slot: not chosen.is_close(slot))
    chosen.fill(ranked, lambda _slot: True)
    return sorted(chosen.slots, key=_by_start)


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


class _ShortList:
    """The slots taken so far, by local day."""

    def __init__(
        self, limit: int, per_day: int, day_of: Callable[[Slot], date]
    ) -> None:
        """Start empty."""
        self.slots: set[Slot] = set()
        self._limit = limit
        self._per_day = per_day
        self._day_of = day_of
        self._days: defaultdict[date, list[Slot]] = defaultdict(list)

    def fill(self, ranked: Iterable[Slot], allowed: Callable[[Slot], bool]) -> None:
        """Take the allowed slots in their order, as long as there is room."""
        for slot in ranked:
            if len(self.slots) >= self._limit:
                return
            taken = self._days[self._day_of(slot)]
            if len(taken) < self._per_day and slot not in taken and allowed(slot):
                taken.append(slot)
                self.slots.add(slot)

    def opens_day(self, slot: Slot, days: int) -> bool:
        """Tell whether fewer than ``days`` days are taken, and not the slot's."""
        covered = sum(1 for taken in self._days.values() if taken)
        return covered < days and not self._days[self._day_of(slot)]

    def is_close(self, slot: Slot) -> bool:
        """Tell whether a start nearer than :data:`SPREAD` is taken on that day."""
        taken = self._days[self._day_of(slot)]
        return any(abs(slot.start - other.start) < SPREAD for other in taken)


def _distinct(slots: Iterable[Slot]) -> Iterable[Slot]:
    """Return for every start the slot that stands for it."""
    best: dict[datetime, Slot] = {}
    for slot in slots:
        rival = best.get(slot.start)
        if rival is None or _preference(slot) < _preference(rival):
            best[slot.start] = slot
    return best.values()
