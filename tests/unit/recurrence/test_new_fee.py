"""A bulk change of fees: set, by percent, rounded as people round."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recurrence import RecurrenceError, new_fee


def test_documentation_examples_hold():
    result = doctest.testmod(new_fee)
    assert result.attempted and not result.failed


@pytest.mark.parametrize(
    ("fee", "mode", "value", "step", "after"),
    [
        (179.0, "keep", 0, 1.0, 179.0),
        (179.0, "set", 189.0, 1.0, 189.0),
        (179.0, "set", 0.0, 1.0, 0.0),
        (100.0, "percent", 2.5, 1.0, 103.0),
        (100.0, "percent", 2.4, 1.0, 102.0),
        (1.15, "percent", 0, 0.1, 1.2),
        (179.0, "percent", 3.0, 5.0, 185.0),
        (0.0, "percent", 50.0, 1.0, 0.0),
        (179.0, "percent", -100.0, 1.0, 0.0),
    ],
)
def test_new_fees(fee, mode, value, step, after):
    assert new_fee.new_fee(fee, mode, value, step) == after


@pytest.mark.parametrize(
    ("mode", "value", "step"),
    [
        ("set", -1.0, 1.0),
        ("percent", 101.0, 1.0),
        ("percent", -101.0, 1.0),
        ("percent", 5.0, 0.0),
        ("double", 5.0, 1.0),
    ],
)
def test_changes_that_cannot_be_meant(mode, value, step):
    with pytest.raises(RecurrenceError):
        new_fee.new_fee(179.0, mode, value, step)


@given(st.integers(0, 100_000), st.integers(-100, 100))
def test_a_fee_is_never_negative(cents, percent):
    assert new_fee.new_fee(cents / 100, "percent", percent, 0.01) >= 0
