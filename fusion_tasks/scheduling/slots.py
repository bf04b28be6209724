"""Open slots of many days, the reason for a no, and the room in one day."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from operator import itemgetter

from .clock import MINUTE, grid_starts, ticks, to_utc
from .days import Plan
from .refusals import Refusal
from .rules import ROOM_RULES, TRAVEL_RULES, open_starts, refusal_of
from .travel import Travel, TravelTable
from .values import Place, Slot, SlotRequest, check_duration
from .visit import Visit, detour_minutes, leg_after, leg_before

_by_start = itemgetter(1, 0)


def find_open_slots(
    plans: Iterable[Plan], request: SlotRequest, travel: Travel
) -> list[Slot]:
    """Return every open slot of the given days, by start, then technician.

    A slot is open if the six rules of docs/decisions/0001-when-a-slot-is-open.md hold
    (skills, company and archived technicians are the caller's filter) and its start is
    on the grid.

    :param travel: minutes between two places; a :class:`~.travel.TravelTable`
    """
    visit = Visit.of(request, travel)
    instants: dict[int, datetime] = {}
    found: list[Slot] = []
    for plan in plans:
        found.extend(_slots_of(plan, visit, instants))
    found.sort(key=_by_start)
    return found


def explain(
    plan: Plan, request: SlotRequest, start: datetime, travel: Travel
) -> Refusal | None:
    """Return why a visit cannot start then, or ``None`` if that slot is open.

    The first rule that refuses speaks, in the order of
    :class:`~.refusals.RefusalCode`.

    :param plan: the technician's local day in which ``start`` lies
    :raise ValueError: for a naive ``start``
    """
    return refusal_of(plan, Visit.of(request, travel), ticks(start))


def next_open_slot(
    plans: Iterable[Plan],
    request: SlotRequest,
    travel: Travel,
    after: datetime | None = None,
) -> Slot | None:
    """Return the first open slot (the lowest technician id of those), if any.

    :param after: aware; only starts at or after it count
    :raise ValueError: for a naive ``after``
    """
    visit = Visit.of(request, travel)
    if after is not None:
        visit = visit._replace(earliest=max(visit.earliest, ticks(after)))
    best: Slot | None = None
    instants: dict[int, datetime] = {}
    for plan in sorted(plans, key=_opening):
        if best is not None and to_utc(_opening(plan)) > best.start:
            break
        candidates = _slots_of(plan, visit, instants)
        if candidates and (best is None or _by_start(candidates[0]) < _by_start(best)):
            best = candidates[0]
    return best


def day_gaps(
    plan: Plan,
    place: Place | None = None,
    duration_minutes: int | None = None,
    travel: Travel | None = None,
    travel_on_own_time: bool = False,
) -> list[tuple[datetime, datetime]]:
    """Return the free stretches of a day as UTC ``[start, end)``, in order.

    They are the working time minus stops and busy events (rules 1 and 4). With
    a duration, only those in which such a visit fits; with a place or a travel table
    as well, without the time to drive there and on (rules 2 and 3). Lead time,
    horizon, radius, rest and grid do not count here.

    :param place: of the visit; unknown if only ``travel`` is given
    :raise ValueError: for a place or travel without a duration, a duration that is
        not positive
    """
    drives = place is not None or travel is not None
    if duration_minutes is not None:
        check_duration(duration_minutes)
    elif drives:
        raise ValueError("drives need the duration of a visit")
    duration = 1 if duration_minutes is None else duration_minutes * MINUTE
    visit = Visit(
        duration, place, travel or TravelTable(), on_own_time=travel_on_own_time
    )
    rules = TRAVEL_RULES if drives else ROOM_RULES
    return [
        (to_utc(first), to_utc(until - 1 + duration))
        for first, until in open_starts(plan, visit, rules)
    ]


def _slots_of(plan: Plan, visit: Visit, instants: dict[int, datetime]) -> list[Slot]:
    """Return the open slots of one day, in start order.

    :param instants: starts met before as datetimes: many technicians share them
    """
    slots: list[Slot] = []
    duration = timedelta(microseconds=visit.duration)
    technician_id = plan.technician_id
    for first, until in open_starts(plan, visit):
        starts = grid_starts(plan.timeline.zone, first, until, visit.step)
        if not starts:
            continue
        before = leg_before(plan, visit, first)
        after = leg_after(plan, visit, first)
        facts = before[0], after[0], detour_minutes(plan, visit, before, after)
        for instant in starts:
            start = instants.get(instant)
            if start is None:
                start = instants[instant] = to_utc(instant)
            slots.append(Slot(technician_id, start, start + duration, *facts))
    return slots


def _opening(plan: Plan) -> int:
    """Return when a day's work begins, in ticks."""
    windows = plan.timeline.windows
    return windows[0][0] if windows else 0
