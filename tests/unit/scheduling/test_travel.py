"""Distances and driving minutes."""

import math

import pytest
from geopy.distance import great_circle
from hypothesis import given
from hypothesis import strategies as st

from scheduling import (
    FLAT_MINUTES,
    Place,
    TravelTable,
    estimate_minutes,
    haversine_km,
)

TORONTO = Place(43.6532, -79.3832)
OTTAWA = Place(45.4215, -75.6972)
SANTIAGO = Place(-33.4489, -70.6693)
KATHMANDU = Place(27.7172, 85.3240)

anywhere = st.builds(Place, st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.parametrize("a", [TORONTO, OTTAWA, SANTIAGO, KATHMANDU])
@pytest.mark.parametrize("b", [TORONTO, OTTAWA, SANTIAGO, KATHMANDU])
def test_distance_is_that_of_geopy(a, b):
    assert haversine_km(a, b) == pytest.approx(great_circle(a, b).km, rel=1e-9)


@given(anywhere, anywhere)
def test_distance_is_that_of_geopy_anywhere(a, b):
    # Haversine loses digits towards the far side of the earth: metres, there.
    expected = great_circle(a, b).km
    assert haversine_km(a, b) == pytest.approx(expected, rel=1e-5, abs=1e-3)
    assert haversine_km(a, b) == haversine_km(b, a)


def test_distance_across_the_date_line_is_short():
    assert haversine_km(Place(0, 179.9), Place(0, -179.9)) < 23


def test_estimate_is_great_circle_times_road_factor_at_40_km_per_hour():
    km = great_circle(TORONTO, OTTAWA).km
    assert estimate_minutes(TORONTO, OTTAWA) == math.ceil(km * 1.3 / 40 * 60)


def test_estimate_rounds_up_to_a_whole_minute():
    assert estimate_minutes(TORONTO, Place(43.6532, -79.3831)) == 1


def test_same_place_takes_no_time():
    assert estimate_minutes(TORONTO, Place(*TORONTO)) == 0
    assert TravelTable()(TORONTO, Place(*TORONTO)) == 0


@pytest.mark.parametrize(("a", "b"), [(None, TORONTO), (TORONTO, None), (None, None)])
def test_unknown_place_takes_a_flat_time(a, b):
    assert FLAT_MINUTES == 30
    assert estimate_minutes(a, b) == 30
    assert TravelTable()(a, b) == 30


def test_given_leg_holds_in_its_own_direction_only():
    travel = TravelTable({(TORONTO, OTTAWA): 250})
    estimate = estimate_minutes(TORONTO, OTTAWA)
    assert travel(OTTAWA, TORONTO) == estimate
    assert travel(TORONTO, OTTAWA) == 250


def test_given_leg_of_no_time_is_not_mistaken_for_none():
    travel = TravelTable({(TORONTO, OTTAWA): 0})
    assert travel(TORONTO, OTTAWA) == 0


def test_estimate_is_remembered_both_ways(monkeypatch):
    travel = TravelTable()
    first = travel(TORONTO, OTTAWA)
    monkeypatch.setattr("scheduling.travel.estimate_minutes", lambda _a, _b: -1)
    assert travel(TORONTO, OTTAWA) == travel(OTTAWA, TORONTO) == first


def test_given_legs_are_copied():
    legs = {(TORONTO, OTTAWA): 250}
    travel = TravelTable(legs)
    travel(OTTAWA, TORONTO)
    legs[TORONTO, OTTAWA] = 1
    assert travel(TORONTO, OTTAWA) == 250
    assert len(legs) == 1


def test_leg_of_negative_time_is_refused():
    with pytest.raises(ValueError, match="zero minutes or more"):
        TravelTable({(TORONTO, OTTAWA): -1})
