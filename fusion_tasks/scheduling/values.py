"""The values that go into a search for open slots, and those that come out.

All instants are aware datetimes, in UTC where this package makes them. Ids and keys
are opaque ints.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from .clock import ticks

GRIDS = frozenset({5, 6, 10, 12, 15, 20, 30, 60})


class Place(NamedTuple):
    """A point on the map, in degrees. ``None`` in its stead is an unknown place."""

    latitude: float
    longitude: float


class Stop(NamedTuple):
    """A task that holds the technician at a place during ``[start, end)``.

    ``key`` is the caller's id of it; it comes back in refusals.
    """

    start: datetime
    end: datetime
    place: Place | None
    key: int = 0


class Busy(NamedTuple):
    """A calendar event that takes the technician's time, but no travel."""

    start: datetime
    end: datetime


def check_duration(minutes: int) -> None:
    """Refuse a duration that is not a positive whole number of minutes.

    :raise ValueError: in that case
    """
    if not isinstance(minutes, int) or minutes <= 0:
        raise ValueError(f"a visit takes a positive number of minutes, not {minutes!r}")


@dataclass(frozen=True, slots=True)
class SlotRequest:
    """The visit to be placed, and the rules of the house at that moment.

    :param duration_minutes: of the visit, more than 0
    :param place: of the visit
    :param now: the present instant, aware
    :param lead_minutes: least time between now and a start (rule 5)
    :param horizon_days: days of 24 h beyond which nothing is offered (rule 5)
    :param grid_minutes: starts are multiples of it on the technician's wall clock
    :param rest_minutes: least time between work of the evening or night before and the
        first start of a working day
    :param travel_on_own_time: the drive to the first stop comes before the workday
    :raise ValueError: for a naive ``now``, a duration that is not a positive int, a
        lead time or horizon that is not an int from 0 on, a grid that does not divide
        the hour
    """

    duration_minutes: int
    place: Place | None
    now: datetime
    lead_minutes: int = 1440
    horizon_days: int = 21
    grid_minutes: int = 30
    travel_on_own_time: bool = False
    rest_minutes: int = 0

    def __post_init__(self) -> None:
        """Check what was asked."""
        ticks(self.now)
        check_duration(self.duration_minutes)
        for number in (self.lead_minutes, self.horizon_days, self.rest_minutes):
            if not isinstance(number, int) or number < 0:
                raise ValueError(
                    "lead time, horizon and rest are whole numbers from 0 on"
                )
        if self.grid_minutes not in GRIDS:
            raise ValueError(f"the grid must be one of {sorted(GRIDS)} minutes")


class Slot(NamedTuple):
    """An open slot: the visit can be ``[start, end)``, in aware UTC.

    ``travel_before``, ``travel_after`` and ``detour`` (the driving that the visit
    adds to the day) are minutes.
    """

    technician_id: int
    start: datetime
    end: datetime
    travel_before: int
    travel_after: int
    detour: int
