"""Edits that arrive late: the later one holds, whichever device sends it when."""

import doctest
from datetime import datetime, timedelta

import pytest

from recurrence import Edit, edits, holds

NOON = datetime(2027, 3, 1, 12)


def test_documentation_examples_hold():
    result = doctest.testmod(edits)
    assert result.attempted and not result.failed


@pytest.mark.parametrize(
    ("minutes", "device", "clock", "expected"),
    [
        (-1, "tablet", 999, False),
        (0, "tablet", 1, True),
        (1, "tablet", 1, True),
        (-1, "phone", 101, True),
        (1, "phone", 99, False),
        (-1, "phone", 100, True),
        (-1, "", 999, False),
        (1, "", 0, True),
    ],
)
def test_later_edit_holds(minutes, device, clock, expected):
    stored = Edit(NOON, "phone", 100).to_stamp()
    edit = Edit(NOON + timedelta(minutes=minutes), device, clock)
    assert holds(edit, stored) is expected


def test_anything_holds_against_nothing():
    assert holds(Edit(NOON), None)
    assert holds(Edit(NOON), [])


def test_edits_from_nowhere_go_by_time():
    stored = Edit(NOON, "", 0).to_stamp()
    assert not holds(Edit(NOON - timedelta(seconds=1), "", 5), stored)


def test_an_edit_is_never_from_the_future():
    assert Edit.from_age(NOON, -5_000, "phone", 1).at == NOON
    assert Edit.from_stamp(Edit(NOON, "phone", 7).to_stamp()) == Edit(NOON, "phone", 7)
