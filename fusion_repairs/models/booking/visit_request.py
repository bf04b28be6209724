"""A visit to book or to move, as a plain value from the door to the database."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

EPOCH = datetime(1970, 1, 1)
# Technician and start, then the mark of the price and the seal in one.
SLOT_PATTERN = re.compile(
    r"(\d{1,9})\.(\d{1,11})\.([0-9a-f]{16})([0-9a-f]{64})", re.ASCII
)
SOURCES = ("client_portal", "office")


class OfferedSlot(NamedTuple):
    """An open slot as it is offered: naive UTC times, minutes, an opaque value.

    ``tz`` names the zone of the technician's hours, in which it is told.
    """

    technician_id: int
    start: datetime
    end: datetime
    travel_before: int
    travel_after: int
    detour: int
    low_detour: bool
    value: str
    tz: str


class SignedSlot(NamedTuple):
    """What the value of an offered slot says; whether we signed it is not looked at."""

    technician_id: int
    start: datetime
    mark: str
    seal: str

    @classmethod
    def parse(cls, value):
        """Return what a posted value says, None if it is not of that form."""
        match = SLOT_PATTERN.fullmatch(value) if isinstance(value, str) else None
        if not match:
            return None
        start = EPOCH + timedelta(seconds=int(match[2]))
        return cls(int(match[1]), start, match[3], match[4])


class Override(NamedTuple):
    """What a dispatcher answers for: a time that the engine refuses.

    Made by ``_make_override`` of the contract only, which checks who asks. A call from
    outside cannot make one: nothing in JSON becomes an instance of this class.
    """

    reason: str
    allow_overlap: bool = False


class Telling(NamedTuple):
    """Who changes a visit, and whether its client is written to.

    It has to pass Odoo's ``write`` of the task, so it travels in the context, under
    ``fusion_telling``. Only an instance counts there, and no call from outside can
    make one.
    """

    by_client: bool = False
    tell_client: bool = True


@dataclass(frozen=True)
class VisitRequest:
    """Which visit is wanted: units and time, by whom, and what is said along with it.

    ``lead`` is the contract that is booked, ``companions`` those of other units on the
    same visit, all as the booking code sees them; ``exclude_task`` is the task that is
    moved. ``technician`` and ``start`` (naive UTC) are empty until a time is chosen.
    ``attendee`` is who will be there instead of the client: a dict of attendee_name,
    attendee_phone, attendee_email. ``past_horizon`` looks beyond what clients are
    offered, which counts for dispatchers only.
    """

    lead: Any
    companions: Any
    exclude_task: Any = None
    technician: Any = None
    start: datetime | None = None
    note: str | None = None
    attendee: dict | None = None
    source: str = "office"
    override: Override | None = None
    past_horizon: bool = False
    tell_client: bool = True

    def __post_init__(self):
        """Refuse what no caller of ours would pass.

        :raise ValueError: for an unknown source
        :raise TypeError: for an override that is none
        """
        if self.source not in SOURCES:
            raise ValueError(f"Unknown source of a booking: {self.source!r}")
        if not isinstance(self.override, Override | None):
            raise TypeError("An override is made by _make_override only.")

    @property
    def units(self):
        """The contracts of all units on the visit, the lead first."""
        return self.lead | self.companions

    @property
    def asked_hours(self):
        """How long the units take together."""
        return sum(self.units.mapped("duration"))

    @property
    def hours(self):
        """How long the visit takes; a task that is moved keeps its time."""
        planned = self.exclude_task.duration if self.exclude_task else 0
        return max(self.asked_hours, planned)

    @property
    def is_from_client(self):
        """Whether a client asks, who chooses a time and not a technician."""
        return self.source == "client_portal"

    @property
    def telling(self):
        """How the client hears of what is done."""
        return Telling(self.is_from_client, self.tell_client)

    def replace(self, **changes):
        """Return the same request with some fields changed."""
        return replace(self, **changes)

    def with_context(self, **keys):
        """Return the same request, its records with more keys in their context."""
        names = ("lead", "companions", "exclude_task")
        records = {name: getattr(self, name) for name in names}
        return replace(
            self,
            **{
                name: found.with_context(**keys)
                for name, found in records.items()
                if found is not None
            },
        )
