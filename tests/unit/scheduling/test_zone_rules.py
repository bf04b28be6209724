"""Rules of the clock that change: their age, their differences, what was told."""

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from scheduling import (
    daily_offsets,
    first_difference,
    get_kept_start,
    is_outdated,
    offset_minutes,
    rules_version,
    zone_of,
)

UTC = timezone.utc
TORONTO, SUMMER, WINTER = "America/Toronto", "America/Puerto_Rico", "America/Panama"


@pytest.mark.parametrize(
    ("version", "today", "outdated"),
    [
        ("2025b", date(2026, 6, 30), False),
        ("2025b", date(2026, 7, 1), True),
        ("2026f", date(2026, 11, 30), False),
        ("2026f", date(2027, 7, 1), True),
        ("unknown", date(2026, 1, 1), True),
        ("", date(2026, 1, 1), True),
    ],
)
def test_rules_older_than_a_year_are_outdated(version, today, outdated):
    assert is_outdated(version, today) is outdated


def test_rules_name_their_release():
    assert rules_version()[:4].isdecimal()


@pytest.mark.parametrize(
    "name",
    [
        "America/Vancouver",
        "America/Edmonton",
        "America/Yellowknife",
        "America/Winnipeg",
    ],
)
def test_the_rules_in_use_know_that_winter_time_has_ended(name):
    december, july = (datetime(2027, month, 1, tzinfo=UTC) for month in (1, 7))
    assert offset_minutes(name, december) == offset_minutes(name, july)


@pytest.mark.parametrize(
    ("told_by", "shown_by", "moves"),
    [(TORONTO, SUMMER, -1), (TORONTO, WINTER, None), (SUMMER, TORONTO, 1)],
)
def test_a_winter_visit_keeps_the_time_told(told_by, shown_by, moves):
    start = datetime(2026, 12, 8, 19, tzinfo=UTC)
    told = start.astimezone(ZoneInfo(told_by))
    kept = get_kept_start(start, offset_minutes(told_by, start), shown_by)
    assert kept == (moves and start + timedelta(hours=moves))
    if kept:
        shown = kept.astimezone(ZoneInfo(shown_by))
        assert shown.replace(tzinfo=None) == told.replace(tzinfo=None)


def test_seconds_are_kept():
    start = datetime(2026, 12, 8, 19, 0, 30, 7, tzinfo=UTC)
    assert get_kept_start(start, -300, SUMMER) == start - timedelta(hours=1)


def test_a_time_that_the_new_rules_skip_is_shown_an_hour_later():
    start = datetime(2026, 3, 8, 6, 30, tzinfo=UTC)  # 2:30 if the clock stood at -4
    kept = get_kept_start(start, -240, TORONTO)
    assert kept.astimezone(ZoneInfo(TORONTO)).strftime("%H:%M") == "03:30"


def test_the_second_of_two_equal_times_stays():
    for hour in (5, 6):  # 1:30 is shown twice
        start = datetime(2026, 11, 1, hour, 30, tzinfo=UTC)
        assert get_kept_start(start, offset_minutes(TORONTO, start), TORONTO) is None


def test_the_first_day_on_which_rules_differ_is_found():
    noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
    ours, theirs = (
        daily_offsets(zone_of(name), noon, 548) for name in (TORONTO, SUMMER)
    )
    assert first_difference(ours, ours) is None
    assert first_difference(ours, theirs).date() == date(2026, 11, 1)
