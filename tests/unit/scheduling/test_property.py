"""The search, the explanation and the oracle never disagree, whatever the day.

FUSION_PROPERTY_CASES sets the number of random days (default 300; a third of it for
the next open slot and the gaps).
"""

import os
from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduling import (
    RefusalCode,
    day_gaps,
    explain,
    find_open_slots,
    next_open_slot,
)

from . import oracle
from .cases import cases, place_of, plan_of, request_of, travel_of

CASES = os.environ.get("FUSION_PROPERTY_CASES")

many = settings(
    max_examples=int(CASES or 300),
    deadline=None,
    derandomize=CASES is None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
some = settings(many, max_examples=many.max_examples // 3 + 1)


def found(case):
    """What the search finds on the day of a case."""
    return find_open_slots([plan_of(case)], request_of(case), travel_of(case))


@many
@given(cases)
def test_search_finds_what_the_oracle_finds(case):
    expected = oracle.open_slots(case)
    slots = found(case)
    assert [(s.start, s.travel_before, s.travel_after, s.detour) for s in slots] == (
        expected
    )
    assert {slot.end - slot.start for slot in slots} <= {
        timedelta(minutes=case.minutes)
    }


@many
@given(cases, st.integers(0, 6), st.integers(1, 59_999_999))
def test_explanation_agrees_with_search_and_oracle(case, skew, crumbs):
    plan, request, travel = plan_of(case), request_of(case), travel_of(case)
    opened = {slot.start for slot in found(case)}
    on_grid = [m for m, wall in oracle.instants(case) if wall.minute % case.grid == 0]
    for moment in on_grid:
        assert (explain(plan, request, moment, travel) is None) == (moment in opened)
    for moment in [m for m, _wall in oracle.instants(case)[skew::23]] + on_grid[::7]:
        refusal = explain(plan, request, moment, travel)
        broken = oracle.rules_broken(case, moment)
        if refusal is None:
            assert not broken
        elif refusal.code is RefusalCode.OFF_GRID:
            assert not broken
            assert moment not in on_grid
        else:
            assert refusal.code.rule in broken
    for start in opened:
        between = start + timedelta(microseconds=crumbs)
        assert explain(plan, request, between, travel) is not None


@some
@given(cases, st.integers(-60, 1500))
def test_next_open_slot_is_the_first_of_all(case, minutes):
    after = case.now + timedelta(minutes=minutes)
    expected = [slot for slot in found(case) if slot.start >= after]
    plans, request = [plan_of(case)], request_of(case)
    slot = next_open_slot(plans, request, travel_of(case), after)
    assert slot == (expected[0] if expected else None)


@some
@given(cases)
def test_gaps_are_the_minutes_that_nothing_takes(case):
    free = {
        moment
        for moment, _wall in oracle.instants(case)
        if oracle.inside_one_window(case, moment, moment + oracle.MINUTE)
        and not any(s[0] < moment + oracle.MINUTE and moment < s[1] for s in case.stops)
        and not any(
            a < b and a < moment + oracle.MINUTE and moment < b for a, b in case.busy
        )
    }
    gaps = day_gaps(plan_of(case))
    assert gaps == sorted(gaps)
    assert free == {
        moment
        for moment, _wall in oracle.instants(case)
        if any(a <= moment and moment + oracle.MINUTE <= b for a, b in gaps)
    }


@some
@given(cases)
def test_gaps_with_drives_hold_every_start_that_rules_1_to_4_allow(case):
    gaps = day_gaps(
        plan_of(case),
        place_of(case.place),
        case.minutes,
        travel_of(case),
        case.own_time,
    )
    for start, _wall in oracle.instants(case)[::11]:
        end = start + timedelta(minutes=case.minutes)
        broken = oracle.rules_broken(replace(case, rest_minutes=0), start)
        broken &= {1, 2, 3, 4}
        assert (not broken) == any(a <= start and end <= b for a, b in gaps)
