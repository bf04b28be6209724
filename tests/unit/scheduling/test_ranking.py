"""The short list: what is taken, what is left out, and what is marked."""

from collections import Counter
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling import Slot, local_date, low_detour, rank_slots

MONDAY = datetime(2026, 6, 8, 13, tzinfo=timezone.utc)
TORONTO = ZoneInfo("America/Toronto")


def slot(day, hours=0.0, detour=10, technician_id=1):
    """A slot on the n-th day, some hours after 09:00 Toronto time."""
    start = MONDAY + timedelta(days=day, hours=hours)
    end = start + timedelta(hours=1)
    return Slot(technician_id, start, end, detour, 0, detour)


def toronto(offer):
    """The start of a slot on the clock of Toronto."""
    return offer.start.astimezone(TORONTO)


def day_of(offer):
    """The day of a slot in Toronto."""
    return toronto(offer).date()


def part_of(offer):
    """The part of the day in Toronto."""
    hour = toronto(offer).hour
    return "morning" if hour < 12 else "afternoon" if hour < 17 else "evening"


slots = st.builds(
    slot,
    st.integers(0, 6),
    st.integers(0, 16).map(lambda n: n / 2),
    st.integers(0, 40),
    st.integers(1, 4),
)
many_slots = st.lists(slots, max_size=40)
small = st.integers(0, 6)


def test_small_detours_come_first_then_early_starts():
    offers = [slot(0, 0, 30), slot(1, 0, 5), slot(2, 0, 5), slot(3, 0, 20)]
    assert rank_slots(offers, limit=1) == [offers[1]]
    assert rank_slots(offers, limit=3) == [offers[1], offers[2], offers[3]]


def test_list_is_in_date_order():
    offers = [slot(0, 0, 30), slot(1, 0, 5), slot(2, 0, 20)]
    assert rank_slots(offers[::-1]) == offers


def test_same_start_is_offered_once_with_the_smaller_detour():
    offers = [slot(0, 0, 9, 1), slot(0, 0, 5, 3), slot(0, 0, 5, 2)]
    assert rank_slots(offers) == [offers[2]]


def test_no_more_than_so_many_a_day():
    offers = [slot(0, hour) for hour in range(8)]
    assert rank_slots(offers, local_of=toronto) == [*offers[:2], offers[3]]
    assert rank_slots(offers, per_day=5, local_of=toronto) == offers[:5]


def test_different_days_are_covered_before_the_best_day_is_filled():
    near = [slot(0, hour, 0) for hour in range(3)]
    far = [slot(day, 0, 40) for day in range(1, 6)]
    assert rank_slots(near + far, limit=5) == [near[0], near[1], *far[:3]]
    assert rank_slots(near + far, limit=5, min_days=1) == [*near, far[0], far[1]]


def test_days_that_do_not_exist_do_not_shorten_the_list():
    offers = [slot(0, hour) for hour in range(3)]
    assert rank_slots(offers, min_days=4) == offers


def test_starts_of_a_day_are_an_hour_apart_where_that_is_possible():
    offers = [slot(0, 0, 1), slot(0, 0.5, 2), slot(0, 1, 3), slot(0, 6, 30)]
    assert rank_slots(offers) == [offers[0], offers[2], offers[3]]


def test_close_starts_are_offered_if_there_is_nothing_else():
    offers = [slot(0, 0), slot(0, 0.5)]
    assert rank_slots(offers) == offers


def test_day_is_that_of_the_caller():
    # 20:30 and 22:00 in Toronto: two days in UTC, one day there.
    offers = [slot(0, 10), slot(0, 11.5), slot(0, 13)]
    assert len(rank_slots(offers, per_day=2)) == 3
    assert rank_slots(offers, per_day=2, local_of=toronto) == offers[:2]


def test_nothing_in_nothing_out():
    assert rank_slots([]) == []
    assert rank_slots([slot(0)], limit=0) == []
    assert rank_slots([slot(0)], per_day=0) == []
    assert low_detour([]) == set()


@pytest.mark.parametrize("name", ["limit", "per_day", "min_days"])
def test_negative_numbers_are_refused(name):
    with pytest.raises(ValueError, match="zero slots or more"):
        rank_slots([], **{name: -1})


@given(many_slots, small, small, small)
def test_short_list_keeps_its_promises(offers, limit, per_day, min_days):
    short = rank_slots(offers, limit, per_day, toronto, min_days)
    per_date = Counter(day_of(offer) for offer in short)
    dates = {day_of(offer) for offer in offers}
    starts = {offer.start for offer in offers}
    assert set(short) <= set(offers)
    assert len({offer.start for offer in short}) == len(short)
    assert short == sorted(short, key=lambda offer: offer.start)
    assert max(per_date.values(), default=0) <= per_day
    room = sum(
        min(per_day, sum(1 for start in starts if local_date(start, "UTC") == day))
        for day in {local_date(start, "UTC") for start in starts}
    )
    assert len(short) == min(limit, room)
    assert len(per_date) >= min(min_days, limit, len(dates) if per_day else 0)
    assert short == rank_slots(offers[::-1], limit, per_day, toronto, min_days)


@given(many_slots, small, st.integers(1, 6), small)
def test_every_part_of_the_day_is_offered_unless_days_need_the_room(
    offers, limit, per_day, min_days
):
    short = rank_slots(offers, limit, per_day, toronto, min_days)
    missing = {part_of(o) for o in offers} - {part_of(o) for o in short}
    taken = Counter(map(day_of, short))
    for offer in offers:
        if part_of(offer) in missing and taken[day_of(offer)] < per_day:
            # Only the wish for different days stood against it.
            assert len(short) == limit
            assert limit < min_days + len({part_of(o) for o in offers})


def test_parts_of_the_day_are_mixed_within_a_day_and_over_days():
    # The mornings are nearer on every day.
    mornings = [slot(day, hour, 1) for day in range(6) for hour in (0, 1, 2)]
    afternoons = [slot(day, hour, 30) for day in range(6) for hour in (4, 6)]
    short = rank_slots(mornings + afternoons, local_of=toronto)
    assert Counter(map(part_of, short)) == {"morning": 8, "afternoon": 4}
    assert Counter(map(day_of, short)).most_common(1)[0][1] == 3
    short = rank_slots(mornings + afternoons, limit=4, local_of=toronto)
    assert len({day_of(offer) for offer in short}) == 4
    assert Counter(map(part_of, short)) == {"morning": 3, "afternoon": 1}


def test_evening_that_exists_on_one_day_only_is_offered():
    offers = [slot(day, hour, day) for day in range(6) for hour in (0, 1, 4, 5)]
    evening = slot(0, 9, 99)
    for limit in (3, 4, 5, 12):
        short = rank_slots([*offers, evening], limit, local_of=toronto)
        assert (evening in short) == (limit > 4), limit


def test_time_that_the_clock_shows_twice_is_offered_once():
    once = datetime(2026, 11, 1, 5, 30, tzinfo=timezone.utc)  # 1:30, daylight time
    twice = once + timedelta(hours=1)  # 1:30 again
    offers = [Slot(1, at, at + timedelta(hours=1), 5, 0, 5) for at in (once, twice)]
    assert rank_slots(offers, local_of=toronto) == offers[:1]
    assert rank_slots(offers) == offers


@given(many_slots)
def test_best_slot_is_always_offered(offers):
    best = min(offers, key=lambda offer: (offer.detour, offer.start), default=None)
    assert best is None or best.start in {offer.start for offer in rank_slots(offers)}


@given(many_slots)
def test_close_starts_only_when_no_other_was_left(offers):
    short = rank_slots(offers, limit=99, per_day=2)
    for one, other in pairwise(short):
        if other.start - one.start < timedelta(hours=1):
            day = one.start.date()
            starts = {offer.start for offer in offers if offer.start.date() == day}
            best = min((one, other), key=lambda offer: (offer.detour, offer.start))
            assert all(abs(start - best.start) < timedelta(hours=1) for start in starts)


def test_nearby_marks_the_better_half_up_to_a_quarter_of_an_hour():
    offers = [slot(0, detour=2), slot(1, detour=3), slot(2, detour=9)]
    assert low_detour(offers) == set(offers[:2])
    assert low_detour([*offers, slot(3, detour=10)]) == set(offers[:2])
    far = [slot(0, detour=16), slot(1, detour=40), slot(2, detour=50)]
    assert low_detour(far) == set()


def test_nearby_marks_nothing_when_all_are_equal():
    assert low_detour([slot(day, detour=0) for day in range(4)]) == set()
    assert low_detour([slot(0, detour=0)]) == set()


def test_nearby_marks_most_when_only_one_is_far():
    offers = [slot(0, detour=0), slot(1, detour=0), slot(2, detour=30)]
    assert low_detour(offers) == set(offers[:2])


@given(st.lists(slots, min_size=1, max_size=12))
def test_nearby_is_never_all_and_never_a_larger_detour_than_one_left_out(offers):
    marked = low_detour(offers)
    left = set(offers) - marked
    assert left
    assert max((offer.detour for offer in marked), default=0) <= min(
        offer.detour for offer in left
    )


@pytest.mark.parametrize("limit", [1, 2, 12])
def test_the_office_always_sees_the_earliest(limit):
    slots = [slot(0, detour=90), *(slot(day, detour=5) for day in range(1, 30))]
    assert slots[0] not in rank_slots(slots, limit=limit)
    offered = rank_slots(slots, limit=limit, with_earliest=True)
    assert offered[0] == slots[0]
    assert len(offered) == limit
    assert set(offered[1:]) <= set(rank_slots(slots, limit=limit))


def test_an_earliest_that_is_good_anyway_takes_nobody_s_place():
    slots = [slot(day, detour=5) for day in range(30)]
    assert rank_slots(slots, with_earliest=True) == rank_slots(slots)
