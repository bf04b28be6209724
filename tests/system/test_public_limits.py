"""Forms counted on many real connections at once: never one more than the limit."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from devkit.http import Client

LIMIT, CONTENDERS = 20, 30  # a contender needs two connections of the pool of 64
TOKEN = "T" * 43


@pytest.fixture
def count(registry):
    """Yield a function that counts a form as a worker would, from a clean table."""
    from odoo import SUPERUSER_ID, api  # noqa: PLC0415

    with registry.cursor() as cr:
        cr.execute("DELETE FROM fusion_repair_public_post")
        env = api.Environment(cr, SUPERUSER_ID, {})
        for name in ("posts_per_link", "posts_per_address"):
            env["ir.config_parameter"].set_param(f"fusion_repairs.{name}", LIMIT)

    def count_post(token, address):
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            wait = env["fusion.repair.public.post"]._count_post(token, address)
            cr.rollback()  # what the request does later fails
            return wait

    return count_post


def race(contenders):
    """Run all contenders at the same moment; return what each returned."""
    start = Barrier(len(contenders))

    def run(contender):
        start.wait()
        return contender()

    with ThreadPoolExecutor(len(contenders)) as pool:
        return list(pool.map(run, contenders))


def test_no_more_than_the_limit_passes_a_link(count):
    waits = race([lambda: count(TOKEN, None)] * CONTENDERS)
    assert waits.count(0) == LIMIT
    assert all(0 < wait <= 600 for wait in waits if wait)


def test_no_more_than_the_limit_passes_an_address(count):
    tokens = [f"{number:043}" for number in range(CONTENDERS)]
    waits = race([lambda token=token: count(token, "192.0.2.7") for token in tokens])
    assert waits.count(0) == LIMIT


def test_what_is_refused_is_not_counted_against_others(count):
    for _number in range(LIMIT + 5):
        count(TOKEN, "192.0.2.7")
    assert count("U" * 43, "192.0.2.8") == 0
    assert count(TOKEN, "192.0.2.8") > 0
    assert count("U" * 43, "192.0.2.8") == 0


def test_forms_that_are_refused_or_fail_count_over_http(system):
    running, _facts = system
    url = f"{running.url}/repairs/maintenance/book/{'V' * 43}/confirm"
    client = Client(running.url)
    codes = [client.post(url, {"slot": "x"}).status for _number in range(22)]
    assert codes == [404] * 20 + [429] * 2
