"""Numbers of certificates taken on real connections at once: no gap, none twice."""

import threading
from contextlib import suppress

CONTENDERS = 6
ROUNDS = 5
ATTEMPTS = 60
MODEL = "fusion.repair.inspection.certificate"


class GivenUp(Exception):
    """A transaction that fails after it took its number."""


def take(arena, company_id, fails):
    """Take the next number in a transaction of its own; return it once committed.

    Run again as Odoo runs a request again when its transaction cannot be serialised.
    """
    from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY  # noqa: PLC0415

    for _attempt in range(ATTEMPTS):
        with suppress(*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
            with arena.environment() as env:
                company = env["res.company"].browse(company_id)
                number = env[MODEL]._next_number(company)
                if fails:
                    raise GivenUp(number)
            return number
    raise AssertionError("never got a number")


def test_numbers_have_no_gap_whoever_fails(arena):
    with arena.environment() as env:
        company_id = env["res.company"].create({"name": "Numbers Ltd"}).id
    numbers, errors = [], []
    start = threading.Barrier(CONTENDERS)

    def contend(contender):
        try:
            start.wait()
            for turn in range(ROUNDS):
                with suppress(GivenUp):
                    fails = (contender + turn) % 2
                    numbers.append(take(arena, company_id, fails))
        except Exception as error:  # noqa: BLE001 - the test shows it
            errors.append(error)

    threads = [threading.Thread(target=contend, args=(n,)) for n in range(CONTENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors, errors
    assert len(numbers) == CONTENDERS * ROUNDS // 2
    expected = [f"CI/{number:05}" for number in range(1, len(numbers) + 1)]
    assert sorted(numbers) == expected
