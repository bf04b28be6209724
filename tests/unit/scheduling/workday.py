"""A Wednesday in Toronto for the table tests: 08:00-12:00 and 13:00-17:00."""

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from scheduling import DayPlan, Place, SlotRequest, Stop, TravelTable, find_open_slots

TORONTO = "America/Toronto"
DAY = date(2026, 6, 10)
HOME = Place(43.65, -79.38)
CLIENT = Place(43.70, -79.42)
OTHER = Place(43.60, -79.50)
THIRD = Place(43.75, -79.30)
MIDNIGHT_UTC = datetime(2026, 6, 10, 4, tzinfo=timezone.utc)

TRAVEL = TravelTable(
    {
        (HOME, CLIENT): 20,
        (HOME, OTHER): 25,
        (OTHER, CLIENT): 40,
        (CLIENT, OTHER): 35,
        (OTHER, THIRD): 50,
        (THIRD, CLIENT): 15,
        (CLIENT, THIRD): 10,
    }
)


def at(clock):
    """The instant of a wall time of the day; ``"25:00"`` is 01:00 of the next."""
    hours, minutes = clock.split(":")
    return MIDNIGHT_UTC + timedelta(hours=int(hours), minutes=int(minutes))


def span(clocks):
    """``"08:00-12:00"`` as two instants."""
    start, end = clocks.split("-")
    return at(start), at(end)


def stop(clocks, place=OTHER, key=7):
    """A stop at a place."""
    return Stop(*span(clocks), place, key)


def plan(*stops, windows=("08:00-12:00", "13:00-17:00"), **values):
    """The day of technician 1, who starts from HOME."""
    return DayPlan(
        **{
            "technician_id": 1,
            "day": DAY,
            "tz": TORONTO,
            "windows": tuple(span(window) for window in windows),
            "stops": stops,
            "start_place": HOME,
            **values,
        }
    )


def request(minutes=60, **values):
    """A visit at CLIENT, asked for the day before."""
    defaults = {"place": CLIENT, "now": at("-48:00")}
    return SlotRequest(minutes, **{**defaults, **values})


def clock(instant):
    """An instant as the wall time of Toronto."""
    return instant.astimezone(ZoneInfo(TORONTO)).strftime("%H:%M")


def offers(day, asked=None, travel=TRAVEL):
    """The wall times at which the visit can start."""
    return [
        clock(slot.start) for slot in find_open_slots([day], asked or request(), travel)
    ]
