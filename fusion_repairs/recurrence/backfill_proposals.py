"""Past sales become proposals: which unit to maintain, since when, or why not.

One sale line gives one proposal a unit, or one for the whole line when the line itself
says no. Nothing is lost: every line in gives at least one proposal out.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from .by_hand import ByHand
from .due_dates import MOST_MONTHS, first_due
from .limits import EARLIEST_DAY, EPSILON, LONGEST_SERIAL
from .sale_facts import (
    BY_HAND,
    ENROLLED,
    NEW,
    SKIPPED,
    Contract,
    Known,
    Proposal,
    SaleFact,
    UnitPolicy,
)

MOST_UNITS = 500
# What becomes of a unit for which a contract was found; enrolled already, else.
_STATUSES = {
    "care_ended": SKIPPED,
    "serial_sold_again": SKIPPED,
    "serial_elsewhere": BY_HAND,
}
TODAY = "today"


def propose(facts: Iterable[SaleFact], known: Known, today: date) -> list[Proposal]:
    """Return what becomes of every unit of these lines, in the order of the lines.

    >>> chair = UnitPolicy(1, True, False, True, 12, 0)
    >>> sold = (("order", date(2020, 2, 29)),)
    >>> fact = SaleFact(7, 1, 2, 3, 2.0, chair, sold, serials=("A1",))
    >>> for unit in propose([fact], Known(), date(2026, 1, 1)):
    ...     print(unit.index, unit.status, unit.reason, unit.serial, unit.due)
    1 new new A1 2021-02-28
    2 skipped serial_missing None None
    """
    facts = list(facts)
    by_hand = ByHand(facts, known)
    proposals: list[Proposal] = []
    for fact in facts:
        reason = _object_to_line(fact)
        if reason:
            status = BY_HAND if reason == "unclassified" else SKIPPED
            proposals.extend(_whole_line(fact, status, reason))
        else:
            proposals.extend(_propose_units(fact, known, by_hand, today))
    return _explain_duplicates([by_hand.doubt(unit) for unit in proposals])


def pick_anchor(fact: SaleFact, today: date) -> tuple[str, date, str | None]:
    """Return the source and day that the first interval counts from, or an objection.

    The first source that has a day decides; a day that cannot be true is not passed
    over for the next one: somebody should look at it.

    >>> fact = SaleFact(1, 1, 1, 1, 1.0, None, (("order", date(1900, 1, 1)),))
    >>> pick_anchor(fact, date(2026, 1, 1))[2]
    'date_too_old'
    """
    for source, day in fact.dates:
        if day is None:
            continue
        if day > today:
            return source, day, "date_future"
        return source, day, "date_too_old" if day < EARLIEST_DAY else None
    return TODAY, today, None


def _object_to_line(fact: SaleFact) -> str | None:
    """Return why no unit of a line is maintained, whatever its units are."""
    if fact.down_payment:
        return "down_payment"
    for missing, reason in (
        (fact.product_id is None, "no_product"),
        (fact.partner_id is None, "no_client"),
    ):
        if missing:
            return reason
    return _object_to_product(fact) or fact.objection or _object_to_quantity(fact)


def _object_to_product(fact: SaleFact) -> str | None:
    policy = fact.policy
    if policy is None:
        if fact.is_part or not fact.serials:
            return "part" if fact.is_part else "not_equipment"
        return "unclassified"
    if not policy.maintained:
        return "not_maintained"
    if policy.accessory:
        return "accessory"
    if max(policy.interval_months, policy.first_interval_months) > MOST_MONTHS:
        return "interval_too_long"
    return "interval_zero" if policy.interval_months <= 0 else None


def _object_to_quantity(fact: SaleFact) -> str | None:
    if fact.quantity <= 0:
        return "quantity_not_positive"
    if abs(fact.quantity - round(fact.quantity)) > EPSILON:
        return "quantity_fractional"
    return "quantity_too_large" if fact.quantity > MOST_UNITS else None


def _whole_line(fact: SaleFact, status: str, reason: str) -> Iterator[Proposal]:
    """Yield one proposal for a line; one a serial when somebody must classify them."""
    if status == BY_HAND and len(fact.serials) > 1:
        for index, serial in enumerate(fact.serials, 1):
            yield Proposal(fact, index, status, reason, serial)
    else:
        serial = fact.serials[0] if len(fact.serials) == 1 else None
        yield Proposal(fact, 0, status, reason, serial)


def _propose_units(
    fact: SaleFact, known: Known, by_hand: ByHand, today: date
) -> Iterator[Proposal]:
    units = round(fact.quantity)
    gone = _returned_units(fact, units)
    for number in range(1, units + 1):
        serial = fact.serials[number - 1] if number <= len(fact.serials) else None
        index = fact.offset + number
        if number in gone:
            yield Proposal(fact, index, SKIPPED, "returned", serial)
            continue
        yield _propose_unit(fact, index, serial, known, today, by_hand)
    for index, serial in enumerate(fact.serials[units:], fact.offset + units + 1):
        reason = "returned" if serial in fact.returned_serials else "serial_surplus"
        yield Proposal(fact, index, SKIPPED, reason, serial)


def _returned_units(fact: SaleFact, units: int) -> set[int]:
    """Return the numbers of the units that came back: by serial, else the last."""
    serials = enumerate(fact.serials[:units], 1)
    gone = {index for index, serial in serials if serial in fact.returned_serials}
    index = units
    while len(gone) < min(units, round(fact.returned)):
        gone.add(index)
        index -= 1
    return gone


def _propose_unit(
    fact: SaleFact,
    index: int,
    serial: str | None,
    known: Known,
    today: date,
    by_hand: ByHand,
) -> Proposal:
    found = _find_contract(fact, index, serial, known)
    if found:
        contract, reason = found
        status = _STATUSES.get(reason, ENROLLED)
        return Proposal(fact, index, status, reason, serial, contract_id=contract.id)
    policy = fact.policy
    assert policy is not None
    reason_no = _object_to_serial(fact, serial, policy)
    source, anchor, bad_date = pick_anchor(fact, today)
    if reason_no or bad_date:
        status, reason = SKIPPED, reason_no or bad_date or ""
        return Proposal(fact, index, status, reason, serial, anchor, source)
    taken = None if serial else by_hand.take(fact)
    if taken:
        return Proposal(fact, index, ENROLLED, "enrolled_by_hand", contract_id=taken)
    due = first_due(anchor, policy.first_interval_months, policy.interval_months)
    return Proposal(fact, index, NEW, NEW, serial, anchor, source, due)


def _find_contract(
    fact: SaleFact, index: int, serial: str | None, known: Known
) -> tuple[Contract, str] | None:
    """Return the contract of a unit and how it was recognised, or None.

    A contract that was ended says: somebody decided so. But a serial whose ended
    contract came from another sale, or was another client's, has a new owner now, who
    is enrolled. What another client has under contract is a question: a typed serial
    is no proof, unless their sale is the later one.
    """
    by_serial = serial and known.serials.get((fact.company_id, serial))
    if by_serial and not by_serial.ended:
        return by_serial, _judge_serial(fact, by_serial)
    by_unit = known.units.get((fact.line_id, index))
    if by_unit:
        return by_unit, "care_ended" if by_unit.ended else "enrolled_line"
    if (
        by_serial
        and by_serial.line_id in (None, fact.line_id)
        and fact.is_owner_of(by_serial)
    ):
        return by_serial, "care_ended"
    return None


def _judge_serial(fact: SaleFact, contract: Contract) -> str:
    if fact.is_owner_of(contract) or contract.line_id == fact.line_id:
        return "enrolled_serial"
    later = contract.line_id is not None and contract.line_id > fact.line_id
    return "serial_sold_again" if later else "serial_elsewhere"


def _object_to_serial(
    fact: SaleFact, serial: str | None, policy: UnitPolicy
) -> str | None:
    if serial:
        return "serial_too_long" if len(serial) > LONGEST_SERIAL else None
    if not policy.serial_required:
        return None
    return "serial_repeated" if fact.repeated else "serial_missing"


def _explain_duplicates(proposals: list[Proposal]) -> list[Proposal]:
    """Keep the latest sale of each serial; the others say which one that is."""
    winners: dict[tuple[int, str], Proposal] = {}
    for unit in proposals:
        if unit.status == NEW and unit.serial:
            key = (unit.fact.company_id, unit.serial)
            held = winners.get(key)
            if held is None or _age(held) < _age(unit):
                winners[key] = unit
    return [_yield_to(winners, unit) for unit in proposals]


def _age(unit: Proposal) -> tuple[date, int]:
    return unit.anchor or date.min, unit.fact.line_id


def _yield_to(winners: dict[tuple[int, str], Proposal], unit: Proposal) -> Proposal:
    winner = winners.get((unit.fact.company_id, unit.serial or ""))
    if unit.status != NEW or winner is None or winner is unit:
        return unit
    return Proposal(
        *(unit.fact, unit.index, SKIPPED, "serial_sold_again", unit.serial),
        anchor=unit.anchor,
        source=unit.source,
        other_line_id=winner.fact.line_id,
    )
