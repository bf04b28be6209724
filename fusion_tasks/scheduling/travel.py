"""Driving minutes between two places (docs/travel.md)."""

from collections.abc import Callable, Mapping
from math import asin, ceil, cos, radians, sin, sqrt

from .values import Place

EARTH_RADIUS_KM = 6371.009
ROAD_FACTOR = 1.3
SPEED_KM_PER_HOUR = 40
FLAT_MINUTES = 30

Travel = Callable[[Place | None, Place | None], int]

_MINUTES_PER_KM = ROAD_FACTOR * 60 / SPEED_KM_PER_HOUR


def haversine_km(a: Place, b: Place) -> float:
    """Return the great-circle distance in kilometres.

    >>> round(haversine_km(Place(43.65, -79.38), Place(45.42, -75.70)))
    352
    """
    if a == b:
        return 0.0
    latitude_a, latitude_b = radians(a[0]), radians(b[0])
    half_chord = (
        sin((latitude_b - latitude_a) / 2) ** 2
        + cos(latitude_a) * cos(latitude_b) * sin(radians(b[1] - a[1]) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(half_chord)))


def estimate_minutes(a: Place | None, b: Place | None) -> int:
    """Return the estimated drive in minutes, rounded up to a whole minute.

    Great circle times 1.3 at 40 km/h; the same place is 0; an unknown place on
    either side is a flat 30.

    >>> estimate_minutes(Place(43.65, -79.38), Place(43.70, -79.40))
    12
    >>> estimate_minutes(Place(43.65, -79.38), None)
    30
    """
    if a is None or b is None:
        return FLAT_MINUTES
    return ceil(haversine_km(a, b) * _MINUTES_PER_KM)


class TravelTable:
    """Driving minutes by look-up: the given legs first, else the estimate.

    A given leg holds in its own direction only (one-way streets); estimates are the
    same both ways and remembered, so one table should serve one whole search.

    :param legs: minutes (>= 0) by ``(from, to)``; copied
    :raise ValueError: for a leg of negative minutes

    >>> here, there = Place(43.65, -79.38), Place(43.70, -79.40)
    >>> travel = TravelTable({(here, there): 25})
    >>> travel(here, there), travel(there, here), travel(here, None)
    (25, 12, 30)
    """

    __slots__ = ("_minutes",)

    def __init__(self, legs: Mapping[tuple[Place, Place], int] | None = None) -> None:
        """Copy the given legs."""
        self._minutes = dict(legs or {})
        if any(minutes < 0 for minutes in self._minutes.values()):
            raise ValueError("a leg takes zero minutes or more")

    def __call__(self, a: Place | None, b: Place | None) -> int:
        """Return the minutes from ``a`` to ``b``; ``None`` is an unknown place."""
        if a is None or b is None:
            return FLAT_MINUTES
        minutes = self._minutes.get((a, b))
        if minutes is None:
            minutes = estimate_minutes(a, b)
            self._minutes[a, b] = minutes
            self._minutes.setdefault((b, a), minutes)
        return minutes
