"""A prepaid plan: its balance is its moves, its price is what its visits earned."""

import doctest
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recurrence import RecurrenceError, plan_ledger
from recurrence.plan_ledger import Move

PRICES = st.integers(0, 10_000_000)
VISITS = st.integers(1, 60)


def test_documentation_examples_hold():
    result = doctest.testmod(plan_ledger)
    assert result.attempted and not result.failed


@pytest.mark.parametrize(
    ("kind", "visits"),
    [
        ("grant", 4),
        ("reserve", -1),
        ("burn", 0),
        ("give_back", 1),
        ("expire", -2),
        ("expire", 0),
        ("correct", 1),
        ("correct", -1),
    ],
)
def test_moves_that_a_ledger_takes(kind, visits):
    plan_ledger.check_move(kind, visits)


@pytest.mark.parametrize(
    ("kind", "visits"),
    [
        ("grant", 0),
        ("grant", -1),
        ("reserve", 1),
        ("burn", -1),
        ("give_back", -1),
        ("expire", 1),
        ("correct", 0),
        ("gift", 1),
    ],
)
def test_moves_that_a_ledger_refuses(kind, visits):
    with pytest.raises(RecurrenceError):
        plan_ledger.check_move(kind, visits)


@given(PRICES, VISITS)
def test_the_visits_of_a_plan_earn_its_whole_price(price, visits):
    steps = [plan_ledger.earned(price, visits, n) for n in range(visits + 1)]
    assert steps[0] == 0 and steps[-1] == price
    assert steps == sorted(steps)
    # No visit earns more than a cent more than another.
    parts = [after - before for before, after in pairwise(steps)]
    assert max(parts) - min(parts) <= 1


@given(PRICES, VISITS, st.data())
def test_recognising_twice_recognises_once(price, visits, data):
    served = data.draw(st.integers(0, visits))
    first = plan_ledger.recognise(price, visits, served, 0)
    assert plan_ledger.recognise(price, visits, served, first) == 0


@given(PRICES, VISITS, st.data(), st.sampled_from(["keep", "refund"]))
def test_nothing_of_the_price_is_lost_at_the_end(price, visits, data, rule):
    served = data.draw(st.integers(0, visits))
    end = plan_ledger.settle(price, visits, served, rule)
    done = plan_ledger.earned(price, visits, served)
    assert done + end.recognised + end.refund == price


@given(st.lists(st.sampled_from(["book", "done", "cancel", "undo"]), max_size=40))
def test_what_is_owed_is_what_is_left_and_what_is_booked(steps):
    moves, booked, served = [Move("grant", 6)], 0, 0
    for step in steps:
        if step == "book" and plan_ledger.balance(moves):
            moves.append(Move("reserve", -1))
            booked += 1
        elif step == "done" and booked:
            moves.append(Move("burn", 0, 100))
            booked, served = booked - 1, served + 1
        elif step == "cancel" and booked:
            moves.append(Move("give_back", 1))
            booked -= 1
        elif step == "undo" and served:
            moves.append(Move("burn", 0, -100, taken_back=True))
            booked, served = booked + 1, served - 1
    assert plan_ledger.balance(moves) == 6 - booked - served >= 0
    assert plan_ledger.count_burned(moves) == served
    assert plan_ledger.unserved(moves) == 6 - served


@pytest.mark.parametrize(("visits", "served"), [(0, 0), (-1, 0), (4, 5), (4, -1)])
def test_a_plan_that_cannot_be(visits, served):
    with pytest.raises(RecurrenceError):
        plan_ledger.earned(10000, visits, served)


def test_an_unknown_rule_is_refused():
    with pytest.raises(RecurrenceError):
        plan_ledger.settle(10000, 4, 1, "perhaps")


@pytest.mark.parametrize(
    ("received", "days", "last"),
    [
        (date(2026, 12, 1), 10, date(2026, 12, 11)),
        (date(2026, 12, 28), 10, date(2027, 1, 7)),
        (date(2026, 12, 1), 0, date(2026, 12, 1)),
    ],
)
def test_last_day_to_withdraw(received, days, last):
    assert plan_ledger.cooling_off_ends(received, days) == last


def test_a_negative_cooling_off_is_refused():
    with pytest.raises(RecurrenceError):
        plan_ledger.cooling_off_ends(date(2026, 12, 1), -1)
