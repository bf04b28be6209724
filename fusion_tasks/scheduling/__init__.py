"""Who can be where and when: day plans in, open slots out.

The rules of an open slot: docs/decisions/0001-when-a-slot-is-open.md.
Plain Python: no Odoo, no clock, no network. Instants are aware UTC datetimes.
"""

from .clock import MINUTE, local_date, local_dates, local_day, ticks, to_utc, zone_of
from .days import (
    Dates,
    Day,
    Shift,
    Work,
    last_ended,
    shift_windows,
    within,
    without,
    work_days,
)
from .duties import Roster
from .intervals import intersect, merge, subtract
from .ranking import low_detour, rank_slots
from .refusals import Refusal, RefusalCode
from .slots import day_gaps, explain, find_open_slots, next_open_slot
from .timeline import DayPlan, TimelineStop
from .travel import FLAT_MINUTES, Travel, TravelTable, estimate_minutes, haversine_km
from .values import Busy, Place, Slot, SlotRequest, Stop
from .zone_rules import (
    daily_offsets,
    first_difference,
    get_kept_start,
    is_outdated,
    offset_minutes,
    rules_version,
)

__all__ = [
    "FLAT_MINUTES",
    "MINUTE",
    "Busy",
    "Dates",
    "Day",
    "DayPlan",
    "Place",
    "Refusal",
    "RefusalCode",
    "Roster",
    "Shift",
    "Slot",
    "SlotRequest",
    "Stop",
    "TimelineStop",
    "Travel",
    "TravelTable",
    "Work",
    "daily_offsets",
    "day_gaps",
    "estimate_minutes",
    "explain",
    "find_open_slots",
    "first_difference",
    "get_kept_start",
    "haversine_km",
    "intersect",
    "is_outdated",
    "last_ended",
    "local_date",
    "local_dates",
    "local_day",
    "low_detour",
    "merge",
    "next_open_slot",
    "offset_minutes",
    "rank_slots",
    "rules_version",
    "shift_windows",
    "subtract",
    "ticks",
    "to_utc",
    "within",
    "without",
    "work_days",
    "zone_of",
]
