"""Overdue units are spread over weeks, and no week is too full.

What is planned is the day on which the client may be written to, not the due date: a
unit falls due a fixed number of days after it. So a full week means a full week of
mails and, a few weeks on, a full week of visits.

Who comes first: clients whose consent to be emailed ends (the soonest first) and
safety-critical units (the most overdue first) share each week by halves; the clients
get more where their consent would end otherwise. All others follow, the most overdue
first. A client who may not be emailed any more is called, in a later week as well.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from .errors import RecurrenceError

WORKDAYS = 5
WEEK = 7


@dataclass(frozen=True)
class Overdue:
    """A unit to be given a week. ``key`` is the caller's; ``area`` where it stands.

    :param urgent: whether it is safety-critical
    :param mail_by: the last day for its first mail, where consent ends after that; None
        where it does not end, or has ended
    """

    key: int
    due: date
    area: str = ""
    urgent: bool = False
    mail_by: date | None = None


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

    def last_week_before(self, day: date) -> int:
        """Return the number of the last week whose workdays all lie before a day.

        >>> Spread(date(2026, 1, 5), 4).last_week_before(date(2026, 1, 15))
        0
        """
        return max(0, self.week_of(day - timedelta(days=WORKDAYS)))


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
    weeks = _allot(queue, rooms, spread)
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


def _allot(
    queue: list[Overdue], rooms: list[int], spread: Spread
) -> list[list[Overdue]]:
    """Return the units of each week: by consent, by safety, then all others."""
    ending = [unit for unit in queue if unit.mail_by]
    ending.sort(key=lambda unit: (unit.mail_by, not unit.urgent, unit.due, unit.key))
    urgent = [unit for unit in queue if unit.urgent and not unit.mail_by]
    others = [unit for unit in queue if not (unit.urgent or unit.mail_by)]
    ends = [spread.last_week_before(unit.mail_by or date.max) for unit in ending]
    shares = _share_rooms(rooms, ends, len(urgent))
    weeks: list[list[Overdue]] = [[] for _room in rooms]
    soonest = iter(ending)
    for members, share in zip(weeks, shares[0], strict=True):
        members.extend(islice(soonest, share))
    for group, share_of in ((urgent, shares[1]), (others, shares[2])):
        for members, more in zip(weeks, _fill(group, share_of), strict=True):
            members.extend(more)
    for members in weeks:
        members.sort(key=lambda unit: (unit.due, unit.key))
    return weeks


def _share_rooms(
    rooms: list[int], ends: list[int], urgent: int
) -> tuple[list[int], list[int], list[int]]:
    """Return each week's rooms for those whose consent ends, urgent ones, and others.

    :param ends: the last week for each whose consent ends
    :param urgent: how many urgent ones there are

    >>> _share_rooms([2, 2, 2, 2], [3, 3, 3], 3)
    ([1, 1, 1, 0], [1, 1, 1, 0], [0, 0, 0, 2])
    >>> _share_rooms([2, 2, 2], [0, 0], 3)
    ([2, 0, 0], [0, 2, 1], [0, 0, 1])
    """
    shares: tuple[list[int], list[int], list[int]] = ([], [], [])
    left, given, needed, seen = len(ends), 0, 0, 0
    for room, latest in zip(rooms, _latest_rooms(rooms, ends), strict=True):
        needed, seen = needed + latest, seen + room
        least = max(needed - given, (seen + 1) // 2 - given, 0)
        own = min(room, left, least)
        safe = min(room - own, urgent)
        own += min(room - own - safe, left - own)
        left, given, urgent = left - own, given + own, urgent - safe
        for share, number in zip(shares, (own, safe, room - own - safe), strict=True):
            share.append(number)
    return shares


def _latest_rooms(rooms: list[int], ends: list[int]) -> list[int]:
    """Return how many a week must take if all of them wait as long as they can.

    Those for whom there is no week in time come as soon as possible.
    """
    wanted = Counter(min(week, len(rooms) - 1) for week in ends)
    latest, left = [0] * len(rooms), 0
    for week in reversed(range(len(rooms))):
        left += wanted[week]
        latest[week] = min(left, rooms[week])
        left -= latest[week]
    if left:
        latest[0] += left
    return latest


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
    return used
