"""What is known of past sales and of contracts, and what is proposed: plain values."""

from dataclasses import dataclass, field
from datetime import date

# What becomes of a unit.
NEW = "new"
ENROLLED = "enrolled"
SKIPPED = "skipped"
BY_HAND = "by_hand"


@dataclass(frozen=True)
class UnitPolicy:
    """How units of a product are maintained; ``accessory``: its own flag says no."""

    category_id: int
    maintained: bool
    accessory: bool
    serial_required: bool
    interval_months: int
    first_interval_months: int


@dataclass(frozen=True, slots=True)
class SaleFact:
    """One line of a past sale, as plain values.

    ``dates`` are pairs of (source, day or None), the best source first. Serials are
    normalised; ``repeated`` are those typed more than once on the line.
    ``objection`` is a reason for which the line cannot be enrolled whatever else it
    says (records of another company, an archived client). ``client_id`` is whose the
    unit is, in whichever contact's name it was ordered; without one, the contact's.
    ``firm_id`` is the firm or home that the client belongs to, if any.
    ``offset`` is the number of units of the line that come before this product's.
    """

    line_id: int
    company_id: int
    partner_id: int | None
    product_id: int | None
    quantity: float
    policy: UnitPolicy | None
    dates: tuple[tuple[str, date | None], ...] = ()
    serials: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    returned_serials: frozenset[str] = frozenset()
    returned: float = 0.0
    down_payment: bool = False
    is_part: bool = False
    objection: str | None = None
    client_id: int | None = None
    offset: int = 0
    firm_id: int | None = None

    @property
    def owner_id(self) -> int | None:
        """Return whose the units are."""
        return self.client_id or self.partner_id

    def is_owner_of(self, contract: "Contract") -> bool:
        """Tell whether a contract is of the same client, or does not say of whom.

        A firm and its contact are one client; two residents of a home are two.
        """
        owner = contract.owner_id
        return owner in (None, self.owner_id, self.firm_id) or (
            contract.firm_id is not None and contract.firm_id == self.owner_id
        )


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract that is there already; ``ended`` when it was cancelled.

    ``owner_id`` is whose the unit is or was, where that is known, and ``firm_id`` the
    firm or home that they belong to.
    """

    id: int
    line_id: int | None
    ended: bool = False
    owner_id: int | None = None
    firm_id: int | None = None


@dataclass
class Known:
    """The contracts that are there, by what identifies their units.

    ``by_hand`` holds those without serial or sale line, by company, client, product;
    ``by_hand_serials`` those with a serial, as (contract, serial).
    """

    serials: dict[tuple[int, str], Contract] = field(default_factory=dict)
    units: dict[tuple[int, int], Contract] = field(default_factory=dict)
    by_hand: dict[tuple[int, int, int], list[int]] = field(default_factory=dict)
    by_hand_serials: dict[tuple[int, int, int], list[tuple[int, str]]] = field(
        default_factory=dict
    )


@dataclass(frozen=True, slots=True)
class Proposal:
    """What becomes of one unit, and why.

    ``index`` is 0 when the whole line is meant. ``contract_id`` is the contract that
    is there already; ``other_line_id`` the sale that has the same serial.
    """

    fact: SaleFact
    index: int
    status: str
    reason: str
    serial: str | None = None
    anchor: date | None = None
    source: str | None = None
    due: date | None = None
    contract_id: int | None = None
    other_line_id: int | None = None
