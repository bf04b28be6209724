"""Contracts made by hand, and which units of past sales they may be.

A contract without a sale tells its client and its product, and maybe a serial. Where
neither side has a serial, each contract stands for one unit. Where one side only has
one, nobody but the office can tell.
"""

from collections.abc import Iterator

from .sale_facts import BY_HAND, NEW, Known, Proposal, SaleFact


class ByHand:
    """Contracts made by hand: each may be one unit of its client and product.

    One whose serial a sale has is recognised by it, and is no other unit's.
    """

    def __init__(self, facts: list[SaleFact], known: Known) -> None:
        """Note which contracts are still to be told apart."""
        sold = {(fact.company_id, serial) for fact in facts for serial in fact.serials}
        self.plain = {key: list(ids) for key, ids in known.by_hand.items()}
        self.named = {
            key: [number for number, serial in found if (key[0], serial) not in sold]
            for key, found in known.by_hand_serials.items()
        }

    def take(self, fact: SaleFact) -> int | None:
        """Return the contract of a unit where neither side knows a serial, or None."""
        for key in _keys(fact):
            if self.plain.get(key):
                return self.plain[key].pop(0)
        return None

    def doubt(self, unit: Proposal) -> Proposal:
        """Ask about a new unit of which a contract may be, where one side only knows
        the serial: somebody has to compare."""
        others = self.plain if unit.serial else self.named
        found = next(filter(None, map(others.get, _keys(unit.fact))), None)
        if unit.status != NEW or not found:
            return unit
        return Proposal(
            *(unit.fact, unit.index, BY_HAND, "maybe_by_hand", unit.serial),
            contract_id=found.pop(0),
        )


def _keys(fact: SaleFact) -> Iterator[tuple[int, int, int]]:
    """Yield where contracts of the client stand, then those of the client's firm."""
    for client in dict.fromkeys((fact.owner_id or 0, fact.firm_id or 0)):
        yield fact.company_id, client, fact.product_id or 0
