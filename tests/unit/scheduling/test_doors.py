"""What is refused at the doors, and what a fraction of a second is worth."""

from datetime import timedelta

import pytest

from scheduling import Busy, DayPlan, SlotRequest, Stop, explain

from .workday import (
    CLIENT,
    DAY,
    THIRD,
    TORONTO,
    TRAVEL,
    at,
    offers,
    plan,
    request,
    span,
    stop,
)

CRUMB = timedelta(microseconds=1)


def _twenty(_a, _b):
    """Every drive takes twenty minutes."""
    return 20


@pytest.mark.parametrize(
    ("start", "values"),
    [
        ("10:00", {"stops": (Stop(at("09:00"), at("10:00") + CRUMB, CLIENT),)}),
        ("09:00", {"stops": (Stop(at("10:00") - CRUMB, at("11:00"), CLIENT),)}),
        ("10:00", {"busy": (Busy(at("09:00"), at("10:00") + CRUMB),)}),
        ("09:00", {"busy": (Busy(at("10:00") - CRUMB, at("11:00")),)}),
        ("09:00", {"windows": ((at("09:00") + CRUMB, at("17:00")),)}),
        ("16:00", {"windows": ((at("09:00"), at("17:00") - CRUMB),)}),
    ],
)
def test_crumbs_of_a_second_are_counted_against_the_visit(start, values):
    whole = {"start_place": CLIENT}
    assert start in offers(plan(**whole))
    day = DayPlan(1, DAY, TORONTO, **{"windows": (span("08:00-17:00"),), **values})
    assert start not in offers(day, travel=lambda _a, _b: 0)
    assert explain(day, request(), at(start), lambda _a, _b: 0) is not None


def test_crumb_is_counted_against_a_drive():
    for crumb, is_open in ((CRUMB, False), (CRUMB * 0, True)):
        before = Stop(at("07:00"), at("08:40") + crumb, None)
        after = Stop(at("10:20") - crumb, at("11:00"), None)
        for neighbour in (before, after):
            assert ("09:00" in offers(plan(neighbour), travel=_twenty)) is is_open


def test_stop_that_starts_a_crumb_later_is_not_the_next_one():
    near = Stop(at("10:30"), at("11:00"), CLIENT)
    far = Stop(at("10:30") + CRUMB, at("11:00"), THIRD)
    assert "09:30" in offers(plan(near, far))


def test_crumbs_of_now_are_counted_against_the_visit():
    late = request(now=at("9:00") + CRUMB, lead_minutes=60, horizon_days=1)
    assert offers(plan(), late)[0] == "10:30"
    early = request(now=at("-14:00") - CRUMB, lead_minutes=60, horizon_days=1)
    assert offers(plan(), early)[-1] == "09:30"


def naive(clock):
    """A datetime without a zone."""
    return at(clock).replace(tzinfo=None)


@pytest.mark.parametrize(
    "values",
    [
        {"windows": ((naive("08:00"), naive("09:00")),)},
        {"stops": (Stop(naive("08:00"), at("09:00"), None),)},
        {"stops": (Stop(at("08:00"), naive("09:00"), None),)},
        {"busy": (Busy(naive("08:00"), naive("09:00")),)},
        {"stops": (Stop(at("08:00"), at("08:00"), None),)},
        {"stops": (Stop(at("09:00"), at("08:00"), None),)},
        {"windows": (span("09:00-08:00"),)},
        {"busy": (Busy(*span("09:00-08:00")),)},
        {"tz": "Nowhere/Land"},
    ],
)
def test_day_that_makes_no_sense_is_refused(values):
    sound = {"technician_id": 1, "day": DAY, "tz": TORONTO, "windows": ()}
    DayPlan(**sound)
    with pytest.raises(ValueError):
        DayPlan(**{**sound, **values})


@pytest.mark.parametrize(
    "values",
    [
        {"now": naive("08:00")},
        {"duration_minutes": 0},
        {"duration_minutes": -30},
        {"duration_minutes": 1.5},
        {"lead_minutes": -1},
        {"horizon_days": -1},
        {"horizon_days": 0.5},
        *({"grid_minutes": grid} for grid in (0, 1, 7, 25, 45, 90, -30)),
    ],
)
def test_request_that_makes_no_sense_is_refused(values):
    with pytest.raises(ValueError):
        SlotRequest(
            **{"duration_minutes": 60, "place": None, "now": at("0:00"), **values}
        )


def test_naive_start_is_refused():
    with pytest.raises(ValueError, match="aware"):
        explain(plan(), request(), naive("09:00"), TRAVEL)


def test_plans_compare_by_what_was_given():
    assert plan(stop("09:00-10:00")) == plan(stop("09:00-10:00"))
    assert plan() != plan(radius_km=3.0)
