"""Why a start is not open: a code and the facts. The caller finds the words."""

from datetime import datetime
from enum import Enum
from typing import NamedTuple


class RefusalCode(str, Enum):
    """Which rule said no.

    ``rule`` is its number in docs/decisions/0001-when-a-slot-is-open.md; 0 is the
    grid.
    """

    rule: int

    def __new__(cls, value: str, rule: int) -> "RefusalCode":
        """Take the value from a pair, and keep the rule's number beside it."""
        code = str.__new__(cls, value)
        code._value_ = value
        code.rule = rule
        return code

    TOO_SOON = ("too_soon", 5)
    TOO_FAR_AHEAD = ("too_far_ahead", 5)
    OUT_OF_RADIUS = ("out_of_radius", 6)
    NO_WORKING_TIME = ("no_working_time", 1)
    OUTSIDE_WORKING_TIME = ("outside_working_time", 1)
    PAST_WORKING_TIME = ("past_working_time", 1)
    STOP_OVERLAP = ("stop_overlap", 2)
    BUSY = ("busy", 4)
    RESTING = ("resting", 2)
    TRAVEL_FROM_START = ("travel_from_start", 2)
    TRAVEL_FROM_PREVIOUS = ("travel_from_previous", 2)
    TRAVEL_TO_NEXT = ("travel_to_next", 3)
    OFF_GRID = ("off_grid", 0)


class Refusal(NamedTuple):
    """A rule's no, with what there is to tell about it (``None``: does not apply).

    :param code: the first rule that refused, in the order of :class:`RefusalCode`
    :param blocked: the stop, the busy event, or the working interval that the visit
        would overrun; UTC
    :param stop_key: of the stop that is overlapped, or driven from or to
    :param travel_minutes: of the drive that does not fit
    :param earliest: the first start that this rule would allow (for a drive: the
        arrival); UTC
    :param latest: the last start that this rule would allow; UTC
    :param distance_km: from the start place, where it is beyond the radius
    :param radius_km: that radius
    """

    code: RefusalCode
    blocked: tuple[datetime, datetime] | None = None
    stop_key: int | None = None
    travel_minutes: int | None = None
    earliest: datetime | None = None
    latest: datetime | None = None
    distance_km: float | None = None
    radius_km: float | None = None
