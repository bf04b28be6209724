"""The values that go into a search for open slots, and those that come out.

All instants are aware datetimes, in UTC where this package makes them. Ids and keys
are opaque ints.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import NamedTuple

from .clock import ticks
from .timeline import Timeline, read_timeline

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


@dataclass(frozen=True, slots=True)
class DayPlan:
    """One technician's local calendar day, as it stands.

    :param tz: IANA name or (hashable) tzinfo of the technician
    :param windows: working intervals of that day (attendances minus leaves), aware;
        any order; those that touch or overlap count as one; empty ones are ignored
    :param stops: the stops that intersect the local day (``local_day`` gives its
        bounds); any order; they may overlap one another
    :param busy: busy events; any order; those without length are ignored
    :param start_place: where the day starts
    :param radius_km: how far from there the technician goes; 0 is no limit
    :raise ValueError: for a naive datetime, an unknown zone, a stop whose end is not
        after its start, a window or event whose end is before its start
    """

    technician_id: int
    day: date
    tz: str | tzinfo
    windows: tuple[tuple[datetime, datetime], ...]
    stops: tuple[Stop, ...] = ()
    busy: tuple[Busy, ...] = ()
    start_place: Place | None = None
    radius_km: float = 0.0
    timeline: Timeline = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check the plan and read it into ticks, once."""
        timeline = read_timeline(self.tz, self.windows, self.stops, self.busy)
        object.__setattr__(self, "timeline", timeline)


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

    def __post_init__(self) -> None:
        """Check what was asked."""
        ticks(self.now)
        check_duration(self.duration_minutes)
        for number in (self.lead_minutes, self.horizon_days):
            if not isinstance(number, int) or number < 0:
                raise ValueError("lead time and horizon are whole numbers from 0 on")
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
