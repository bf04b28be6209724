"""Overdue units over weeks: the cap holds, the oldest first, every area evenly."""

import doctest
from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recurrence import Overdue, RecurrenceError, Spread, plan, stagger, week_rooms

MONDAY = date(2026, 6, 1)


def weeks(days, spread):
    """Return how many units each week got."""
    return Counter(spread.week_of(day) for day in days.values())


def test_documentation_examples_hold():
    result = doctest.testmod(stagger)
    assert result.attempted and not result.failed


@pytest.mark.parametrize(
    ("count", "number", "cap", "taken", "rooms"),
    [
        (0, 3, 5, {}, [0, 0, 0]),
        (6, 3, 0, {}, [2, 2, 2]),
        (7, 3, 0, {}, [3, 2, 2]),
        (6, 3, 5, {0: 9}, [0, 3, 3]),
        (9, 2, 3, {}, [3, 3, 3]),
        (5, 2, 2, {2: 1}, [2, 2, 1]),
        (5, 1, 2, {1: 2}, [2, 0, 2, 1]),
    ],
)
def test_rooms_of_the_weeks(count, number, cap, taken, rooms):
    assert week_rooms(count, Spread(MONDAY, number, cap), taken) == rooms


def test_no_weeks_or_a_negative_cap_are_refused():
    for values in ((0, 1), (1, -1)):
        with pytest.raises(RecurrenceError):
            Spread(MONDAY, *values)


def test_starts_on_a_monday_and_keeps_to_weekdays():
    units = [Overdue(n, date(2020, 1, 1)) for n in range(50)]
    days = plan(units, Spread(date(2026, 5, 28), 4))
    assert min(days.values()) == MONDAY
    assert {day.weekday() for day in days.values()} == {0, 1, 2, 3, 4}


def test_most_overdue_first():
    units = [Overdue(n, date(2025, 12, 31) - timedelta(days=n)) for n in range(40)]
    days = plan(units, Spread(MONDAY, 5, 10))
    in_order = [days[n] for n in sorted(days, reverse=True)]
    assert in_order == sorted(in_order)


def test_every_area_gets_its_share_of_each_week():
    units = [
        Overdue(n, date(2020, 1, 1) + timedelta(days=n), "L4K" if n < 40 else "M5V")
        for n in range(80)
    ]
    spread = Spread(MONDAY, 8)
    days = plan(units, spread)
    for area in ("L4K", "M5V"):
        own = {u.key: days[u.key] for u in units if u.area == area}
        assert set(weeks(own, spread).values()) == {5}


cases = st.lists(
    st.tuples(st.dates(date(2000, 1, 1), MONDAY), st.sampled_from("ABCD")), max_size=60
)


@given(
    cases, st.integers(1, 9), st.integers(0, 8),
    st.dictionaries(st.integers(-3, 12), st.integers(0, 6), max_size=6),
)  # fmt: skip
def test_everybody_gets_a_day_and_no_week_passes_its_cap(found, number, cap, taken):
    units = [Overdue(key, due, area) for key, (due, area) in enumerate(found)]
    spread = Spread(MONDAY, number, cap)
    days = plan(units, spread, taken)
    assert set(days) == {unit.key for unit in units}
    filled = weeks(days, spread)
    assert all(week >= 0 for week in filled)
    if cap:
        for week, count in filled.items():
            assert count + taken.get(week, 0) <= cap
    else:
        assert all(week < number for week in filled)


@given(cases, st.integers(1, 9))
def test_weeks_differ_by_one_at_most(found, number):
    units = [Overdue(key, due, area) for key, (due, area) in enumerate(found)]
    spread = Spread(MONDAY, number)
    filled = weeks(plan(units, spread), spread)
    counts = [filled.get(week, 0) for week in range(number)]
    assert max(counts) - min(counts) <= 1


def planned_weeks(units, spread):
    """Return each unit's week by its key."""
    return {key: spread.week_of(day) for key, day in plan(units, spread).items()}


def test_consent_that_ends_is_used_before_it_ends_whatever_is_more_overdue():
    old = [Overdue(n, date(2008, 1, 1)) for n in range(100)]
    new = [
        Overdue(1000 + n, date(2025, 1, 1), mail_by=MONDAY + timedelta(days=90))
        for n in range(20)
    ]
    found = planned_weeks([*old, *new], Spread(MONDAY, 4, 2))
    assert max(found[unit.key] for unit in new) < 12
    assert min(found[unit.key] for unit in old) > max(found[u.key] for u in new) - 1


def test_safety_critical_units_come_before_other_overdue_ones():
    units = [Overdue(n, date(2008, 1, 1) + timedelta(days=n)) for n in range(30)]
    units += [Overdue(100 + n, date(2025, 1, 1), urgent=True) for n in range(6)]
    found = planned_weeks(units, Spread(MONDAY, 4, 3))
    assert max(found[100 + n] for n in range(6)) < min(found[n] for n in range(30))


def test_consent_and_safety_share_the_weeks_while_both_can_be_kept():
    ends = MONDAY + timedelta(days=7 * 50)
    units = [Overdue(n, date(2025, 1, 1), mail_by=ends) for n in range(20)]
    units += [Overdue(100 + n, date(2010, 1, 1), urgent=True) for n in range(20)]
    found = planned_weeks(units, Spread(MONDAY, 4, 4))
    first = [key for key, week in found.items() if week == 0]
    assert sum(key >= 100 for key in first) == sum(key < 100 for key in first) == 2


def test_consent_that_ends_soon_gets_more_than_its_half():
    ends = MONDAY + timedelta(days=18)
    units = [Overdue(n, date(2025, 1, 1), mail_by=ends) for n in range(8)]
    units += [Overdue(100 + n, date(2010, 1, 1), urgent=True) for n in range(20)]
    found = planned_weeks(units, Spread(MONDAY, 4, 4))
    assert max(found[n] for n in range(8)) == 1


@given(
    st.lists(
        st.tuples(
            st.dates(date(2000, 1, 1), MONDAY),
            st.sampled_from("AB"),
            st.booleans(),
            st.none() | st.integers(0, 200),
        ),
        max_size=50,
    ),
    st.integers(1, 6),
    st.integers(1, 5),
)
def test_order_loses_nobody_and_keeps_every_consent_that_can_be_kept(
    found, number, cap
):
    units = [
        Overdue(
            key, due, area, urgent, None if left is None else MONDAY + timedelta(left)
        )
        for key, (due, area, urgent, left) in enumerate(found)
    ]
    spread = Spread(MONDAY, number, cap)
    result = planned_weeks(units, spread)
    assert set(result) == set(range(len(units)))
    filled = Counter(result.values())
    assert all(count <= cap for count in filled.values())
    ending = [unit for unit in units if unit.mail_by]
    lasts = sorted(spread.last_week_before(unit.mail_by) for unit in ending)
    rooms = [filled[week] for week in range(max(filled, default=-1) + 1)]
    kept_in_time = all(
        sum(last <= week for last in lasts) <= sum(rooms[: week + 1]) for week in lasts
    )
    if kept_in_time:
        for unit in ending:
            assert result[unit.key] <= spread.last_week_before(unit.mail_by)
