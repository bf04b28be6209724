"""Due dates: month ends, leap days, both policies, and no drift."""

import doctest
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recurrence import (
    Cycle,
    RecurrenceError,
    cadence_anchor,
    due_dates,
    errors,
    first_due,
    nth_due,
    roll,
)

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
INTERVALS = st.integers(1, 60)
JAN_15 = date(2024, 1, 15)


def day(text):
    return date.fromisoformat(text)


@pytest.mark.parametrize("module", [due_dates, errors])
def test_documentation_examples_hold(module):
    result = doctest.testmod(module)
    assert result.attempted and not result.failed


@pytest.mark.parametrize(
    ("anchor", "interval", "expected"),
    [
        ("2025-01-31", 1, ["2025-02-28", "2025-03-31", "2025-04-30", "2025-05-31"]),
        ("2024-01-31", 1, ["2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31"]),
        ("2024-01-30", 1, ["2024-02-29", "2024-03-30", "2024-04-30", "2024-05-30"]),
        ("2024-02-29", 12, ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]),
        ("2025-08-31", 6, ["2026-02-28", "2026-08-31", "2027-02-28", "2027-08-31"]),
        ("2025-08-31", 18, ["2027-02-28", "2028-08-31", "2030-02-28", "2031-08-31"]),
        ("2025-12-15", 3, ["2026-03-15", "2026-06-15", "2026-09-15", "2026-12-15"]),
    ],
)
def test_due_dates_are_counted_from_the_anchor(anchor, interval, expected):
    dates = [str(nth_due(day(anchor), interval, n)) for n in range(5)]
    assert dates == [anchor, *expected]


def test_due_dates_run_back_before_the_anchor():
    assert nth_due(day("2025-03-31"), 1, -1) == day("2025-02-28")


@pytest.mark.parametrize(
    ("delivered", "first", "interval", "expected"),
    [
        ("2025-03-10", 0, 12, "2026-03-10"),
        ("2025-03-10", 6, 12, "2025-09-10"),
        ("2025-03-10", 18, 12, "2026-09-10"),
        ("2025-08-31", 6, 12, "2026-02-28"),
        ("2024-02-29", 0, 12, "2025-02-28"),
    ],
)
def test_first_due_date(delivered, first, interval, expected):
    assert first_due(day(delivered), first, interval) == day(expected)


@pytest.mark.parametrize(
    ("service", "expected", "reason", "days", "skipped"),
    [
        ("2025-01-15", "2026-01-15", "on_time", 0, 0),
        ("2025-01-14", "2026-01-15", "early", -1, 0),
        ("2024-06-01", "2026-01-15", "early", -228, 0),
        ("2023-01-15", "2026-01-15", "early", -731, 0),
        ("2025-01-16", "2026-01-15", "late_same_cadence", 1, 0),
        ("2026-01-14", "2026-01-15", "late_same_cadence", 364, 0),
        ("2026-01-15", "2027-01-15", "late_skipped", 365, 1),
        ("2026-01-16", "2027-01-15", "late_skipped", 366, 1),
        ("2030-07-01", "2031-01-15", "late_skipped", 1993, 5),
    ],
)
def test_due_date_policy_holds_the_cadence(service, expected, reason, days, skipped):
    rolled = roll(Cycle(JAN_15, 12, day("2025-01-15")), day(service))
    assert rolled.next_due == day(expected)
    assert (rolled.reason, rolled.cycles_skipped) == (reason, skipped)
    assert (rolled.days_from_due, rolled.anchor) == (days, JAN_15)


@pytest.mark.parametrize(
    ("anchor", "interval", "previous", "service", "expected"),
    [
        ("2025-01-31", 1, "2025-01-31", "2025-01-31", "2025-02-28"),
        ("2025-01-31", 1, "2025-02-28", "2025-02-28", "2025-03-31"),
        ("2025-01-31", 1, "2025-02-28", "2025-03-30", "2025-03-31"),
        ("2025-01-31", 1, "2025-02-28", "2025-03-31", "2025-04-30"),
        ("2024-02-29", 12, "2027-02-28", "2027-03-02", "2028-02-29"),
        ("2024-02-29", 12, "2027-02-28", "2028-02-28", "2028-02-29"),
        ("2025-08-31", 6, "2026-02-28", "2026-02-20", "2026-08-31"),
    ],
)
def test_month_ends_survive_a_roll(anchor, interval, previous, service, expected):
    rolled = roll(Cycle(day(anchor), interval, day(previous)), day(service))
    assert rolled.next_due == day(expected)
    assert rolled.anchor == day(anchor)


@pytest.mark.parametrize(
    ("interval", "previous", "service", "expected", "anchor"),
    [
        (12, "2025-03-01", "2025-03-04", "2026-03-01", "2025-03-01"),
        (12, "2025-03-31", "2024-12-01", "2026-03-31", "2025-03-31"),
        (12, "2023-06-30", "2025-06-30", "2026-06-30", "2023-06-30"),
        # On the cadence still, though moved: whole intervals before or after.
        (12, "2027-01-15", "2027-01-20", "2028-01-15", "2024-01-15"),
        (12, "2023-01-15", "2023-01-10", "2024-01-15", "2024-01-15"),
        # A shorter interval keeps the cadence, a longer one may not.
        (6, "2025-01-15", "2025-01-15", "2025-07-15", "2024-01-15"),
        (24, "2025-01-15", "2025-01-15", "2027-01-15", "2025-01-15"),
    ],
)
def test_due_date_moved_by_hand(interval, previous, service, expected, anchor):
    rolled = roll(Cycle(JAN_15, interval, day(previous)), day(service))
    assert (rolled.next_due, rolled.anchor) == (day(expected), day(anchor))


@pytest.mark.parametrize(
    ("service", "expected", "days"),
    [
        ("2025-01-15", "2025-07-15", 0),
        ("2024-12-31", "2025-06-30", -15),
        ("2025-08-31", "2026-02-28", 228),
        ("2030-02-01", "2030-08-01", 1843),
    ],
)
def test_service_date_policy_counts_from_the_visit(service, expected, days):
    cycle = Cycle(JAN_15, 6, day("2025-01-15"), "service_date")
    rolled = roll(cycle, day(service))
    assert rolled.next_due == rolled.anchor == day(expected)
    assert rolled.reason == "counted_from_service"
    assert (rolled.days_from_due, rolled.cycles_skipped) == (days, 0)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: nth_due(JAN_15, 0, 1), "interval_not_positive"),
        (lambda: nth_due(JAN_15, -12, 1), "interval_not_positive"),
        (lambda: nth_due(JAN_15, 12, 10**5), "date_out_of_range"),
        (lambda: nth_due(JAN_15, 10**30, 1), "date_out_of_range"),
        (lambda: first_due(JAN_15, 6, 0), "interval_not_positive"),
        (lambda: first_due(JAN_15, -1, 12), "first_interval_negative"),
        (lambda: cadence_anchor(JAN_15, 0, JAN_15), "interval_not_positive"),
        (lambda: roll(Cycle(JAN_15, 0, JAN_15), JAN_15), "interval_not_positive"),
        (
            lambda: roll(Cycle(JAN_15, -1, JAN_15, "service_date"), JAN_15),
            "interval_not_positive",
        ),
        (
            lambda: roll(Cycle(JAN_15, 12, JAN_15, "moon"), JAN_15),
            "anchor_kind_unknown",
        ),
    ],
)
def test_impossible_input_is_refused_with_a_code(call, code):
    with pytest.raises(RecurrenceError) as caught:
        call()
    assert caught.value.code == code


@given(DAYS, INTERVALS, st.integers(0, 40), DAYS)
def test_roll_lands_on_the_first_cadence_date_after_both(anchor, interval, n, service):
    previous = nth_due(anchor, interval, n)
    rolled = roll(Cycle(anchor, interval, previous), service)
    k = rolled.cycles_skipped + 1
    assert rolled.next_due == nth_due(anchor, interval, n + k)
    assert rolled.next_due > max(service, previous)
    assert k == 1 or nth_due(anchor, interval, n + k - 1) <= service
    assert rolled.anchor == anchor


@given(DAYS, INTERVALS, DAYS, DAYS)
def test_roll_from_any_due_date_moves_forward(anchor, interval, previous, service):
    rolled = roll(Cycle(anchor, interval, previous), service)
    assert rolled.next_due > max(service, previous)
    for due in (previous, rolled.next_due):
        assert cadence_anchor(rolled.anchor, interval, due) == rolled.anchor


@given(DAYS, INTERVALS, DAYS)
def test_service_date_policy_is_service_plus_interval(anchor, interval, service):
    rolled = roll(Cycle(anchor, interval, anchor, "service_date"), service)
    assert service < rolled.next_due == nth_due(service, interval, 1)


@given(DAYS, INTERVALS, st.lists(st.integers(-20, 20), min_size=20, max_size=20))
def test_twenty_cycles_never_drift(anchor, interval, shifts):
    """Visits up to 20 days off move no due date, whatever the day of the month."""
    due = anchor
    for n, shift in enumerate(shifts, start=1):
        rolled = roll(Cycle(anchor, interval, due), due + timedelta(days=shift))
        due = rolled.next_due
        assert (due, rolled.anchor) == (nth_due(anchor, interval, n), anchor)
