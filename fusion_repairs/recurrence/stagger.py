"""Overdue units are spread over weeks: the most overdue first, no week too full.

What is planned is the day on which the client may be written to, not the due date: a
unit falls due a fixed number of days after it. So a full week means a full week of
mails and, a few weeks on, a full week of visits.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from .errors import RecurrenceError

WORKDAYS = 5
WEEK = 7


@dataclass(frozen=True)
class Overdue:
    """A unit to be given a week. ``key`` is the caller's; ``area`` where it stands."""

    key: int
    due: date
    area: str = ""


@dataclass(frozen=True)
class Spread:
    """How to spread: from which week on, over how many, at most how many a week.

    A cap of 0 means none: the weeks are then simply made even.
    """

    start: date
    weeks: int
    weekly_cap: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be planned."""
        if self.weeks < 1:
            raise RecurrenceError("weeks_not_positive", self.weeks)
        if self.weekly_cap < 0:
            raise RecurrenceError("weekly_cap_negative", self.weekly_cap)

    @property
    def monday(self) -> date:
        """Return the first Monday on or after the start.

        >>> str(Spread(date(2026, 1, 1), 4).monday)
        '2026-01-05'
        """
        return self.start + timedelta(days=-self.start.weekday() % WEEK)

    def week_of(self, day: date) -> int:
        """Return the number of the week that a day lies in; negative before it."""
        return (day - self.monday).days // WEEK


def plan(
    units: Iterable[Overdue], spread: Spread, taken: Mapping[int, int] | None = None
) -> dict[int, date]:
    """Return for each unit's key the day on which it may be written about.

    :param taken: how many others fall into each week already

    >>> units = [Overdue(n, date(2020 + n, 1, 1)) for n in range(4)]
    >>> days = plan(units, Spread(date(2026, 1, 5), weeks=2))
    >>> [str(days[n]) for n in range(4)]
    ['2026-01-05', '2026-01-07', '2026-01-12', '2026-01-14']
    """
    queue = sorted(units, key=lambda unit: (unit.due, unit.key))
    rooms = week_rooms(len(queue), spread, taken or {})
    weeks = _fill(queue, rooms)
    days = {}
    for number, members in enumerate(weeks):
        for rank, unit in enumerate(members):
            offset = number * WEEK + rank * WORKDAYS // len(members)
            days[unit.key] = spread.monday + timedelta(days=offset)
    return days


def week_rooms(count: int, spread: Spread, taken: Mapping[int, int]) -> list[int]:
    """Return how many units each week takes, so that the weeks become even.

    The cap is the stronger: what does not fit goes to weeks after the last one.

    >>> week_rooms(6, Spread(date(2026, 1, 5), 3, 10), {0: 3})
    [0, 3, 3]
    >>> week_rooms(7, Spread(date(2026, 1, 5), 2, 2), {})
    [2, 2, 2, 1]
    """
    held = [taken.get(week, 0) for week in range(spread.weeks)]
    highest = spread.weekly_cap or max(held) + count
    level = _lowest_level(count, held, highest)
    rooms = [max(0, level - number) for number in held]
    surplus = sum(rooms) - count
    for week in reversed(range(spread.weeks)):
        # One less where the level does not divide evenly, the last weeks first.
        if surplus > 0 and rooms[week]:
            rooms[week] -= 1
            surplus -= 1
    left = count - sum(rooms)
    week = spread.weeks
    while left > 0:
        room = min(left, max(0, highest - taken.get(week, 0)))
        rooms.append(room)
        left -= room
        week += 1
    return rooms


def _lowest_level(count: int, held: list[int], highest: int) -> int:
    """Return the lowest level at which the weeks take all units, else the highest."""
    low, high = 0, highest
    while low < high:
        level = (low + high) // 2
        if sum(max(0, level - number) for number in held) >= count:
            high = level
        else:
            low = level + 1
    return low


def _fill(queue: list[Overdue], rooms: list[int]) -> list[list[Overdue]]:
    """Give each unit, in order, the first week with room for it and its area.

    An area gets at most its even share a week. What is left over then goes to the
    first weeks that have room, whatever the area.
    """
    total = sum(rooms) or 1
    areas = Counter(unit.area for unit in queue)
    used: list[list[Overdue]] = [[] for _room in rooms]
    shares: dict[str, list[int]] = {}
    for area, size in areas.items():
        shares[area] = [-(-size * room // total) for room in rooms]
    first: dict[str, int] = defaultdict(int)
    left: deque[Overdue] = deque()
    for unit in queue:
        share, week = shares[unit.area], first[unit.area]
        while week < len(rooms) and (not share[week] or len(used[week]) >= rooms[week]):
            week += 1
        first[unit.area] = week
        if week == len(rooms):
            left.append(unit)
            continue
        used[week].append(unit)
        share[week] -= 1
    for week, room in enumerate(rooms):
        while left and len(used[week]) < room:
            used[week].append(left.popleft())
    for members in used:
        members.sort(key=lambda unit: (unit.due, unit.key))
    return used
