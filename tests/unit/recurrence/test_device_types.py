"""Device types: spelt in many ways, each with one meaning."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recurrence import device_types
from recurrence.device_types import (
    PART,
    UNIT,
    DeviceRule,
    find_device_rule,
)

OURS, THEIRS = 1, 2
CUSHION = DeviceRule("Cushion", False, PART)
CHAIR = DeviceRule("Wheelchair", False, UNIT, 10)
POWER = DeviceRule("Power Wheelchair", False, UNIT, 20)
RULES = [CUSHION, POWER, CHAIR]


def test_documentation_examples_hold():
    result = doctest.testmod(device_types)
    assert result.attempted and not result.failed


@pytest.mark.parametrize(
    ("device_type", "rule"),
    [
        ("Wheelchair", CHAIR),
        ("  WHEELCHAIRS - manual/adult ", CHAIR),
        ("Wheelchair, power, type 2", POWER),
        ("Power wheelchair cushion", CUSHION),
        ("Wheelchairlike", None),
        ("Power base", None),
        ("", None),
        ("–", None),
    ],
)
def test_first_rule_whose_words_are_all_there(device_type, rule):
    assert find_device_rule(device_type, RULES, OURS) == rule


def test_exact_rule_goes_before_words_wherever_it_stands():
    exact = DeviceRule("power wheelchair cushion", True, UNIT, 30)
    rules = [*RULES, exact]
    assert find_device_rule("Power Wheelchair: Cushions", rules, OURS) == exact
    assert find_device_rule("Power Wheelchair Cushion XL", rules, OURS) == CUSHION


def test_own_rule_goes_before_a_shared_one_and_binds_nobody_else():
    own = DeviceRule("wheelchair", False, UNIT, 40, company_id=OURS)
    rules = [*RULES, own]
    assert find_device_rule("Wheelchair", rules, OURS) == own
    assert find_device_rule("Wheelchair", rules, THEIRS) == CHAIR


def test_shared_exact_rule_goes_before_own_words():
    own = DeviceRule("wheelchair", False, UNIT, 40, company_id=OURS)
    exact = DeviceRule("Manual Wheelchair", True, PART)
    assert find_device_rule("manual wheelchair", [own, exact], OURS) == exact


def test_rule_without_words_matches_nothing():
    empty = DeviceRule("!", False, PART)
    assert find_device_rule("Walker", [empty], OURS) is None


@given(st.text(min_size=1))
def test_exact_rule_finds_its_own_spelling(text):
    rule = DeviceRule(text, True, PART)
    assert find_device_rule(text, [rule], OURS) == rule
