"""Which of two edits of one answer holds, when a phone sends its own hours later.

Across devices the later edit holds, by the server's clock: a device says how long ago
an edit was made, so its own clock may be wrong. Of one device the order of its own
clock counts, because a slow line may make an earlier edit look the later one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Edit:
    """When an answer was entered, and where."""

    at: datetime
    """By the server's clock, in UTC without a zone."""
    device: str = ""
    """Empty: not known."""
    clock: int = 0
    """By the device's own clock, in milliseconds."""

    @classmethod
    def from_age(cls, now: datetime, age: float, device: str, clock: int) -> "Edit":
        """Return the edit that a device says it made some milliseconds ago.

        >>> Edit.from_age(datetime(2027, 3, 1, 9, 0), 60_000, "a", 5).at
        datetime.datetime(2027, 3, 1, 8, 59)
        """
        return cls(now - timedelta(milliseconds=max(age, 0)), device, clock)

    @classmethod
    def from_stamp(cls, stamp: list) -> "Edit":
        """Return the edit of a stamp that was stored."""
        return cls(datetime.fromisoformat(stamp[0]), stamp[1], stamp[2])

    def to_stamp(self) -> list:
        """Return the edit as JSON can hold it.

        >>> Edit(datetime(2027, 3, 1, 9, 0), "a", 5).to_stamp()
        ['2027-03-01T09:00:00', 'a', 5]
        """
        return [self.at.isoformat(), self.device, self.clock]


def holds(edit: Edit, stamp: list | None) -> bool:
    """Tell whether an edit holds against the one that is stored, if any.

    >>> stored = Edit(datetime(2027, 3, 1, 9, 0), "phone", 50).to_stamp()
    >>> holds(Edit(datetime(2027, 3, 1, 8, 0), "tablet", 90), stored)
    False
    >>> holds(Edit(datetime(2027, 3, 1, 8, 0), "phone", 51), stored)
    True
    """
    if not stamp:
        return True
    stored = Edit.from_stamp(stamp)
    if edit.device and edit.device == stored.device:
        return edit.clock >= stored.clock
    return edit.at >= stored.at
