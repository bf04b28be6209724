"""Algebra of half-open intervals, on small integers."""

import doctest
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling import clock, intersect, intervals, merge, subtract, travel

anything = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=8)
tidy = anything.map(merge)


def points(pairs):
    """The integers that lie in any of the intervals."""
    return {point for start, end in pairs for point in range(start, end)}


def is_tidy(pairs):
    """Sorted, disjoint, none empty."""
    bounds = [bound for pair in pairs for bound in pair]
    return bounds == sorted(bounds) and all(start < end for start, end in pairs)


@pytest.mark.parametrize("module", [intervals, travel, clock])
def test_examples_in_docstrings_hold(module):
    failed, tried = doctest.testmod(module)
    assert tried
    assert not failed


@pytest.mark.parametrize(
    ("given_intervals", "merged"),
    [
        ([], []),
        ([(8, 12), (12, 13)], [(8, 13)]),
        ([(8, 12), (13, 17)], [(8, 12), (13, 17)]),
        ([(1, 9), (2, 3)], [(1, 9)]),
        ([(5, 5), (7, 6)], []),
        ([(1, 2, "further"), (2, 3, "items")], [(1, 3)]),
    ],
)
def test_merge(given_intervals, merged):
    assert merge(given_intervals) == merged


@pytest.mark.parametrize(
    ("kept", "removed", "left"),
    [
        ([(8, 12)], [], [(8, 12)]),
        ([(8, 12)], [(8, 12)], []),
        ([(8, 12)], [(0, 8), (12, 20)], [(8, 12)]),
        ([(8, 12)], [(9, 10)], [(8, 9), (10, 12)]),
        ([(8, 12)], [(10, 10)], [(8, 12)]),
        ([(8, 12), (13, 17)], [(11, 14)], [(8, 11), (14, 17)]),
        ([(8, 12)], [(0, 20), (9, 10)], []),
        ([(8, 20)], [(9, 15), (10, 12), (14, 16)], [(8, 9), (16, 20)]),
    ],
)
def test_subtract(kept, removed, left):
    assert subtract(kept, removed) == left


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [
        ([(8, 12)], [(12, 13)], []),
        ([(8, 12), (13, 17)], [(0, 24)], [(8, 12), (13, 17)]),
        ([(0, 24)], [(8, 12), (13, 17)], [(8, 12), (13, 17)]),
        ([], [(8, 12)], []),
    ],
)
def test_intersect(one, other, common):
    assert intersect(one, other) == common


@given(anything)
def test_merge_keeps_every_point_and_tidies(pairs):
    merged = merge(pairs)
    assert points(merged) == points(pairs)
    assert is_tidy(merged)
    assert all(a[1] < b[0] for a, b in pairwise(merged))


@given(tidy, anything.map(sorted))
def test_subtract_is_set_difference(kept, removed):
    left = subtract(kept, removed)
    assert points(left) == points(kept) - points(removed)
    assert is_tidy(left)


@given(tidy, tidy)
def test_intersect_is_set_intersection(one, other):
    common = intersect(one, other)
    assert points(common) == points(one) & points(other)
    assert is_tidy(common)
