"""Days on which the clock changes: the gap is never offered, the fold twice."""

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from scheduling import (
    DayPlan,
    RefusalCode,
    SlotRequest,
    TravelTable,
    explain,
    find_open_slots,
    local_date,
    local_day,
)

TRAVEL = TravelTable()


def whole_day(zone, day):
    """A technician who works from midnight to midnight."""
    return DayPlan(1, day, zone, (local_day(day, zone),))


def visit(day, minutes=30, grid=30):
    """A visit asked for at any hour of the day."""
    now = datetime(day.year, day.month, day.day, tzinfo=timezone.utc)
    return SlotRequest(
        minutes,
        None,
        now - timedelta(days=3),
        grid_minutes=grid,
        travel_on_own_time=True,
    )


def walls(zone, day, **asked):
    """Every start that is open, as a wall time."""
    slots = find_open_slots([whole_day(zone, day)], visit(day, **asked), TRAVEL)
    starts = [slot.start for slot in slots]
    assert len(set(starts)) == len(starts)
    return [start.astimezone(ZoneInfo(zone)).strftime("%H:%M") for start in starts]


def every_half_hour(*, leaving_out=(), twice=()):
    """The wall times of a day that has gone through a change of clock."""
    times = [f"{n // 2:02}:{n % 2 * 30:02}" for n in range(48)]
    return sorted([time for time in times if time not in leaving_out] + list(twice))


@pytest.mark.parametrize(
    ("zone", "day", "skipped"),
    [
        ("America/Toronto", date(2026, 3, 8), ("02:00", "02:30")),
        ("America/St_Johns", date(2026, 3, 8), ("02:00", "02:30")),
        ("America/Regina", date(2026, 3, 8), ()),
        ("America/Santiago", date(2026, 9, 6), ("00:00", "00:30")),
        ("Africa/Cairo", date(2026, 4, 24), ("00:00", "00:30")),
        ("Asia/Kathmandu", date(2026, 3, 8), ()),
        ("Australia/Lord_Howe", date(2026, 10, 4), ("02:00",)),
    ],
)
def test_wall_times_that_do_not_exist_are_never_offered(zone, day, skipped):
    assert walls(zone, day) == every_half_hour(leaving_out=skipped)


@pytest.mark.parametrize(
    ("zone", "day", "repeated"),
    [
        ("America/Toronto", date(2026, 11, 1), ("01:00", "01:30")),
        ("America/St_Johns", date(2026, 11, 1), ("01:00", "01:30")),
        ("America/Santiago", date(2026, 4, 4), ("23:00", "23:30")),
        ("Africa/Cairo", date(2026, 10, 29), ("23:00", "23:30")),
        ("Australia/Lord_Howe", date(2026, 4, 5), ("01:30",)),
    ],
)
def test_wall_times_that_come_twice_are_two_starts(zone, day, repeated):
    assert sorted(walls(zone, day)) == every_half_hour(twice=repeated)


def test_grid_follows_the_wall_clock_not_utc():
    day = date(2026, 6, 10)
    slots = find_open_slots([whole_day("Asia/Kathmandu", day)], visit(day), TRAVEL)
    assert {slot.start.minute for slot in slots} == {15, 45}


def test_hourly_grid_moves_with_a_change_of_half_an_hour():
    zone, day = "Australia/Lord_Howe", date(2026, 10, 4)
    slots = find_open_slots([whole_day(zone, day)], visit(day, grid=60), TRAVEL)
    assert [slot.start.minute for slot in slots[:4]] == [30, 30, 0, 0]


def test_visit_over_a_change_of_clock_takes_its_real_time():
    zone, day = "America/Toronto", date(2026, 3, 8)
    midnight = datetime(2026, 3, 8, 5, tzinfo=timezone.utc)
    plan = DayPlan(1, day, zone, ((midnight, midnight + timedelta(hours=3)),))
    slots = find_open_slots([plan], visit(day, minutes=120, grid=60), TRAVEL)
    assert [slot.start - midnight for slot in slots] == [
        timedelta(0),
        timedelta(hours=1),
    ]


def test_forged_start_on_a_skipped_wall_time_is_off_the_grid_of_the_real_one():
    zone, day = "Australia/Lord_Howe", date(2026, 10, 4)
    forged = datetime(2026, 10, 4, 2, 0, tzinfo=ZoneInfo(zone))
    refusal = explain(whole_day(zone, day), visit(day, grid=60), forged, TRAVEL)
    assert refusal.code is RefusalCode.OFF_GRID


def test_windows_given_in_local_time_are_compared_as_instants():
    zone = ZoneInfo("America/Toronto")
    first = datetime(2026, 11, 1, 1, 45, tzinfo=zone)
    second = datetime(2026, 11, 1, 1, 15, fold=1, tzinfo=zone)
    plan = DayPlan(1, first.date(), zone, ((first, second),))
    slots = find_open_slots([plan], visit(first.date(), minutes=15, grid=15), TRAVEL)
    assert [slot.start.minute for slot in slots] == [45, 0]


@pytest.mark.parametrize(
    ("zone", "day", "starts", "hours"),
    [
        ("America/Toronto", date(2026, 3, 8), "2026-03-08 05:00", 23),
        ("America/Toronto", date(2026, 11, 1), "2026-11-01 04:00", 25),
        ("America/Santiago", date(2026, 9, 6), "2026-09-06 04:00", 23),
        ("America/Santiago", date(2026, 4, 4), "2026-04-04 03:00", 25),
        ("Africa/Cairo", date(2026, 4, 24), "2026-04-23 22:00", 23),
        ("Australia/Lord_Howe", date(2026, 4, 5), "2026-04-04 13:00", 24.5),
        ("Asia/Kathmandu", date(2026, 4, 5), "2026-04-04 18:15", 24),
        ("Pacific/Apia", date(2011, 12, 30), "2011-12-30 10:00", 0),
        ("Pacific/Kiritimati", date(2026, 1, 1), "2025-12-31 10:00", 24),
        ("UTC", date(1969, 12, 31), "1969-12-31 00:00", 24),
    ],
)
def test_local_day_lasts_as_long_as_the_clock_shows_it(zone, day, starts, hours):
    start, end = local_day(day, zone)
    assert start == datetime.fromisoformat(starts).replace(tzinfo=timezone.utc)
    assert end - start == timedelta(hours=hours)
    if hours:
        assert local_date(start, zone) == day
        assert local_date(end - timedelta(microseconds=1), ZoneInfo(zone)) == day


@pytest.mark.parametrize("name", ["Mars/Olympus", "America", "", "../etc", None])
def test_unknown_zone_is_refused(name):
    with pytest.raises(ValueError, match=r"zone|ZoneInfo|path"):
        local_day(date(2026, 6, 10), name)
