"""What a report has to say about defects that were known before."""

import doctest
import itertools

import pytest

from recurrence import CLOSED, STILL_OPEN, check_known, known_defects

RESULTS = ("pass", "fail", "na", None)


@pytest.mark.parametrize("result", RESULTS)
@pytest.mark.parametrize("note", ["", "  ", None, "New shoe"])
@pytest.mark.parametrize("needed", [True, False])
def test_still_there_needs_nothing_more(result, note, needed):
    assert check_known(STILL_OPEN, note, result, needed) is None


@pytest.mark.parametrize(
    ("result", "needed", "expected"),
    [
        ("pass", False, "defect_unanswered"),
        ("pass", True, "defect_unanswered"),
        ("fail", False, None),
        ("fail", True, "defect_unanswered"),
        ("na", False, None),
        ("na", True, "defect_unanswered"),
        (None, False, None),
        (None, True, "defect_unanswered"),
    ],
)
def test_no_answer(result, needed, expected):
    assert check_known(None, "New shoe", result, needed) == expected


@pytest.mark.parametrize(
    ("result", "note", "expected"),
    [
        ("pass", "New shoe", None),
        (None, "Brake taken off", None),
        ("pass", "", "defect_note_missing"),
        ("pass", None, "defect_note_missing"),
        (None, " \t", "defect_note_missing"),
        ("fail", "New shoe", "defect_not_passed"),
        ("na", "New shoe", "defect_not_passed"),
    ],
)
def test_closed(result, note, expected):
    assert check_known(CLOSED, note, result) == expected


def test_a_check_that_passes_never_stands_for_an_answer():
    for note, needed in itertools.product(("", "New shoe"), (True, False)):
        assert check_known(None, note, "pass", needed)


def test_documentation_examples_hold():
    result = doctest.testmod(known_defects)
    assert result.attempted and not result.failed
