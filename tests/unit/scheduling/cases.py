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


places = st.one_of(st.sampled_from(PLACES), st.none()) | st.tuples(
    st.integers(43_300, 44_000).map(lambda n: n / 1000),
    st.integers(-80_000, -79_000).map(lambda n: n / 1000),
)
ordinary_days = st.dates(date(2024, 1, 1), date(2037, 12, 31))


@st.composite
def days(draw):
    """A zone and a day of it; every other one around a clock change."""
    zone = draw(st.sampled_from(ZONES))
    if draw(st.booleans()):
        return zone, draw(st.sampled_from(clock_change_days(zone)))
    return zone, draw(ordinary_days)


def _length(zone, day):
    """Minutes of a local day."""
    end = midnight(zone, day + timedelta(days=1))
    return int((end - midnight(zone, day)).total_seconds() // 60)


@st.composite
def _windows(draw, start, length):
    """Windows in a day: few or many, touching or not, sometimes to its very end."""
    cuts = draw(
        st.lists(st.integers(0, length), min_size=0, max_size=6).map(sorted)
        | st.just([480, 720, 765, 1020])
        | st.just([0, length])
    )
    if draw(st.booleans()):
        pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    else:
        pairs = list(pairwise(cuts))
    return [
        (start + timedelta(minutes=a), start + timedelta(minutes=b)) for a, b in pairs
    ]


@st.composite
def _span(draw, start, length, shortest):
    """Something that happens in a day, or hangs over its ends."""
    begins = draw(st.integers(-90, length) | st.integers(16, 34).map(lambda n: n * 30))
    minutes = draw(st.sampled_from((shortest, 15, 30, 45, 60, 90, 240)))
    crumbs = draw(st.sampled_from((0, 0, 0, 0, 0, 1, 30, 59.999999)))
    first = start + timedelta(minutes=begins)
    return first, first + timedelta(minutes=minutes, seconds=crumbs)


@st.composite
def cases(draw):
    """A technician's day and a visit."""
    zone, day = draw(days())
    start, length = midnight(zone, day), _length(zone, day)
    spans = draw(st.lists(_span(start, length, 1), max_size=7))
    stops = [(*span, draw(places), key) for key, span in enumerate(spans)]
    known = st.sampled_from(PLACES)
    return Case(
        zone=zone,
        day=day,
        windows=draw(_windows(start, length)),
        stops=stops,
        busy=draw(st.lists(_span(start, length, 0), max_size=2)),
        home=draw(places),
        radius_km=draw(st.sampled_from((0.0, 0.0, 0.0, 5.0, 40.0, 1000.0))),
        place=draw(places),
        minutes=draw(st.sampled_from((5, 20, 30, 45, 60, 90, 180))),
        now=start + timedelta(seconds=draw(st.integers(-200_000, 60_000))),
        lead_minutes=draw(st.sampled_from((0, 0, 60, 1440, 2880))),
        horizon_days=draw(st.sampled_from((21, 21, 2, 1, 0))),
        grid=draw(st.sampled_from(GRIDS)),
        own_time=draw(st.booleans()),
        legs=draw(
            st.dictionaries(st.tuples(known, known), st.integers(0, 90), max_size=5)
        ),
    )


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
    )


def travel_of(case):
    """The drives of a case."""
    return TravelTable(
        {(Place(*a), Place(*b)): minutes for (a, b), minutes in case.legs.items()}
    )
