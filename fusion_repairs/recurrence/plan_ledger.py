"""A prepaid service plan as a ledger: visits left, and what each visit earned.

Moves are only ever added. A visit is reserved when it is booked and burned when it is
done; a visit that does not take place is given back. The balance is what can still be
booked, the unserved visits are what is still owed.

Amounts are whole numbers in the smallest unit of the currency (cents), so that the
parts of a price add up to the price.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from .errors import RecurrenceError

GRANT = "grant"
RESERVE = "reserve"
BURN = "burn"
GIVE_BACK = "give_back"
EXPIRE = "expire"
CORRECT = "correct"

# How each kind of move changes the balance: up, down, or either way.
_SIGNS = {
    GRANT: (1,),
    RESERVE: (-1,),
    BURN: (0,),
    GIVE_BACK: (1,),
    EXPIRE: (-1, 0),
    CORRECT: (-1, 1),
}

# What becomes of the visits that nobody took when the plan ends.
KEEP = "keep"
REFUND = "refund"


class Move(NamedTuple):
    """One row of the ledger."""

    kind: str
    visits: int
    """Change of what can be booked."""
    amount: int = 0
    """Revenue recognised by this move, in cents; negative when taken back."""
    taken_back: bool = False
    """A burn that was undone, as its visit was reopened."""


def check_move(kind: str, visits: int) -> None:
    """Refuse a move that its kind does not allow.

    :raises RecurrenceError: for a kind that is not there, or the wrong sign
    """
    if kind not in _SIGNS:
        raise RecurrenceError("plan_move_unknown", kind)
    if (visits > 0) - (visits < 0) not in _SIGNS[kind]:
        raise RecurrenceError("plan_move_sign", visits)


def balance(moves: Iterable[Move]) -> int:
    """Return how many visits can still be booked.

    >>> balance([Move("grant", 4), Move("reserve", -1), Move("burn", 0, 4500)])
    3
    """
    return sum(move.visits for move in moves)


def count_burned(moves: Iterable[Move]) -> int:
    """Return how many visits were served.

    >>> count_burned([Move("burn", 0, 4500), Move("burn", 0, -4500, taken_back=True)])
    0
    """
    return sum(-1 if move.taken_back else 1 for move in moves if move.kind == BURN)


def unserved(moves: Iterable[Move]) -> int:
    """Return how many visits the dealer still owes: those left and those booked.

    >>> unserved([Move("grant", 4), Move("reserve", -1)])
    4
    >>> unserved([Move("grant", 4), Move("reserve", -1), Move("burn", 0, 4500)])
    3
    """
    moves = list(moves)
    reserved = sum(-m.visits for m in moves if m.kind in (RESERVE, GIVE_BACK))
    return balance(moves) + reserved - count_burned(moves)


def earned(price: int, visits: int, served: int) -> int:
    """Return how much of a plan's price its first visits have earned, in cents.

    The price is divided by the visits of the plan as sold. Rounding is done on the
    sum, so the last visit earns whatever cents the others left.

    >>> [earned(10000, 3, n) for n in range(4)]
    [0, 3333, 6667, 10000]

    :raises RecurrenceError: for a plan of no visits, or a count it does not have
    """
    if visits < 1:
        raise RecurrenceError("plan_visits_not_positive", visits)
    if not 0 <= served <= visits:
        raise RecurrenceError("plan_visits_out_of_range", served)
    return (2 * price * served + visits) // (2 * visits)


def recognise(price: int, visits: int, served: int, recognised: int) -> int:
    """Return what the books have to recognise after that many visits, in cents.

    What was recognised already counts, so running it twice recognises nothing more.

    >>> recognise(10000, 4, 1, 0), recognise(10000, 4, 1, 2500)
    (2500, 0)
    """
    return earned(price, visits, served) - recognised


class Settlement(NamedTuple):
    """What ending a plan means in money, in cents."""

    recognised: int
    """Recognised now, on top of what the visits earned."""
    refund: int
    """Owed to the client, before tax."""


def settle(price: int, visits: int, served: int, rule: str) -> Settlement:
    """Return what becomes of the visits that nobody took.

    >>> settle(20000, 4, 1, "refund")
    Settlement(recognised=0, refund=15000)
    >>> settle(20000, 4, 1, "keep")
    Settlement(recognised=15000, refund=0)
    """
    rest = price - earned(price, visits, served)
    if rule == REFUND:
        return Settlement(0, rest)
    if rule == KEEP:
        return Settlement(rest, 0)
    raise RecurrenceError("plan_rule_unknown", rule)


def cooling_off_ends(received_on: date, days: int = 10) -> date:
    """Return the last day on which a client may withdraw without a reason.

    An agreement signed at the client's home can be cancelled within ten days of the
    day on which the client received its copy (Consumer Protection Act, 2002, s. 43).

    >>> cooling_off_ends(date(2026, 12, 1))
    datetime.date(2026, 12, 11)
    """
    if days < 0:
        raise RecurrenceError("cooling_off_negative", days)
    return received_on + timedelta(days=days)
