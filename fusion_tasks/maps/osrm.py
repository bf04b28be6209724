"""A client of an OSRM server's ``table`` service: one request, 3 seconds at most.

Plain Python: places are pairs of degrees, and nothing here knows of Odoo.
"""

import json
import math
import queue
import threading
import time

import requests

BUDGET_SECONDS = 3
MAX_BYTES = 4_000_000
CHUNK_BYTES = 4_096
LONGEST_MINUTES = 7 * 24 * 60
FARTHEST_SNAP_METRES = 2_000
"""A place so far from any road was put on a road that is not its own."""


class OsrmError(Exception):
    """The server gave no table. The message names no place and no address."""


def fetch_minutes(base_url, legs):
    """Return the driving minutes of legs, rounded up, by one request.

    :param base_url: of the server, without the service's path
    :param legs: pairs of places, each (latitude, longitude) in degrees
    :return: minutes by leg; None where the server knows no road
    :raise OsrmError: when there is no usable answer in time
    """
    places = sorted({place for leg in legs for place in leg})
    number = {place: index for index, place in enumerate(places)}
    table = _within_budget(_fetch_json, base_url, places)
    durations = _check_table(table, len(places))
    off_road = _find_off_road(table, len(places))
    minutes = {}
    for origin, destination in legs:
        start, end = number[origin], number[destination]
        reachable = start not in off_road and end not in off_road
        minutes[origin, destination] = (
            _to_minutes(durations[start][end]) if reachable else None
        )
    return minutes


def _within_budget(function, *args):
    """Return what a function returns or raises, or give up waiting for it.

    The time limits of sockets hold for each of their steps: names are looked up and
    bodies read as slowly as servers like. So the work is done by a thread, which
    ends soon after nobody waits for it any more.
    """
    results = queue.SimpleQueue()

    def work():
        try:
            results.put((function(*args), None))
        except Exception as error:  # noqa: BLE001 - it is raised where it is awaited
            results.put((None, error))

    threading.Thread(target=work, name="osrm", daemon=True).start()
    try:
        result, error = results.get(timeout=BUDGET_SECONDS)
    except queue.Empty:
        raise OsrmError("no answer in time") from None
    if isinstance(error, OsrmError):
        raise error
    if error:
        # Whatever it is, a search is not to fail for it.
        raise OsrmError(type(error).__name__) from error
    return result


def _fetch_json(base_url, places):
    coordinates = ";".join(f"{lon:.4f},{lat:.4f}" for lat, lon in places)
    url = f"{base_url}/table/v1/driving/{coordinates}"
    deadline = time.monotonic() + BUDGET_SECONDS
    try:
        with requests.get(
            url,
            params={"annotations": "duration", "generate_hints": "false"},
            timeout=BUDGET_SECONDS,
            allow_redirects=False,
            stream=True,
        ) as response:
            if response.status_code != 200:
                raise OsrmError(f"HTTP status {response.status_code}")
            return json.loads(_read(response, deadline))
    except (requests.RequestException, OSError) as error:
        # Its words hold the whole URL, which tells where clients live.
        raise OsrmError(type(error).__name__) from None
    except (ValueError, RecursionError):
        raise OsrmError("the answer is no JSON") from None


def _read(response, deadline):
    """Return the body; a server that trickles has no more time than any other."""
    body = bytearray()
    for chunk in response.iter_content(CHUNK_BYTES):
        body += chunk
        if len(body) > MAX_BYTES:
            raise OsrmError("the answer is too long")
        if time.monotonic() > deadline:
            raise OsrmError("the answer took too long")
    return bytes(body)


def _check_table(table, size):
    """Return the rows of durations of a well-formed answer."""
    if not isinstance(table, dict) or table.get("code") != "Ok":
        raise OsrmError("the answer is no table")
    rows = table.get("durations")
    if (
        not isinstance(rows, list)
        or len(rows) != size
        or any(not isinstance(row, list) or len(row) != size for row in rows)
    ):
        raise OsrmError("the table has not the size asked for")
    return rows


def _find_off_road(table, size):
    """Return the numbers of the places that the server found far from any road."""
    points = table.get("sources")
    if not isinstance(points, list) or len(points) != size:
        return set()
    return {
        index
        for index, point in enumerate(points)
        if isinstance(point, dict)
        and isinstance(point.get("distance"), (int, float))
        and not point["distance"] <= FARTHEST_SNAP_METRES
    }


def _to_minutes(seconds):
    """Return whole minutes, or None for what is no duration."""
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        return None
    if not math.isfinite(seconds) or not 0 <= seconds <= LONGEST_MINUTES * 60:
        return None
    return math.ceil(seconds / 60)
