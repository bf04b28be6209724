"""Past sales become proposals: each line in, a reason for each unit out."""

import doctest
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recurrence import (
    Contract,
    Known,
    SaleFact,
    UnitPolicy,
    backfill_proposals,
    propose,
)

TODAY = date(2026, 6, 1)
SOLD = (("order", date(2024, 1, 31)),)
LIFT = UnitPolicy(1, True, False, False, 12, 0)
CHAIR = UnitPolicy(2, True, False, True, 6, 0)


def sale(line_id=1, **values):
    """Return a plain sale of one lift, changed as the test needs."""
    plain = {
        "company_id": 1,
        "partner_id": 1,
        "product_id": 1,
        "quantity": 1.0,
        "policy": LIFT,
        "dates": SOLD,
    }
    return SaleFact(line_id=line_id, **{**plain, **values})


def said(*facts, known=None):
    """Return what is proposed as (line, unit, status, reason)."""
    return [
        (unit.fact.line_id, unit.index, unit.status, unit.reason)
        for unit in propose(facts, known or Known(), TODAY)
    ]


def test_documentation_examples_hold():
    result = doctest.testmod(backfill_proposals)
    assert result.attempted and not result.failed


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"down_payment": True}, "down_payment"),
        ({"product_id": None}, "no_product"),
        ({"partner_id": None}, "no_client"),
        ({"policy": None}, "not_equipment"),
        ({"policy": None, "is_part": True, "serials": ("S",)}, "part"),
        ({"policy": UnitPolicy(1, False, False, False, 12, 0)}, "not_maintained"),
        ({"policy": UnitPolicy(1, True, True, False, 12, 0)}, "accessory"),
        ({"policy": UnitPolicy(1, True, False, False, 0, 0)}, "interval_zero"),
        ({"objection": "other_company"}, "other_company"),
        ({"quantity": 0.0}, "quantity_not_positive"),
        ({"quantity": -2.0}, "quantity_not_positive"),
        ({"quantity": 0.5}, "quantity_fractional"),
        ({"quantity": 1e6}, "quantity_too_large"),
    ],
)
def test_line_that_says_no(values, reason):
    assert said(sale(**values)) == [(1, 0, "skipped", reason)]


@pytest.mark.parametrize(
    ("values", "reasons"),
    [
        ({"quantity": 2.0}, ["new", "new"]),
        ({"policy": CHAIR}, ["serial_missing"]),
        ({"policy": CHAIR, "serials": ("A",)}, ["new"]),
        ({"policy": CHAIR, "serials": ("A", "B")}, ["new", "serial_surplus"]),
        (
            {"policy": CHAIR, "quantity": 2.0, "serials": ("A",), "repeated": ("A",)},
            ["new", "serial_repeated"],
        ),
        ({"serials": ("9" * 101,)}, ["serial_too_long"]),
        ({"dates": (("order", date(1989, 12, 31)),)}, ["date_too_old"]),
        ({"dates": (("order", date(2026, 6, 2)),)}, ["date_future"]),
        ({"dates": (("order", TODAY),)}, ["new"]),
        ({"quantity": 3.0, "returned": 1.0}, ["new", "new", "returned"]),
        (
            {
                "quantity": 2.0,
                "serials": ("A", "B"),
                "returned": 1.0,
                "returned_serials": frozenset("A"),
            },
            ["returned", "new"],
        ),
    ],
)
def test_unit_by_unit(values, reasons):
    assert [reason for *_unit, reason in said(sale(**values))] == reasons


def test_first_source_with_a_day_decides():
    dates = (
        ("adp_delivery", None),
        ("delivery", date(2024, 2, 29)),
        ("order", date(2023, 1, 1)),
    )
    (unit,) = propose([sale(dates=dates)], Known(), TODAY)
    assert (unit.source, unit.anchor) == ("delivery", date(2024, 2, 29))
    assert unit.due == date(2025, 2, 28)


def test_without_any_day_it_counts_from_today():
    (unit,) = propose([sale(dates=(("order", None),))], Known(), TODAY)
    assert (unit.source, unit.due) == ("today", date(2027, 6, 1))


def test_latest_sale_of_a_serial_wins():
    facts = [
        sale(1, serials=("A",), dates=(("order", date(2020, 1, 1)),)),
        sale(2, serials=("A",), dates=(("order", date(2022, 1, 1)),)),
        sale(3, serials=("A",), dates=(("order", date(2021, 1, 1)),)),
    ]
    units = propose(facts, Known(), TODAY)
    assert [unit.reason for unit in units] == [
        "serial_sold_again",
        "new",
        "serial_sold_again",
    ]
    assert {unit.other_line_id for unit in units} == {2, None}


def test_one_serial_in_two_companies_is_two_units():
    facts = [sale(1, serials=("A",)), sale(2, serials=("A",), company_id=2)]
    assert {reason for *_unit, reason in said(*facts)} == {"new"}


def test_contracts_that_are_there():
    known = Known(
        serials={(1, "A"): Contract(10, None), (1, "B"): Contract(11, 99, ended=True)},
        units={(1, 1): Contract(12, 1), (2, 1): Contract(13, 2, ended=True)},
        by_hand={(1, 1, 1): [14]},
    )
    assert said(
        sale(1),
        sale(2),
        sale(3, serials=("A",)),
        sale(4, serials=("B",)),
        sale(5, quantity=2.0),
        known=known,
    ) == [
        (1, 1, "enrolled", "enrolled_line"),
        (2, 1, "skipped", "care_ended"),
        (3, 1, "enrolled", "enrolled_serial"),
        (4, 1, "new", "new"),
        (5, 1, "enrolled", "enrolled_by_hand"),
        (5, 2, "new", "new"),
    ]
    assert known.by_hand == {(1, 1, 1): [14]}


def test_serials_without_a_category_are_for_the_office():
    facts = sale(policy=None, quantity=2.0, serials=("A", "B"))
    assert said(facts) == [
        (1, 1, "by_hand", "unclassified"),
        (1, 2, "by_hand", "unclassified"),
    ]


policies = st.sampled_from([None, LIFT, CHAIR, UnitPolicy(1, True, True, False, 12, 0)])
facts = st.builds(
    SaleFact,
    line_id=st.integers(1, 40),
    company_id=st.integers(1, 2),
    partner_id=st.none() | st.integers(1, 3),
    product_id=st.none() | st.integers(1, 3),
    quantity=st.sampled_from([-1.0, 0.0, 0.5, 1.0, 2.0, 3.0, 1e5]),
    policy=policies,
    dates=st.lists(st.tuples(st.just("order"), st.none() | st.dates()), max_size=2).map(
        tuple
    ),
    serials=st.lists(st.sampled_from("ABCDE"), unique=True, max_size=4).map(tuple),
    returned=st.sampled_from([0.0, 1.0, 2.0]),
)


@given(st.lists(facts, max_size=12, unique_by=lambda fact: fact.line_id))
def test_no_line_is_lost_and_no_unit_is_enrolled_twice(lines):
    units = propose(lines, Known(), TODAY)
    assert {unit.fact.line_id for unit in units} == {fact.line_id for fact in lines}
    assert all(unit.reason for unit in units)
    new = [unit for unit in units if unit.status == "new"]
    serials = [(u.fact.company_id, u.serial) for u in new if u.serial]
    assert len(serials) == len(set(serials))
    assert len({(u.fact.line_id, u.index) for u in new}) == len(new)
    assert all(u.due and u.anchor and u.due > u.anchor for u in new)


@given(st.lists(facts, max_size=12, unique_by=lambda fact: fact.line_id))
def test_what_was_enrolled_is_not_proposed_again(lines):
    known = Known()
    for number, unit in enumerate(propose(lines, Known(), TODAY)):
        if unit.status == "new":
            contract = Contract(number, unit.fact.line_id)
            known.units[unit.fact.line_id, unit.index] = contract
            if unit.serial:
                known.serials[unit.fact.company_id, unit.serial] = contract
    again = propose(lines, known, TODAY)
    assert not [unit for unit in again if unit.status == "new"]


@pytest.mark.parametrize(
    ("serials", "known", "reasons"),
    [
        (("A",), Known(by_hand={(1, 1, 1): [9]}), ["maybe_by_hand"]),
        ((), Known(by_hand_serials={(1, 1, 1): [(9, "A")]}), ["maybe_by_hand"]),
        (("B",), Known(by_hand_serials={(1, 1, 1): [(9, "A")]}), ["new"]),
        ((), Known(by_hand_serials={(1, 1, 2): [(9, "A")]}), ["new"]),
        (("A",), Known(by_hand={(1, 7, 1): [9]}), ["new"]),
    ],
)
def test_serial_that_one_side_only_knows(serials, known, reasons):
    assert [reason for *_unit, reason in said(sale(serials=serials), known=known)] == (
        reasons
    )


def test_units_without_serial_go_first_to_contracts_without():
    known = Known(by_hand={(1, 1, 1): [9]})
    assert said(sale(1, serials=("A",)), sale(2), known=known) == [
        (1, 1, "new", "new"),
        (2, 1, "enrolled", "enrolled_by_hand"),
    ]


def test_ended_contract_of_another_client_says_nothing():
    ended = Contract(9, None, ended=True, owner_id=2)
    assert said(sale(serials=("A",)), known=Known(serials={(1, "A"): ended})) == [
        (1, 1, "new", "new")
    ]
    same = sale(partner_id=5, client_id=2, serials=("A",))
    assert said(same, known=Known(serials={(1, "A"): ended})) == [
        (1, 1, "skipped", "care_ended")
    ]


@pytest.mark.parametrize("months", [(241, 0), (12, 99999999)])
def test_interval_that_cannot_be_meant_is_one_lines_business(months):
    typo = UnitPolicy(1, True, False, False, *months)
    assert said(sale(1, policy=typo), sale(2)) == [
        (1, 0, "skipped", "interval_too_long"),
        (2, 1, "new", "new"),
    ]


@pytest.mark.parametrize(
    ("owner", "firm", "line", "expected"),
    [
        (1, None, None, ("enrolled", "enrolled_serial")),
        (2, None, None, ("by_hand", "serial_elsewhere")),
        (2, None, 3, ("by_hand", "serial_elsewhere")),
        (2, None, 99, ("skipped", "serial_sold_again")),
        (8, None, None, ("enrolled", "enrolled_serial")),  # the client's own firm
        (2, 1, None, ("enrolled", "enrolled_serial")),  # a contact of the client
        (2, 8, None, ("by_hand", "serial_elsewhere")),  # a neighbour in the home
    ],
)
def test_serial_under_the_contract_of_somebody_else(owner, firm, line, expected):
    there = Contract(9, line, owner_id=owner, firm_id=firm)
    fact = sale(4, serials=("A",), client_id=1, firm_id=8)
    [found] = said(fact, known=Known(serials={(1, "A"): there}))
    assert found[2:] == expected


def test_neighbours_in_a_home_do_not_share_contracts_made_by_hand():
    known = Known(by_hand={(1, 2, 1): [9], (1, 8, 1): [10]})
    units = said(
        sale(1, client_id=1, firm_id=8), sale(2, client_id=1, firm_id=8), known=known
    )
    assert [unit[3] for unit in units] == ["enrolled_by_hand", "new"]
