"""Instants as whole epoch microseconds ("ticks"), and the wall clock of a zone.

A tick is what a datetime resolves, so nothing is ever rounded.

Every question is asked from UTC towards local time, which is unambiguous: a wall
time that a clock change skips is never met, one that it repeats is met twice.
"""

from datetime import date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

import pytz

UTC = timezone.utc
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = 86400 * SECOND
_EPOCH_ORDINAL = EPOCH.toordinal()


def ticks(instant: datetime) -> int:
    """Return an aware datetime as microseconds since the epoch.

    :raise ValueError: for a naive datetime
    """
    try:
        elapsed = instant - EPOCH
    except TypeError:
        raise ValueError(f"{instant!r} is not an aware datetime") from None
    return in_ticks(elapsed)


def in_ticks(elapsed: timedelta) -> int:
    """Return a time span in microseconds."""
    return (elapsed.days * 86400 + elapsed.seconds) * SECOND + elapsed.microseconds


def to_utc(instant: int) -> datetime:
    """Return ticks as an aware UTC datetime."""
    return EPOCH + timedelta(microseconds=instant)


def zone_of(tz: str | tzinfo) -> tzinfo:
    """Return the zone of an IANA name; a (hashable) tzinfo stands for itself.

    Its rules are those of pytz, by which Odoo reads working hours and shows times: the
    machine's own may be older or newer, and an hour off.

    :raise ValueError: for a name that the time zone database does not know
    """
    if isinstance(tz, tzinfo):
        return tz
    return _read_zone(tz)


@lru_cache(maxsize=1024)
def _read_zone(name: str) -> tzinfo:
    try:
        with pytz.open_resource(name) as rules:
            return ZoneInfo.from_file(rules, key=name)
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ValueError(f"unknown time zone {name!r}") from error


def local_date(instant: datetime, tz: str | tzinfo) -> date:
    """Return the calendar date of an aware datetime in a zone.

    :raise ValueError: for a naive datetime or an unknown zone
    """
    return to_utc(ticks(instant)).astimezone(zone_of(tz)).date()


def local_dates(start: datetime, end: datetime, tz: str | tzinfo) -> list[date]:
    """Return the calendar dates in a zone that ``[start, end)`` touches, in order.

    A span without length, or one that runs backwards, touches the date of its start.

    :raise ValueError: for a naive datetime or an unknown zone

    >>> late = datetime(2026, 6, 4, 3, 30, tzinfo=UTC)
    >>> [d.day for d in local_dates(late, late + timedelta(hours=1), "America/Toronto")]
    [3, 4]
    """
    first = local_date(start, tz)
    last = local_date(end - timedelta(microseconds=1), tz) if start < end else first
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def local_day(day: date, tz: str | tzinfo) -> tuple[datetime, datetime]:
    """Return a local calendar day as UTC ``[start, end)``.

    It starts where the zone first reaches the date: at 01:00 where a clock change
    skips midnight.

    :raise ValueError: for an unknown zone

    >>> start, end = local_day(date(2026, 3, 8), "America/Toronto")
    >>> str(start), str(end - start)
    ('2026-03-08 05:00:00+00:00', '23:00:00')
    """
    start, end = day_ticks(day, zone_of(tz))
    return to_utc(start), to_utc(end)


def day_ticks(day: date, zone: tzinfo) -> tuple[int, int]:
    """Return a local calendar day as ticks ``[start, end)``; see :func:`local_day`."""
    ordinal = day.toordinal() - _EPOCH_ORDINAL
    return _reaches(zone, ordinal), _reaches(zone, ordinal + 1)


@lru_cache(maxsize=16384)
def wall_ticks(day: date, minutes: int, zone: tzinfo) -> int:
    """Return when the clock of a zone shows so many minutes of a day, in ticks.

    Of a time that the clock shows twice it is the second; one that it skips counts
    as far after the change as it would have been without it: Odoo's working hours
    are read like that.
    """
    ordinal = day.toordinal() - _EPOCH_ORDINAL
    wall = ordinal * DAY + minutes * MINUTE
    found, skipped = None, 0
    for utc_day in range(ordinal - 1, ordinal + 3):
        for begins, ends, offset in _offsets(zone, utc_day):
            if begins <= wall - offset < ends:
                found = wall - offset
            elif wall - offset >= ends:
                skipped = wall - offset
    return skipped if found is None else found


def grid_starts(zone: tzinfo, first: int, until: int, step: int) -> list[int]:
    """Return the ticks in ``[first, until)`` that are on the local grid.

    :param step: ticks, a divisor of the hour
    """
    starts: list[int] = []
    for utc_day in range(first // DAY, (until - 1) // DAY + 1):
        for begins, ends, offset in _offsets(zone, utc_day):
            start = max(begins, first)
            start += -(start + offset) % step
            starts.extend(range(start, min(ends, until), step))
    return starts


@lru_cache(maxsize=8192)
def _reaches(zone: tzinfo, ordinal: int) -> int:
    """Return the first tick whose local date is that day (or a later one)."""
    midnight = ordinal * DAY
    for utc_day in (ordinal - 1, ordinal):
        for begins, ends, offset in _offsets(zone, utc_day):
            start = max(begins, midnight - offset)
            if start < ends:
                return start
    raise ValueError("a zone is less than a day away from UTC")


@lru_cache(maxsize=8192)
def _offsets(zone: tzinfo, utc_day: int) -> tuple[tuple[int, int, int], ...]:
    """Return a UTC day as ``(begins, ends, offset)`` stretches, in ticks."""
    stretches: list[tuple[int, int, int]] = []
    _split(zone, utc_day * DAY, (utc_day + 1) * DAY, stretches)
    return tuple(stretches)


def _split(
    zone: tzinfo, begins: int, ends: int, stretches: list[tuple[int, int, int]]
) -> None:
    """Append the stretches of one offset in ``[begins, ends)``, by bisection.

    Assumes that a zone does not change its clock and change it back within a day.
    """
    offset = _offset(zone, begins)
    if offset == _offset(zone, ends - 1):
        if stretches and stretches[-1][2] == offset:
            begins = stretches.pop()[0]
        stretches.append((begins, ends, offset))
        return
    middle = (begins + ends) // 2
    _split(zone, begins, middle, stretches)
    _split(zone, middle, ends, stretches)


def _offset(zone: tzinfo, instant: int) -> int:
    """Return the ticks by which a zone is ahead of UTC at an instant."""
    return in_ticks(to_utc(instant).astimezone(zone).utcoffset())
