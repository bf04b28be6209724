"""Where the time of pages and of bookings goes (runs inside Odoo).

Requests go through the whole of Odoo's web stack in this one process, without a
network, so that a profiler sees all of it. Bookings are committed.
"""

import cProfile
import gc
import pstats
import statistics
import time
from urllib.parse import urlencode

LINES = 60
WARM_UP = 6
ROUNDS = 20
HEADERS = {"Accept-Language": "en-CA,en;q=0.9"}


class _Browser:
    """Just enough of a visitor for form_to: get and post with cookies."""

    def __init__(self):
        from werkzeug.test import Client  # noqa: PLC0415

        from odoo import http  # noqa: PLC0415

        self.client = Client(http.root)

    def get(self, path):
        return self.client.get(path, headers=HEADERS)

    def post(self, path, fields):
        kind = "application/x-www-form-urlencoded"
        body = urlencode(fields)
        return self.client.post(path, data=body, content_type=kind)


def main(links):
    """Print the median, and the costliest functions, of both requests.

    :param links: addresses of booking pages; more than ``3 * ROUNDS`` are of no use
    """
    paths = ["/" + link.split("/", 3)[3] for link in links]
    for name, function in (("page", _page), ("confirmation", _confirm)):
        for path in paths[:WARM_UP]:
            function(path)
        paths = paths[WARM_UP * (name != "page") :]
        gc.collect()
        seconds = [function(path) for path in paths[:ROUNDS]]
        profiler = cProfile.Profile()
        for path in paths[ROUNDS : 2 * ROUNDS]:
            function(path, profiler)
        print(f"\n{name}: median {statistics.median(seconds) * 1000:.1f} ms", end=" ")
        print(f"without a network; profile of {ROUNDS} requests:")
        figures = pstats.Stats(profiler)
        figures.strip_dirs().sort_stats("cumulative").print_stats(LINES)
        figures.sort_stats("tottime").print_stats(LINES)


def _page(path, profiler=None):
    browser = _Browser()
    return _time(profiler, browser.get, path)


def _confirm(path, profiler=None):
    from ..visitor import form_to  # noqa: PLC0415

    browser = _Browser()
    fields, slots = form_to(browser.get(path).get_data(as_text=True), "confirm")
    fields = {**fields, "slot": slots[0], "note": "Side door"}
    return _time(profiler, browser.post, path + "/confirm", fields)


def _time(profiler, function, *args):
    began = time.perf_counter()
    answer = profiler.runcall(function, *args) if profiler else function(*args)
    seconds = time.perf_counter() - began
    assert answer.status_code in (200, 303), answer.status_code
    return seconds
