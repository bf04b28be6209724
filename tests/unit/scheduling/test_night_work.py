"""Work before the working day: where the day starts, and how long one rests."""

from datetime import timedelta

import pytest

from scheduling import RefusalCode, Stop, explain, find_open_slots

from .workday import CLIENT, OTHER, TRAVEL, at, clock, plan, request, stop


def starts(day, **values):
    """The open starts of the morning as wall times."""
    slots = find_open_slots([day], request(**values), TRAVEL)
    return [clock(slot.start) for slot in slots if slot.start < at("12:00")]


@pytest.mark.parametrize(
    ("night", "first"),
    [
        (stop("00:00-00:30", CLIENT), "08:30"),  # 20 minutes from home, 0 from there
        (stop("07:00-07:40", OTHER), "08:30"),
        (stop("07:00-07:55", OTHER), "09:00"),  # 40 minutes from there
    ],
)
def test_the_day_starts_at_home_after_work_before_hours(night, first):
    assert starts(plan(night))[0] == first
    refusal = explain(plan(night), request(), at("08:00"), TRAVEL)
    assert refusal.code is RefusalCode.TRAVEL_FROM_START


def test_work_that_lasts_into_the_working_day_is_the_previous_stop():
    day = plan(stop("07:00-08:10", OTHER))
    assert starts(day)[0] == "09:00"
    refusal = explain(day, request(), at("08:30"), TRAVEL)
    assert refusal.code is RefusalCode.TRAVEL_FROM_PREVIOUS


@pytest.mark.parametrize(
    ("night", "evening", "rest", "first"),
    [
        ("00:00-01:00", None, 480, "09:00"),
        ("00:00-00:30", None, 480, "08:30"),
        ("00:00-01:00", None, 0, "08:30"),
        (None, (-120, -60), 660, "10:00"),
        (None, (-480, -420), 480, "08:30"),  # an ordinary afternoon
        (None, (-120, -60), 0, "08:30"),
    ],
)
def test_the_first_visit_leaves_the_rest_that_is_set(night, evening, rest, first):
    before = evening and Stop(
        *(at("0:00") + timedelta(minutes=m) for m in evening), OTHER
    )
    day = plan(*([stop(night)] if night else []), evening=before)
    assert starts(day, rest_minutes=rest)[0] == first
    if first > "08:30":
        asked = request(rest_minutes=rest)
        refusal = explain(day, asked, at("08:30"), TRAVEL)
        assert refusal.code is RefusalCode.RESTING
        assert clock(refusal.earliest) == first


def test_a_shift_through_midnight_needs_no_rest():
    before = Stop(at("0:00") - timedelta(hours=1), at("0:00"), OTHER)
    day = plan(stop("00:10-01:00"), windows=("00:00-06:00",), evening=before)
    assert starts(day, rest_minutes=480)
