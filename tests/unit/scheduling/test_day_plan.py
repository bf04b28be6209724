"""One technician's day: what each rule allows, and what it says when it refuses."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scheduling import (
    Busy,
    Place,
    Refusal,
    RefusalCode,
    explain,
    haversine_km,
)

from .workday import (
    CLIENT,
    HOME,
    OTHER,
    THIRD,
    TRAVEL,
    at,
    offers,
    plan,
    request,
    span,
    stop,
)


def why(day, start, asked=None, travel=TRAVEL):
    """The refusal of one start."""
    return explain(day, asked or request(), at(start), travel)


# ------------------------------------------------------------- rule 1: windows


def test_visit_stays_inside_one_working_interval():
    day = plan(start_place=CLIENT)
    assert offers(day, request(120)) == [
        *("08:00", "08:30", "09:00", "09:30", "10:00"),
        *("13:00", "13:30", "14:00", "14:30", "15:00"),
    ]


def test_windows_that_touch_are_one():
    day = plan(windows=("08:00-12:00", "12:00-13:00"), start_place=CLIENT)
    assert "11:30" in offers(day)
    assert offers(day)[-1] == "12:00"


def test_windows_that_touch_between_two_seconds_are_one():
    noon = at("12:00") + timedelta(milliseconds=1)
    day = plan(start_place=CLIENT, windows=())
    day = replace(day, windows=((at("08:00"), noon), (noon, at("13:00"))))
    assert "11:30" in offers(day)


def test_visit_that_would_straddle_lunch_says_until_when_it_could_start():
    refusal = why(plan(), "11:30")
    assert refusal == Refusal(
        RefusalCode.PAST_WORKING_TIME,
        blocked=span("08:00-12:00"),
        latest=at("11:00"),
    )
    assert refusal.code.rule == 1


def test_window_shorter_than_the_visit_has_no_latest_start():
    refusal = why(plan(windows=("08:00-08:30",)), "08:00")
    assert refusal.code is RefusalCode.PAST_WORKING_TIME
    assert refusal.latest is None


@pytest.mark.parametrize("start", ["07:30", "12:00", "12:30", "17:00", "23:30"])
def test_start_outside_working_time(start):
    assert why(plan(), start).code is RefusalCode.OUTSIDE_WORKING_TIME


def test_day_off_is_told_from_an_hour_off():
    assert why(plan(windows=()), "09:00") == Refusal(RefusalCode.NO_WORKING_TIME)
    assert offers(plan(windows=())) == []


# ------------------------------------------- rules 2 and 3: stops and the drives


def test_first_visit_waits_for_the_drive_from_the_start_place():
    assert offers(plan())[0] == "08:30"
    assert why(plan(), "08:00") == Refusal(
        RefusalCode.TRAVEL_FROM_START, travel_minutes=20, earliest=at("08:20")
    )


def test_first_visit_starts_with_the_workday_if_travel_is_on_own_time():
    assert offers(plan(), request(travel_on_own_time=True))[0] == "08:00"


def test_second_window_is_reached_from_home_since_the_first_opened():
    day = plan(windows=("08:00-08:10", "08:15-17:00"))
    assert offers(day, request(grid_minutes=5))[0] == "08:20"


def test_visit_waits_for_the_drive_from_the_previous_stop():
    day = plan(stop("09:00-10:00"))
    assert offers(day)[0] == "11:00"
    assert why(day, "10:30") == Refusal(
        RefusalCode.TRAVEL_FROM_PREVIOUS,
        blocked=span("09:00-10:00"),
        stop_key=7,
        travel_minutes=40,
        earliest=at("10:40"),
    )


def test_drive_that_just_fits_is_enough():
    assert "10:40" in offers(plan(stop("09:00-10:00")), request(grid_minutes=20))


def test_visit_leaves_time_for_the_drive_to_the_next_stop():
    day = plan(stop("11:00-12:00"))
    assert offers(day)[:2] == ["08:30", "09:00"]
    assert why(day, "09:30") == Refusal(
        RefusalCode.TRAVEL_TO_NEXT,
        blocked=span("11:00-12:00"),
        stop_key=7,
        travel_minutes=35,
        latest=at("09:25"),
    )


def test_last_visit_of_the_day_needs_no_drive_home():
    assert offers(plan())[-1] == "16:00"


def test_stop_before_the_workday_is_a_previous_stop():
    assert offers(plan(stop("06:00-08:00")))[0] == "09:00"


def test_overlap_with_a_stop_names_it():
    day = plan(stop("09:00-10:00", key=1), stop("14:00-15:00", key=2))
    assert why(day, "14:30") == Refusal(
        RefusalCode.STOP_OVERLAP, blocked=span("14:00-15:00"), stop_key=2
    )


def test_previous_stop_is_the_one_with_the_latest_end():
    # From OTHER it would be 11:40: the earlier end does not count, however far it is.
    day = plan(stop("08:00-11:00", OTHER), stop("10:00-11:05", THIRD))
    assert offers(day, request(30, grid_minutes=5))[0] == "11:20"


def test_of_stops_that_end_together_every_drive_must_fit():
    day = plan(stop("08:00-10:00", OTHER, 1), stop("09:00-10:00", THIRD, 2))
    assert offers(day)[0] == "11:00"
    assert why(day, "10:30").stop_key == 1


@pytest.mark.parametrize("ends", [("12:00", "11:30"), ("11:30", "12:00")])
def test_of_stops_that_start_together_every_drive_must_fit(ends):
    day = plan(stop(f"11:00-{ends[0]}", THIRD, 1), stop(f"11:00-{ends[1]}", OTHER, 2))
    assert offers(day)[:2] == ["08:30", "09:00"]
    assert offers(day)[2] >= "13:00"
    assert why(day, "09:30").stop_key == 2


def test_of_equal_stops_the_lowest_key_is_named_whatever_the_order():
    twins = stop("09:00-10:00", key=1), stop("09:00-10:00", key=2)
    for day in (plan(*twins), plan(*twins[::-1])):
        assert why(day, "10:30").stop_key == 1
        assert why(day, "09:30").stop_key == 1


def test_drive_longer_than_its_gap_refuses_that_gap_only():
    day = plan(
        stop("09:30-10:00", CLIENT),
        stop("11:00-14:00", Place(45.4, -75.7)),
        stop("15:30-17:00", CLIENT),
        windows=("08:00-17:00",),
        start_place=CLIENT,
    )
    assert offers(day) == ["08:00", "08:30"]
    assert why(day, "10:00").code is RefusalCode.TRAVEL_TO_NEXT
    assert why(day, "14:00").code is RefusalCode.TRAVEL_FROM_PREVIOUS


def test_unknown_place_of_a_stop_is_a_flat_half_hour_away():
    day = plan(stop("09:00-10:00", None))
    assert offers(day)[0] == "10:30"


# ------------------------------------------------------ rules 4, 5, 6 and the grid


def test_busy_event_blocks_its_time_and_nothing_more():
    day = plan(busy=(Busy(*span("10:00-10:30")),))
    assert offers(day)[:4] == ["08:30", "09:00", "10:30", "11:00"]
    assert why(day, "09:30") == Refusal(RefusalCode.BUSY, blocked=span("10:00-10:30"))


@pytest.mark.parametrize("crumb", [timedelta(0), timedelta(milliseconds=500)])
def test_busy_event_without_length_blocks_nothing(crumb):
    moment = at("10:15") + crumb
    assert offers(plan(busy=(Busy(moment, moment),))) == offers(plan())


def test_lead_time_and_horizon_include_their_bounds():
    asked = request(now=at("09:00"), lead_minutes=60, horizon_days=0)
    assert offers(plan(), asked) == []
    asked = request(now=at("-14:00"), lead_minutes=1440, horizon_days=1)
    assert offers(plan(), asked) == ["10:00"]


def test_start_before_the_lead_time_or_beyond_the_horizon_says_so():
    asked = request(now=at("-14:00"), horizon_days=1)
    assert why(plan(), "09:30", asked) == Refusal(
        RefusalCode.TOO_SOON, earliest=at("10:00")
    )
    assert why(plan(), "10:30", asked) == Refusal(
        RefusalCode.TOO_FAR_AHEAD, latest=at("10:00")
    )


def test_place_beyond_the_radius_refuses_the_day_with_both_distances():
    refusal = why(plan(radius_km=5.0), "09:00")
    assert refusal.code is RefusalCode.OUT_OF_RADIUS
    assert refusal.distance_km == pytest.approx(6.4, abs=0.1)
    assert refusal.radius_km == 5.0
    assert offers(plan(radius_km=5.0)) == []


def test_place_at_the_very_radius_is_within():
    assert offers(plan(radius_km=haversine_km(HOME, CLIENT)))


@pytest.mark.parametrize(
    "values", [{"radius_km": 0.0}, {"radius_km": 7.0}, {"start_place": None}]
)
def test_no_radius_a_near_place_or_an_unknown_start_does_not_refuse(values):
    assert offers(plan(**{"radius_km": 1.0, **values}))


def test_unknown_place_is_in_every_radius():
    assert offers(plan(radius_km=1.0), request(place=None))


def test_grid_refuses_last_and_on_any_crumb_of_time():
    assert why(plan(), "09:10") == Refusal(RefusalCode.OFF_GRID)
    for crumb in (timedelta(seconds=1), timedelta(microseconds=1)):
        refusal = explain(plan(), request(), at("09:00") + crumb, TRAVEL)
        assert refusal == Refusal(RefusalCode.OFF_GRID)
    assert why(plan(), "08:10").code is RefusalCode.TRAVEL_FROM_START
    assert RefusalCode.OFF_GRID.rule == 0
