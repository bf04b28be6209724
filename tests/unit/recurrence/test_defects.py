"""Defect classes: the default, what holds, and the day by which it must be repaired."""

import doctest
from datetime import date

import pytest

from recurrence import (
    Answer,
    RecurrenceError,
    check_answer,
    default_class,
    defects,
    due_day,
    effective_class,
    is_urgent,
    verdict,
)

DAY = date(2027, 12, 20)


def test_documentation_examples_hold():
    result = doctest.testmod(defects)
    assert result.attempted and not result.failed


@pytest.mark.parametrize(
    ("critical", "safety_critical", "expected"),
    [
        (True, True, "stop_now"),
        (True, False, "days_14"),
        (False, True, "days_90"),
        (False, False, "days_90"),
    ],
)
def test_default_class(critical, safety_critical, expected):
    assert default_class(critical, safety_critical) == expected
    assert effective_class(None, critical, safety_critical) == expected
    assert effective_class("", critical, safety_critical) == expected


@pytest.mark.parametrize(
    ("chosen", "critical", "safety_critical", "expected"),
    [
        # A critical line may be made more urgent, never less.
        ("days_14", True, True, "stop_now"),
        ("days_90", True, True, "stop_now"),
        ("advisory", True, True, "stop_now"),
        ("stop_now", True, True, "stop_now"),
        ("stop_now", True, False, "stop_now"),
        ("days_14", True, False, "days_14"),
        ("days_90", True, False, "days_14"),
        ("advisory", True, False, "days_14"),
        # Any other is the technician's judgement.
        ("stop_now", False, True, "stop_now"),
        ("days_14", False, True, "days_14"),
        ("days_90", False, False, "days_90"),
        ("advisory", False, True, "advisory"),
    ],
)
def test_effective_class(chosen, critical, safety_critical, expected):
    assert effective_class(chosen, critical, safety_critical) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("stop_now", DAY),
        ("days_14", date(2028, 1, 3)),
        ("days_90", date(2028, 3, 19)),  # over 29 February
        ("advisory", None),
    ],
)
def test_due_day(name, expected):
    assert due_day(name, DAY) == expected


@pytest.mark.parametrize(
    "ask",
    [lambda name: due_day(name, DAY), lambda name: effective_class(name, True, True)],
)
def test_unknown_class_is_refused(ask):
    with pytest.raises(RecurrenceError) as caught:
        ask("soon")
    assert (caught.value.code, caught.value.value) == ("defect_class_unknown", "soon")


@pytest.mark.parametrize(
    ("classes", "urgent"),
    [
        ([], False),
        (["advisory"], False),
        (["days_90", "advisory"], False),
        (["days_14"], True),
        (["advisory", "stop_now"], True),
    ],
)
def test_urgent(classes, urgent):
    assert is_urgent(classes) is urgent


@pytest.mark.parametrize("safety_critical", [True, False])
def test_what_must_not_be_used_is_unsafe_whatever_failed(safety_critical):
    found = verdict(
        [Answer("belt", "pass"), Answer("rail", "fail", defect_class="stop_now")],
        safety_critical,
    )
    assert found.outcome == "unsafe"
    assert found.certificate_refusal == "critical_failure"
    assert found.failed_critical == ("rail",)


def test_a_class_without_a_failure_means_nothing():
    found = verdict([Answer("rail", "pass", defect_class="stop_now")], True)
    assert (found.outcome, found.certificate_refusal) == ("pass", None)


@pytest.mark.parametrize(
    ("result", "reading", "minimum", "maximum", "note", "expected"),
    [
        ("pass", 239.9, 24.0, None, "", None),
        ("pass", 240.0, 24.0, None, "", "reading_implausible"),
        ("pass", 255.0, 24.0, None, "really", "reading_implausible"),
        ("pass", 255.0, 24.0, 28.0, "", "reading_outside_limits"),
        ("fail", 279.0, 24.0, 28.0, "", None),
        ("fail", 280.0, 24.0, 28.0, "", "reading_implausible"),
        ("fail", 280.0, 24.0, 28.0, "charger gone mad", None),
        ("fail", -280.0, 24.0, 28.0, "", "reading_implausible"),
        # A limit of zero says nothing about what is plausible.
        ("fail", 7.0, None, 0.0, "", None),
        ("na", 280.0, 24.0, None, "no battery", None),
        (None, 280.0, 24.0, None, "", None),
    ],
)
def test_ten_times_the_limit(result, reading, minimum, maximum, note, expected):
    answer = Answer("volts", result, False, reading, minimum, maximum, note)
    assert check_answer(answer) == expected


@pytest.mark.parametrize(
    ("result", "note", "expected"),
    [
        ("pass", "", "text_missing"),
        ("pass", " \n", "text_missing"),
        ("pass", "E04, E11", None),
        ("fail", "", None),
        ("na", "", "note_missing"),
        (None, "", None),
    ],
)
def test_text_answers(result, note, expected):
    assert check_answer(Answer("codes", result, note=note, needs_text=True)) == expected
