"""Several workers ask one geocoding service: one question a second in all.

Real connections and a real service of our own, which notes when it was asked.
"""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from unittest.mock import patch

import pytest

ANSWER = json.dumps(
    [
        {
            "lat": "43.5",
            "lon": "-80.2",
            "display_name": "1 Main St",
            "addresstype": "building",
        }
    ]
).encode()
WORKERS = 2
QUESTIONS = 3
CLOSEST = 0.5
"""Seconds between two questions: turns are one apart, the way takes this time or that
on a busy machine."""


@pytest.fixture
def service():
    """Yield the address of a service, and the times at which it was asked."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(time.monotonic())
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(ANSWER)

        def log_message(self, *_args):
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


@contextmanager
def environment(registry):
    """Yield an environment of its own connection."""
    from odoo import SUPERUSER_ID, api  # noqa: PLC0415

    with registry.cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})


def ask_at_once(registry, url):
    """Let workers look up an address several times, each on its own connection."""
    with environment(registry) as env:
        set_param = env["ir.config_parameter"].set_param
        set_param("fusion_tasks.geocoder", "nominatim")
        set_param("fusion_tasks.geocoder_url", url)
        place = env["res.partner"].create(
            {"name": "Lost", "street": "1 Main St", "city": "Guelph"}
        )
    barrier, found = threading.Barrier(WORKERS), []

    def work():
        with environment(registry) as env:
            partner = env["res.partner"].browse(place.id)
            barrier.wait()
            locate = env["fusion.geocoder"]._locate
            try:
                found.extend(locate(partner) for _number in range(QUESTIONS))
            except Exception as error:  # noqa: BLE001 - judged below
                found.append(error)

    threads = [threading.Thread(target=work) for _worker in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with environment(registry) as env:
        env["ir.config_parameter"].set_param("fusion_tasks.geocoder", False)
    assert found == [(43.5, -80.2)] * WORKERS * QUESTIONS


@contextmanager
def forgetful_process():
    """Take this process's own limit away, as if every question came from another."""
    from odoo.addons.fusion_tasks.maps import geocoding  # noqa: PLC0415

    with patch.object(geocoding, "_get_door", geocoding._get_door.__wrapped__):
        yield


def count_too_soon(asked):
    """Return how many questions came too soon after the one before."""
    gaps = [two - one for one, two in pairwise(sorted(asked))]
    return sum(gap < CLOSEST for gap in gaps)


def test_workers_together_ask_once_a_second(registry, service):
    url, asked = service
    with forgetful_process():
        ask_at_once(registry, url)
    assert len(asked) == WORKERS * QUESTIONS
    assert count_too_soon(asked) == 0, asked
    assert max(asked) - min(asked) >= len(asked) - 1 - CLOSEST, asked


def test_without_turns_they_ask_too_soon(registry, service):
    """The negative control: the service would notice."""
    url, asked = service
    turns = registry["fusion.geocoder.turn"]
    with (
        forgetful_process(),
        patch.object(turns, "_wait", lambda self, service: None),
    ):
        ask_at_once(registry, url)
    assert count_too_soon(asked) > 0


def test_who_would_wait_too_long_is_told_so(registry):
    with environment(registry) as env:
        turns = env["fusion.geocoder.turn"]
        waits = [turns._take("crowded") for _number in range(15)]
        taken = [wait for wait in waits if wait is not None]
        assert taken == pytest.approx(list(range(len(taken))), abs=0.5)
        assert len(taken) in {10, 11} and waits[-1] is None


def test_a_clock_that_was_put_back_locks_nobody_out(registry):
    with environment(registry) as env:
        turns = env["fusion.geocoder.turn"]
        turns._take("clock")
        env.cr.execute(
            "UPDATE fusion_geocoder_turn SET next_at = next_at + interval '1 day'"
            " WHERE service = 'clock'"
        )
        env.cr.commit()
        assert turns._take("clock") == pytest.approx(0, abs=0.2)
        assert turns._take("clock") == pytest.approx(1, abs=0.2)
