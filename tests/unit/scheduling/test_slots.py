"""Searches over several days and technicians, gaps, and the next open slot."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scheduling import (
    Busy,
    Slot,
    TravelTable,
    day_gaps,
    find_open_slots,
    next_open_slot,
)

from .workday import (
    CLIENT,
    HOME,
    OTHER,
    THIRD,
    TRAVEL,
    at,
    clock,
    plan,
    request,
    span,
    stop,
)

MORNING = {"windows": ("08:00-10:00",)}


def slot_at(day, start, asked=None):
    """The open slot with that wall time."""
    slots = find_open_slots([day], asked or request(), TRAVEL)
    return next(slot for slot in slots if clock(slot.start) == start)


def gaps(*arguments, **values):
    """The gaps of a day as wall times."""
    return [f"{clock(a)}-{clock(b)}" for a, b in day_gaps(*arguments, **values)]


def test_slot_carries_technician_times_and_driving():
    day = plan(stop("08:00-09:00", OTHER), stop("15:00-16:00", THIRD))
    assert slot_at(day, "10:00") == Slot(1, at("10:00"), at("11:00"), 40, 10, 0)


def test_detour_is_the_driving_that_the_visit_adds():
    day = plan(stop("08:00-09:00", THIRD), stop("15:00-16:00", OTHER))
    # 15 there and 35 on, instead of the drive from THIRD to OTHER.
    direct = TRAVEL(THIRD, OTHER)
    assert direct < 50
    assert slot_at(day, "10:00").detour == 50 - direct


def test_detour_before_the_first_stop_starts_at_the_start_place():
    day = plan(stop("15:00-16:00", OTHER))
    assert slot_at(day, "09:00")[3:] == (20, 35, 20 + 35 - 25)


def test_detour_after_the_last_stop_is_the_drive_there():
    assert slot_at(plan(stop("08:00-09:00")), "10:00")[3:] == (40, 0, 40)
    assert slot_at(plan(), "10:00")[3:] == (20, 0, 20)


def test_travel_on_own_time_is_shown_all_the_same():
    asked = request(travel_on_own_time=True)
    assert slot_at(plan(), "08:00", asked).travel_before == 20


def test_slots_come_by_start_then_technician():
    days = [
        plan(technician_id=3, **MORNING),
        plan(technician_id=2, **MORNING),
        plan(technician_id=1, windows=("07:00-09:30",)),
    ]
    slots = find_open_slots(days, request(), TRAVEL)
    assert [(clock(slot.start), slot.technician_id) for slot in slots] == [
        *(("07:30", 1), ("08:00", 1), ("08:30", 1)),
        *(("08:30", 2), ("08:30", 3), ("09:00", 2), ("09:00", 3)),
    ]


def test_no_days_no_slots():
    assert find_open_slots([], request(), TRAVEL) == []
    assert next_open_slot([], request(), TRAVEL) is None
    assert next_open_slot([plan(windows=())], request(), TRAVEL) is None


def test_order_of_what_is_given_does_not_matter():
    stops = (
        stop("08:30-09:30", OTHER, 1),
        stop("09:00-09:30", THIRD, 2),
        stop("14:00-15:00", CLIENT, 3),
    )
    busy = (Busy(*span("11:00-11:10")), Busy(*span("16:00-16:10")))
    asked = request(30, grid_minutes=5)
    day = plan(*stops, busy=busy)
    shuffled = replace(
        day,
        stops=stops[::-1],
        busy=busy[::-1],
        windows=day.windows[::-1],
    )
    assert find_open_slots([day], asked, TRAVEL) == (
        find_open_slots([shuffled], asked, TRAVEL)
    )


def test_next_open_slot_is_the_earliest_of_all_technicians():
    early = plan(stop("08:00-11:00"), technician_id=1)
    late = plan(technician_id=5, windows=("09:00-17:00",))
    later = plan(technician_id=4, windows=("09:00-17:00",))
    slot = next_open_slot([early, late, later], request(), TRAVEL)
    assert (slot.technician_id, clock(slot.start)) == (4, "09:30")


def test_next_open_slot_does_not_depend_on_the_order_of_days():
    asked = request(travel_on_own_time=True)
    days = [plan(technician_id=5), plan(technician_id=4), plan(technician_id=6)]
    assert next_open_slot(days, asked, TRAVEL).technician_id == 4
    early = plan(technician_id=9, windows=("07:00-08:00",))
    late = plan(technician_id=1, windows=("10:00-17:00",))
    for order in ([days[0], late, early], [early, late, days[0]]):
        assert next_open_slot(order, asked, TRAVEL).technician_id == 9


def test_next_open_slot_counts_from_a_moment_on():
    after = at("09:00") + timedelta(microseconds=1)
    slot = next_open_slot([plan()], request(), TRAVEL, after)
    assert clock(slot.start) == "09:30"
    slot = next_open_slot([plan()], request(), TRAVEL, at("09:00"))
    assert clock(slot.start) == "09:00"
    with pytest.raises(ValueError, match="aware"):
        next_open_slot([plan()], request(), TRAVEL, after.replace(tzinfo=None))


def test_gaps_are_working_time_without_stops_and_events():
    day = plan(
        stop("09:00-10:00"),
        stop("09:30-10:15"),
        busy=(Busy(*span("14:00-14:05")),),
    )
    assert gaps(day) == [
        *("08:00-09:00", "10:15-12:00"),
        *("13:00-14:00", "14:05-17:00"),
    ]


def test_gaps_of_a_free_day_are_its_windows():
    windows = [span("08:00-12:00"), span("13:00-17:00")]
    assert day_gaps(plan()) == windows
    assert day_gaps(plan(), duration_minutes=60) == windows


def test_gaps_hold_the_visit():
    day = plan(stop("08:20-10:00"), stop("11:00-12:00"))
    assert gaps(day, duration_minutes=60) == ["10:00-11:00", "13:00-17:00"]
    assert gaps(day, duration_minutes=61) == ["13:00-17:00"]


def test_gaps_leave_out_the_drives_to_a_place():
    day = plan(stop("11:00-12:00"))
    assert gaps(day, CLIENT, 60, TRAVEL) == ["08:20-10:25", "13:00-17:00"]
    assert gaps(day, CLIENT, 60, TRAVEL, True)[0] == "08:00-10:25"
    assert gaps(day, CLIENT, 126, TRAVEL) == ["13:00-17:00"]


def test_gaps_take_an_unknown_place_for_half_an_hour_away():
    assert gaps(plan(), None, 60, TravelTable())[0] == "08:30-12:00"


def test_gaps_estimate_the_drives_unless_told():
    assert gaps(plan(), HOME, 60)[0] == "08:00-12:00"


@pytest.mark.parametrize("values", [{"place": CLIENT}, {"duration_minutes": 0}])
def test_gaps_of_a_visit_need_its_duration(values):
    with pytest.raises(ValueError, match="visit"):
        day_gaps(plan(), **values)
