"""The six rules of an open slot, on one technician's day.

The rules and their numbers: docs/decisions/0001-when-a-slot-is-open.md.

A rule is a function that returns the starts it forbids, each stretch with its reason:
``(first, until, code, subject)``, in ticks (epoch microseconds). The search takes all
of them away from the axis of starts, :func:`refusal_of` looks for the first that
covers one start: both ask the same functions, so they cannot disagree. The grid is no
stretch but a comb: both ask :func:`~.clock.grid_starts` for it, last.
"""

from collections.abc import Callable, Sequence
from typing import Any

from .clock import day_ticks, grid_starts, to_utc
from .days import Plan
from .intervals import subtract
from .refusals import Refusal, RefusalCode
from .timeline import Span, TimelineStop
from .travel import haversine_km
from .visit import (
    FAR,
    Leg,
    Visit,
    earliest_start,
    latest_start,
    leg_after,
    leg_before,
)

Block = tuple[int, int, RefusalCode, Any]
Rule = Callable[[Plan, Visit, Sequence[Span]], Sequence[Block]]


def open_starts(
    plan: Plan, visit: Visit, rules: Sequence[Rule] | None = None
) -> list[Span]:
    """Return the stretches ``[first, until)`` of starts that no rule forbids.

    They are off the grid as well as on it. All starts of one stretch have the same
    previous and next stops.

    :param rules: those to apply, in the order of :data:`RULES`; all unless told
    """
    stretches: list[Span] = [(-FAR, FAR)]
    for rule in rules or RULES:
        blocks = rule(plan, visit, stretches)
        if blocks:
            stretches = subtract(stretches, blocks)
            if not stretches:
                break
    return stretches


def refusal_of(plan: Plan, visit: Visit, start: int) -> Refusal | None:
    """Return why a start is not open, by the first rule that forbids it."""
    instant = ((start, start + 1),)
    for rule in RULES:
        for block in rule(plan, visit, instant):
            if block[0] <= start < block[1]:
                return _describe(block, visit, plan)
    if not grid_starts(plan.timeline.zone, start, start + 1, visit.step):
        return Refusal(RefusalCode.OFF_GRID)
    return None


def _notice(_plan: Plan, visit: Visit, _stretches: Sequence[Span]) -> list[Block]:
    """Forbid starts before the lead time or beyond the horizon (rule 5)."""
    return [
        (-FAR, visit.earliest, RefusalCode.TOO_SOON, None),
        (visit.latest + 1, FAR, RefusalCode.TOO_FAR_AHEAD, None),
    ]


def _radius(plan: Plan, visit: Visit, _stretches: Sequence[Span]) -> Sequence[Block]:
    """Forbid the day if the place is beyond the radius (rule 6)."""
    if plan.radius_km <= 0 or plan.start_place is None or visit.place is None:
        return ()
    distance_km = haversine_km(plan.start_place, visit.place)
    if distance_km <= plan.radius_km:
        return ()
    return ((-FAR, FAR, RefusalCode.OUT_OF_RADIUS, distance_km),)


def _windows(plan: Plan, visit: Visit, _stretches: Sequence[Span]) -> list[Block]:
    """Forbid visits that lie not inside one working interval (rule 1)."""
    if not plan.timeline.windows:
        return [(-FAR, FAR, RefusalCode.NO_WORKING_TIME, None)]
    blocks: list[Block] = []
    closed_from = -FAR
    for window in plan.timeline.windows:
        opens, closes = window
        late = max(opens, closes - visit.duration + 1)
        blocks.append((closed_from, opens, RefusalCode.OUTSIDE_WORKING_TIME, None))
        blocks.append((late, closes, RefusalCode.PAST_WORKING_TIME, window))
        closed_from = closes
    blocks.append((closed_from, FAR, RefusalCode.OUTSIDE_WORKING_TIME, None))
    return blocks


def _stops(plan: Plan, visit: Visit, _stretches: Sequence[Span]) -> list[Block]:
    """Forbid visits that overlap a stop (rules 2 and 3)."""
    ahead = visit.duration - 1
    return [
        (stop[0] - ahead, stop[1], RefusalCode.STOP_OVERLAP, stop)
        for stop in plan.timeline.stops
    ]


def _busy(plan: Plan, visit: Visit, _stretches: Sequence[Span]) -> list[Block]:
    """Forbid visits that overlap a busy event (rule 4)."""
    ahead = visit.duration - 1
    return [
        (span[0] - ahead, span[1], RefusalCode.BUSY, span)
        for span in plan.timeline.busy
    ]


def _rest(plan: Plan, visit: Visit, _stretches: Sequence[Span]) -> Sequence[Block]:
    """Forbid starts too soon after work before the working day began (rule 2).

    A shift that goes on through midnight is one: no rest is due inside it.
    """
    windows = plan.timeline.windows
    if not visit.rest or not windows:
        return ()
    opening = windows[0][0]
    last = (plan.timeline.previous_stops(opening) or [plan.timeline.evening])[-1]
    if last is None or opening == day_ticks(plan.day, plan.timeline.zone)[0]:
        return ()
    return ((-FAR, last.end + visit.rest, RefusalCode.RESTING, last),)


def _drives(plan: Plan, visit: Visit, stretches: Sequence[Span]) -> list[Block]:
    """Forbid starts that leave too little time to drive (rules 2 and 3).

    Looks only at starts in ``stretches``, which must be free of stops and inside
    windows already: :data:`RULES` is in that order.
    """
    blocks: list[Block] = []
    for first, until in stretches:
        before = leg_before(plan, visit, first)
        arrival = earliest_start(plan, visit, before)
        if arrival > first:
            code = RefusalCode.TRAVEL_FROM_PREVIOUS
            if before.stop is None:
                code = RefusalCode.TRAVEL_FROM_START
            blocks.append((first, min(until, arrival), code, before))
        if arrival < until:
            after = leg_after(plan, visit, first)
            late = max(first, latest_start(visit, after) + 1)
            if late < until:
                blocks.append((late, until, RefusalCode.TRAVEL_TO_NEXT, after))
    return blocks


ROOM_RULES: tuple[Rule, ...] = (_windows, _stops, _busy)
"""Where the day has room, whatever the place."""

TRAVEL_RULES: tuple[Rule, ...] = (*ROOM_RULES, _drives)
"""Where the day has room, with the drives."""

RULES: tuple[Rule, ...] = (_notice, _radius, *ROOM_RULES, _rest, _drives)
"""All rules but the grid: the cheap ones first, the drives last."""


def _describe(block: Block, visit: Visit, plan: Plan) -> Refusal:
    """Return a refusal with the facts of a stretch of forbidden starts."""
    first, until, code, subject = block
    facts: dict[str, Any] = {}
    if code is RefusalCode.TOO_SOON:
        facts["earliest"] = to_utc(until)
    elif code is RefusalCode.TOO_FAR_AHEAD:
        facts["latest"] = to_utc(first - 1)
    elif code is RefusalCode.OUT_OF_RADIUS:
        facts = {"distance_km": subject, "radius_km": plan.radius_km}
    elif isinstance(subject, Leg):
        facts = _leg_facts(subject, code, visit, plan)
    elif subject is not None:
        facts["blocked"] = (to_utc(subject[0]), to_utc(subject[1]))
    if isinstance(subject, TimelineStop):
        facts["stop_key"] = subject.key
    if code is RefusalCode.RESTING:
        facts["earliest"] = to_utc(until)
    if code is RefusalCode.PAST_WORKING_TIME and first > subject[0]:
        facts["latest"] = to_utc(first - 1)
    return Refusal(code, **facts)


def _leg_facts(leg: Leg, code: RefusalCode, visit: Visit, plan: Plan) -> dict[str, Any]:
    """Return what there is to tell about a drive that does not fit."""
    facts: dict[str, Any] = {"travel_minutes": leg.minutes}
    if leg.stop is not None:
        facts["blocked"] = (to_utc(leg.stop.start), to_utc(leg.stop.end))
        facts["stop_key"] = leg.stop.key
    if code is RefusalCode.TRAVEL_TO_NEXT:
        facts["latest"] = to_utc(latest_start(visit, leg))
    else:
        facts["earliest"] = to_utc(earliest_start(plan, visit, leg))
    return facts
