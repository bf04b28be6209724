"""Call-out rates, the ten percent rule, and the days to withdraw."""

import doctest
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recurrence import RecurrenceError, pricing
from recurrence.pricing import RateCard

CARD = RateCard(
    call_out=9500,
    included_minutes=60,
    increment_minutes=15,
    increment=2000,
    evening_from=time(18),
    evening_until=time(7),
    percents={"evening": 150, "weekend": 150, "holiday": 200},
    distance_bands=[(25, 0), (50, 3500), (100, 7000)],
)
CHRISTMAS = frozenset([date(2026, 12, 25)])


def test_documentation_examples_hold():
    result = doctest.testmod(pricing)
    assert result.attempted and not result.failed


@pytest.mark.parametrize(
    ("local", "period"),
    [
        (datetime(2026, 12, 1, 10), "standard"),
        (datetime(2026, 12, 1, 17, 59), "standard"),
        (datetime(2026, 12, 1, 18), "evening"),
        (datetime(2026, 12, 1, 6, 59), "evening"),
        (datetime(2026, 12, 1, 7), "standard"),
        (datetime(2026, 12, 5, 10), "weekend"),
        (datetime(2026, 12, 25, 10), "holiday"),
        (datetime(2026, 12, 25, 20), "holiday"),
    ],
)
def test_which_rate_counts(local, period):
    assert pricing.period_of(local, CHRISTMAS, CARD) == period


@pytest.mark.parametrize(
    ("minutes", "total"),
    [(0, 9500), (60, 9500), (61, 11500), (75, 11500), (76, 13500), (120, 17500)],
)
def test_the_first_hour_is_included(minutes, total):
    assert pricing.charge(CARD, datetime(2026, 12, 1, 10), minutes).total == total


def test_an_evening_call_far_away():
    found = pricing.charge(CARD, datetime(2026, 12, 1, 19), 75, 30.0)
    assert (found.call_out, found.labour, found.distance) == (14250, 3000, 3500)
    assert (found.period, found.percent, found.total) == ("evening", 150, 20750)


@pytest.mark.parametrize(
    ("kilometres", "amount"), [(0, 0), (25, 0), (25.1, 3500), (100, 7000), (400, 7000)]
)
def test_distance_bands(kilometres, amount):
    assert pricing.distance_amount(kilometres, CARD.distance_bands) == amount


def test_without_bands_the_way_costs_nothing():
    assert pricing.distance_amount(80, ()) == 0


@pytest.mark.parametrize("minutes", [-1, 24 * 60 + 1])
def test_times_on_site_that_cannot_be(minutes):
    with pytest.raises(RecurrenceError):
        pricing.count_increments(minutes, CARD)


def test_an_increment_of_no_length_is_refused():
    with pytest.raises(RecurrenceError):
        pricing.count_increments(90, CARD._replace(increment_minutes=0))


@given(st.integers(0, 1440), st.integers(0, 1440))
def test_longer_is_never_cheaper(first, second):
    short, long = sorted((first, second))
    noon = datetime(2026, 12, 1, 12)
    cheap, dear = (pricing.charge(CARD, noon, minutes) for minutes in (short, long))
    assert cheap.total <= dear.total


@pytest.mark.parametrize(
    ("estimate", "billed", "too_much"),
    [
        (20000, 20000, False),
        (20000, 22000, False),
        (20000, 22001, True),
        (0, 0, False),
        (0, 1, True),
        (20000, 15000, False),
    ],
)
def test_ten_percent_above_the_estimate(estimate, billed, too_much):
    assert pricing.exceeds_estimate(estimate, billed) is too_much


@pytest.mark.parametrize(
    ("received", "days", "last"),
    [
        (date(2026, 12, 1), 10, date(2026, 12, 11)),
        (date(2026, 12, 28), 10, date(2027, 1, 7)),
        (date(2026, 12, 1), 0, date(2026, 12, 1)),
    ],
)
def test_last_day_to_withdraw(received, days, last):
    assert pricing.cooling_off_ends(received, days) == last


def test_a_negative_cooling_off_is_refused():
    with pytest.raises(RecurrenceError):
        pricing.cooling_off_ends(date(2026, 12, 1), -1)
