"""Checklist verdicts: what is missing, what contradicts itself, what it adds up to."""

import doctest
from itertools import product
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recurrence import (
    Answer,
    Problem,
    RecurrenceError,
    check_answer,
    checklist,
    verdict,
)

ANSWERS = st.lists(
    st.builds(
        Answer,
        key=st.text("abcde", min_size=1, max_size=2),
        result=st.sampled_from(["pass", "fail", "na", None]),
        critical=st.booleans(),
        reading=st.none() | st.floats(),
        minimum=st.none() | st.floats(),
        maximum=st.none() | st.floats(),
        note=st.sampled_from(["", " ", "seized"]),
    ),
    max_size=6,
)
BELT = Answer("belt", "pass")
RAIL_FAILED = Answer("rail", "fail")
BRAKE_FAILED = Answer("brake", "fail", critical=True)
STOP_PASSED = Answer("stop", "pass", critical=True)
HINGE_ABSENT = Answer("hinge", "na", critical=True, note="no hinge on this rail")
UNANSWERED = Answer("label", None)


def test_documentation_examples_hold():
    result = doctest.testmod(checklist)
    assert result.attempted and not result.failed


@pytest.mark.parametrize(
    ("lines", "safety_critical", "outcome", "refusal"),
    [
        ([BELT, STOP_PASSED], True, "pass", None),
        ([BELT, STOP_PASSED], False, "pass", None),
        ([BELT, HINGE_ABSENT], True, "pass", None),
        ([BELT, RAIL_FAILED], True, "pass_with_findings", None),
        ([BELT, RAIL_FAILED], False, "pass_with_findings", None),
        ([BELT, BRAKE_FAILED], True, "unsafe", "critical_failure"),
        ([BELT, BRAKE_FAILED], False, "pass_with_findings", "critical_failure"),
        # Unanswered: no outcome yet, but danger is said at once.
        ([BELT, UNANSWERED], True, None, "incomplete"),
        ([BELT, UNANSWERED, RAIL_FAILED], True, None, "incomplete"),
        ([BELT, UNANSWERED, BRAKE_FAILED], True, "unsafe", "critical_failure"),
        ([BELT, UNANSWERED, BRAKE_FAILED], False, None, "critical_failure"),
        # Nothing was seen to work: no certificate.
        ([HINGE_ABSENT], True, "pass", "nothing_passed"),
        ([RAIL_FAILED], False, "pass_with_findings", "nothing_passed"),
    ],
)
def test_outcome_and_certificate(lines, safety_critical, outcome, refusal):
    found = verdict(lines, safety_critical)
    assert (found.outcome, found.certificate_refusal) == (outcome, refusal)


def test_lines_are_named_in_their_order():
    found = verdict([UNANSWERED, BRAKE_FAILED, BELT, RAIL_FAILED], True)
    assert found.missing == ("label",)
    assert found.failed == ("brake", "rail")
    assert found.failed_critical == ("brake",)
    assert found.invalid == ()
    assert not found.complete


@pytest.mark.parametrize("safety_critical", [True, False])
def test_category_without_checklist_needs_no_answers(safety_critical):
    found = verdict([], safety_critical, has_checklist=False)
    assert (found.complete, found.outcome) == (True, "pass")
    assert found.certificate_refusal == "nothing_passed"


def test_checklist_that_was_never_laid_out_is_incomplete():
    found = verdict([], True)
    assert (found.complete, found.outcome) == (False, None)
    assert found.invalid == (Problem("", "no_lines"),)


@pytest.mark.parametrize(
    ("result", "reading", "minimum", "maximum", "note", "expected"),
    [
        # No limits: a reading is welcome, never needed.
        ("pass", None, None, None, "", None),
        ("pass", 24.5, None, None, "", None),
        ("fail", None, None, None, "", None),
        # Limits, bounds included.
        ("pass", 24.0, 24.0, 28.0, "", None),
        ("pass", 28.0, 24.0, 28.0, "", None),
        ("pass", 0.0, 0.0, 0.5, "", None),
        ("pass", -2.0, -5.0, None, "", None),
        ("pass", 25.0, 25.0, 25.0, "", None),
        ("pass", 23.9, 24.0, None, "", "reading_outside_limits"),
        ("pass", 28.1, None, 28.0, "", "reading_outside_limits"),
        ("pass", 23.9, 24.0, None, "looks fine", "reading_outside_limits"),
        ("pass", None, 24.0, None, "", "reading_missing"),
        ("pass", None, 24.0, None, "meter broken", "reading_missing"),
        # A fail may be about something else, or about not being measurable.
        ("fail", 23.9, 24.0, None, "", None),
        ("fail", 25.0, 24.0, None, "", None),
        ("fail", None, 24.0, None, "", "reading_missing"),
        ("fail", None, 24.0, None, "  ", "reading_missing"),
        ("fail", None, 24.0, None, "battery absent", None),
        # Not applicable says why, and needs no reading.
        ("na", None, None, None, "", "note_missing"),
        ("na", None, None, None, " \n", "note_missing"),
        ("na", None, 24.0, None, "no battery", None),
        # Numbers that are none.
        ("pass", nan, None, None, "", "reading_not_a_number"),
        ("pass", inf, 24.0, None, "", "reading_not_a_number"),
        ("fail", -inf, 24.0, None, "off scale", "reading_not_a_number"),
        ("na", nan, None, None, "no battery", "reading_not_a_number"),
        ("pass", 25.0, nan, None, "", "limits_invalid"),
        ("pass", 25.0, None, inf, "", "limits_invalid"),
        ("pass", 25.0, 28.0, 24.0, "", "limits_invalid"),
        # Unanswered lines are missing, not invalid, unless what they hold is.
        (None, None, 24.0, None, "", None),
        (None, 23.0, 24.0, None, "", None),
        (None, nan, None, None, "", "reading_not_a_number"),
    ],
)
def test_answer_can_stand_or_not(result, reading, minimum, maximum, note, expected):
    answer = Answer("volts", result, False, reading, minimum, maximum, note)
    assert check_answer(answer) == expected
    found = verdict([BELT, answer], True)
    assert found.invalid == ((Problem("volts", expected),) if expected else ())
    assert found.complete is (expected is None and result is not None)


def test_out_of_limits_pass_on_a_critical_line_gets_no_certificate():
    nut_gap = Answer("nut", "pass", critical=True, reading=9.0, maximum=2.0)
    found = verdict([BELT, nut_gap], True)
    assert (found.outcome, found.certificate_refusal) == (None, "incomplete")
    assert found.failed == ()


def test_line_answered_twice_is_reported_once():
    found = verdict([BELT, Answer("belt", "fail"), RAIL_FAILED], True)
    assert found.invalid == (Problem("belt", "duplicate_key"),)


def test_unknown_result_is_refused():
    with pytest.raises(RecurrenceError) as caught:
        verdict([Answer("belt", "maybe")], True)
    assert (caught.value.code, caught.value.value) == ("result_unknown", "maybe")


@given(ANSWERS, st.booleans(), st.booleans())
def test_certificate_promises(lines, safety_critical, has_checklist):
    found = verdict(lines, safety_critical, has_checklist)
    failed_critical = any(line.critical and line.result == "fail" for line in lines)
    assert (found.outcome == "unsafe") == (failed_critical and safety_critical)
    assert found.complete == (not found.missing and not found.invalid)
    assert found.complete or found.outcome in (None, "unsafe")
    if found.certificate_refusal is None:
        assert found.complete
        assert not failed_critical
        assert all(line.result is not None for line in lines)


def test_outcome_of_every_short_checklist():
    """Two clean lines, all answers: the worst answer decides."""
    for first, second in product(["pass", "fail", "na"], repeat=2):
        lines = [Answer("a", first, note="why"), Answer("b", second, note="why")]
        found = verdict(lines, True)
        expected = "pass_with_findings" if "fail" in (first, second) else "pass"
        assert found.outcome == expected
        refusal = None if "pass" in (first, second) else "nothing_passed"
        assert found.certificate_refusal == refusal
