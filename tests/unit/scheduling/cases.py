"""Random days for the property tests: plain values, no rule of the package."""

from datetime import date, datetime, timedelta, timezone
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from scheduling import Busy, DayPlan, Place, SlotRequest, Stop, TravelTable

from .oracle import Case

ZONES = (
    "America/Toronto",
    "America/St_Johns",
    "America/Regina",
    "America/Vancouver",
    "America/Santiago",
    "Africa/Cairo",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
)
PLACES = (
    (43.651, -79.383),
    (43.652, -79.383),
    (43.700, -79.420),
    (43.589, -79.644),
    (43.897, -78.866),
    (45.421, -75.697),
    (-33.449, -70.669),
)
GRIDS = (5, 6, 10, 12, 15, 20, 30, 60)


def midnight(zone, day):
    """The first minute of a local day, found by walking there."""
    moment = datetime.combine(day, datetime.min.time(), timezone.utc)
    moment -= timedelta(hours=16)
    while moment.astimezone(ZoneInfo(zone)).date() != day:
        moment += timedelta(minutes=15)
    return moment


@cache
def clock_change_days(zone):
    """The local days of 2024-2037 that are not 24 hours long."""
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(14 * 365)]
    offsets = [
        datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone)).utcoffset()
        for day in days
    ]
    changes = [
        around
        for day, before, after in zip(days, offsets, offsets[1:], strict=False)
        if before != after
        for around in (day, day + timedelta(days=1))
    ]
    return changes or [date(2026, 3, 8)]


def _days_of(zone):
    """A zone with a day of it; every other one around a clock change."""
    ordinary = st.dates(date(2024, 1, 1), date(2037, 12, 31))
    changing = st.sampled_from(clock_change_days(zone))
    return st.tuples(st.just(zone), changing | ordinary)


places = st.sampled_from((*PLACES, None)) | st.tuples(
    st.integers(43_300, 44_000).map(lambda n: n / 1000),
    st.integers(-80_000, -79_000).map(lambda n: n / 1000),
)
windows = st.sampled_from(
    ([480, 1020], [480, 720, 765, 1020], [480, 720, 720, 1020], [0, 1500], [])
) | st.lists(st.integers(0, 1500), min_size=2, max_size=6).map(sorted)
begins = st.integers(-90, 1500) | st.integers(16, 34).map(lambda n: n * 30)
crumbs = st.sampled_from(
    [timedelta(0)] * 8
    + [timedelta(seconds=n) for n in (-1, 1, 30)]
    + [timedelta(microseconds=n) for n in (-1, 1)]
)
spans = st.tuples(begins, st.sampled_from((1, 15, 30, 45, 60, 90, 240)), crumbs, crumbs)
instant_spans = st.tuples(begins, st.sampled_from((0, 15, 60, 120)), crumbs, crumbs)
legs = st.dictionaries(
    st.tuples(st.sampled_from(PLACES), st.sampled_from(PLACES)),
    st.integers(0, 90),
    max_size=4,
)
shapes = st.fixed_dictionaries(
    {
        "zone_day": st.one_of([_days_of(zone) for zone in ZONES]),
        "windows": windows,
        "window_crumb": crumbs,
        "chained": st.booleans(),
        "stops": st.lists(st.tuples(spans, places), max_size=7),
        "busy": st.lists(instant_spans, max_size=2),
        "home": places,
        "place": places,
        "now": st.integers(-110, 30).map(lambda n: n * 30) | st.integers(-3300, 900),
        "now_crumb": crumbs,
        "radius_km": st.sampled_from((0.0, 0.0, 0.0, 0.0, 40.0, 1000.0)),
        "minutes": st.sampled_from((5, 20, 30, 45, 60, 90, 180)),
        "lead_minutes": st.sampled_from((0, 0, 0, 60, 1440)),
        "horizon_days": st.sampled_from((21, 21, 3, 2, 0)),
        "grid": st.sampled_from(GRIDS),
        "own_time": st.booleans(),
        "rest_minutes": st.sampled_from((0, 0, 480, 660)),
        "evening": st.none() | st.tuples(st.integers(0, 600), places),
        "legs": legs,
    }
)


def _case(shape):
    """The case of a shape: minutes of the day become instants."""
    shape = dict(shape)
    zone, day = shape.pop("zone_day")
    start, end = midnight(zone, day), midnight(zone, day + timedelta(days=1))

    def at(minutes):
        return min(start + timedelta(minutes=minutes), end)

    def span(shape):
        begin, minutes, first_crumb, last_crumb = shape
        first = start + timedelta(minutes=begin)
        last = first + timedelta(minutes=minutes) + last_crumb
        return min(first + first_crumb, last), last

    cuts = [at(minutes) for minutes in shape.pop("windows")]
    crumb = shape.pop("window_crumb")
    pairs = [
        (max(start, first + crumb), min(max(first + crumb, last + crumb), end))
        for first, last in pairwise(cuts)
    ]
    pairs = [pair for pair in pairs if pair[0] <= pair[1]]
    stops = enumerate(shape.pop("stops"))
    evening = shape.pop("evening")
    if evening:
        ended = start - timedelta(minutes=evening[0])
        evening = (ended - timedelta(hours=1), ended, evening[1], 99)
    return Case(
        zone=zone,
        day=day,
        windows=pairs if shape.pop("chained") else pairs[::2],
        stops=[(*span(when), place, key) for key, (when, place) in stops],
        busy=[span(when) for when in shape.pop("busy")],
        evening=evening,
        now=start + timedelta(minutes=shape.pop("now")) + shape.pop("now_crumb"),
        **shape,
    )


cases = shapes.map(_case)


def place_of(pair):
    """A pair of degrees as the package wants it."""
    return None if pair is None else Place(*pair)


def plan_of(case, technician_id=1):
    """The day of a case."""
    return DayPlan(
        technician_id=technician_id,
        day=case.day,
        tz=case.zone,
        windows=tuple(case.windows),
        stops=tuple(
            Stop(start, end, place_of(place), key)
            for start, end, place, key in case.stops
        ),
        busy=tuple(Busy(*span) for span in case.busy),
        start_place=place_of(case.home),
        radius_km=case.radius_km,
        evening=case.evening
        and Stop(*case.evening[:2], place_of(case.evening[2]), case.evening[3]),
    )


def request_of(case):
    """The visit of a case."""
    return SlotRequest(
        duration_minutes=case.minutes,
        place=place_of(case.place),
        now=case.now,
        lead_minutes=case.lead_minutes,
        horizon_days=case.horizon_days,
        grid_minutes=case.grid,
        travel_on_own_time=case.own_time,
        rest_minutes=case.rest_minutes,
    )


def travel_of(case):
    """The drives of a case."""
    return TravelTable(
        {(Place(*a), Place(*b)): minutes for (a, b), minutes in case.legs.items()}
    )
