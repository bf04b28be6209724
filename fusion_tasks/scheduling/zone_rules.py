"""The rules of the clock change: how old ours are, who has others, what was told.

A parliament ends winter time with a few months' notice. A visit at "2 p.m." was booked
as an instant by the old rules; by the new ones that instant is shown as 3 p.m.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo

import pytz

from .clock import MINUTE, in_ticks, to_utc, wall_ticks, zone_of

RULES_FILE = "tzdata.zi"


def rules_version() -> str:
    """Return the release of the rules in use, such as "2026f".

    A Linux distribution lets pytz read the machine's files: what they say of
    themselves counts, not what pytz does.
    """
    try:
        with pytz.open_resource(RULES_FILE) as rules:
            words = rules.readline().decode("ascii", "replace").split()
    except OSError:
        words = []
    if words[:2] == ["#", "version"] and words[-1][:4].isdecimal():
        return words[-1]
    return pytz.OLSON_VERSION


def is_outdated(version: str, today: date) -> bool:
    """Tell whether rules are older than a year.

    Their name tells the year only, so its middle is taken.

    >>> is_outdated("2025b", date(2026, 6, 30)), is_outdated("2025b", date(2026, 7, 1))
    (False, True)
    """
    year = version[:4]
    return not year.isdecimal() or today >= date(int(year) + 1, 7, 1)


def offset_minutes(zone: str | tzinfo, instant: datetime) -> int:
    """Return by how many minutes a zone is ahead of UTC at an aware instant."""
    return in_ticks(instant.astimezone(zone_of(zone)).utcoffset()) // MINUTE


def daily_offsets(
    zone: tzinfo, start: datetime, days: int
) -> list[tuple[datetime, int]]:
    """Return (instant, minutes ahead of UTC) once a day from an aware instant on."""
    instants = [start + timedelta(days=number) for number in range(days)]
    return [(instant, offset_minutes(zone, instant)) for instant in instants]


def first_difference(
    ours: Sequence[tuple[datetime, int]], theirs: Sequence[tuple[datetime, int]]
) -> datetime | None:
    """Return the first instant at which two sets of rules disagree, None for never."""
    pairs = zip(ours, theirs, strict=True)
    return next((mine[0] for mine, other in pairs if mine[1] != other[1]), None)


def get_kept_start(
    start: datetime, told_offset: int, zone: str | tzinfo
) -> datetime | None:
    """Return when the clock of a zone shows the time that was told, by today's rules.

    :param start: aware, as it was booked
    :param told_offset: minutes by which the zone was thought to be ahead of UTC then
    :return: aware UTC; None where the booked instant is the right one
    """
    zone = zone_of(zone)
    if offset_minutes(zone, start) == told_offset:
        return None
    told = start.replace(tzinfo=None) - (start.utcoffset() or timedelta())
    told += timedelta(minutes=told_offset)
    within_minute = timedelta(seconds=told.second, microseconds=told.microsecond)
    minutes = told.hour * 60 + told.minute
    kept = to_utc(wall_ticks(told.date(), minutes, zone)) + within_minute
    return None if kept == start else kept
