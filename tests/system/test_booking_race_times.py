"""Clients who want different times of one technician, over HTTP, at the same moment.

Nobody is in anybody's way, so all are booked, quickly, and no process of the server
sleeps before it tries again. The last test takes the turns away and sees some sleep, or
wait for each other until they are refused.
"""

import os
import random

import pytest
from devkit import instance
from devkit.common import say
from support.booking_contest import contest_on

CLIENTS = int(os.environ.get("FUSION_RACE_CLIENTS", "36"))
WORKERS = int(os.environ.get("FUSION_RACE_WORKERS", "8"))
UNGUARDED_CLIENTS = 16
# So that visits at one place follow one another without a gap.
HOURS = 1.0
ALONE = 4


@pytest.fixture(scope="module")
def contest(ready):
    """Yield a Contest among guarded clients."""
    instance.replace(ready, "fusion_times")
    with contest_on(
        ready,
        "fusion_times",
        ALONE + CLIENTS,
        technicians=1,
        workers=WORKERS,
        hours=HOURS,
    ) as contest:
        yield contest


@pytest.fixture(scope="module")
def unguarded(ready):
    """Yield a Contest on a server without the guards, but with the version."""
    database = "fusion_times_no_turns"
    instance.replace(ready, database)
    instance.install(ready, database, "-i", ["fusion_turns_off"])
    with contest_on(
        ready,
        database,
        UNGUARDED_CLIENTS,
        technicians=1,
        workers=WORKERS,
        hours=HOURS,
    ) as contest:
        yield contest


def choose(contest, clients):
    """Return for each client a function that posts a time that is nobody else's."""
    looks = contest.look(clients, [f"{client.path}?view=more" for client in clients])
    times = sorted(set.intersection(*(set(look.starts) for look in looks)))
    assert len(times) >= len(clients), f"{len(times)} times for {len(clients)} clients"
    # As people choose: some want the same day, others another one.
    random.Random(len(clients)).shuffle(times)
    return [
        contest.post(client, look, look.starts[time])
        for client, look, time in zip(clients, looks, times, strict=False)
    ]


def test_all_are_booked_at_once(contest, record_property):
    for post in choose(contest, contest.clients[:ALONE]):
        assert post().status == 303
    alone = max(contest.work().seconds)
    replies = contest.clash(*choose(contest, contest.clients[ALONE:]))
    work = contest.work()
    seconds = sorted(work.seconds)
    p95 = seconds[int(len(seconds) * 0.95)]
    figures = (
        f"{len(seconds)} posts on {WORKERS} processes, median "
        f"{seconds[len(seconds) // 2]:.3f} s, p95 {p95:.3f} s, slowest "
        f"{seconds[-1]:.3f} s in the server (alone {alone:.3f} s); "
        f"{len(work.naps)} retries"
    )
    record_property("figures", figures)
    say(figures)
    assert {*work.statuses} == {303}
    assert all("m=" not in reply.location for reply in replies), replies
    assert contest.count_whole() == len(contest.clients)
    assert contest.count_double() == 0
    assert not work.naps  # how long they took is told above, and for the bench to judge


def test_without_turns_they_sleep_or_are_refused(unguarded):
    replies = unguarded.clash(*choose(unguarded, unguarded.clients))
    refused = [reply for reply in replies if "m=taken" in reply.location]
    assert unguarded.work().naps or refused
    assert unguarded.count_double() == 0
