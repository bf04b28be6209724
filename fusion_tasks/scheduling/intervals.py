"""Small algebra of half-open intervals ``[start, end)`` of anything comparable.

An interval is a tuple whose first two items are its start and its end; further
items are ignored. Touching is not overlapping. An interval whose end is not after
its start is empty and vanishes. Results are sorted, disjoint ``(start, end)`` pairs.
"""

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any

Interval = tuple[Any, Any]

_by_start = itemgetter(0)


def merge(intervals: Iterable[Sequence[Any]]) -> list[Interval]:
    """Sort intervals and join those that overlap or touch.

    >>> merge([(13, 17), (8, 12), (12, 13), (20, 20)])
    [(8, 17)]
    >>> merge([(1, 3), (5, 8), (2, 4)])
    [(1, 4), (5, 8)]
    """
    merged: list[Interval] = []
    for interval in sorted(intervals, key=_by_start):
        start, end = interval[0], interval[1]
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            if end > merged[-1][1]:
                merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def subtract(
    kept: Iterable[Interval], removed: Sequence[Sequence[Any]]
) -> list[Interval]:
    """Return what is left of ``kept`` once ``removed`` is taken away.

    :param kept: sorted and disjoint, as :func:`merge` returns them
    :param removed: sorted by start; they may overlap one another

    >>> subtract([(8, 12), (13, 17)], [(9, 10), (11, 14)])
    [(8, 9), (10, 11), (14, 17)]
    >>> subtract([(8, 12)], [(7, 8), (9, 9), (12, 13)])
    [(8, 12)]
    """
    left: list[Interval] = []
    for start, end in kept:
        for taken in removed:
            first = taken[0]
            if first >= end:
                break
            until = taken[1]
            if until <= start or until <= first:
                continue
            if first > start:
                left.append((start, first))
            start = until
            if start >= end:
                break
        if start < end:
            left.append((start, end))
    return left


def intersect(one: Sequence[Interval], other: Sequence[Interval]) -> list[Interval]:
    """Return what lies in both, each sorted and disjoint.

    >>> intersect([(8, 12), (13, 17)], [(10, 14), (16, 20)])
    [(10, 12), (13, 14), (16, 17)]
    """
    common: list[Interval] = []
    i = j = 0
    while i < len(one) and j < len(other):
        start = max(one[i][0], other[j][0])
        end = min(one[i][1], other[j][1])
        if start < end:
            common.append((start, end))
        if one[i][1] < other[j][1]:
            i += 1
        else:
            j += 1
    return common
