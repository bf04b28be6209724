"""Several real connections, real commits: a technician is never booked twice.

Every contender takes its snapshot before any of them writes, as two visitors do who
look at the same page. The last tests take the guards away and show that the harness
then sees two winners: it would notice if the guards were gone.
"""

import threading
import time
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import pairwise
from unittest.mock import patch

import pytest

SLOWEST_ANSWER = 3.0
NO_OVERLAP = "fusion_technician_task_no_double_booking"


class Arena:
    """A database full of technicians, and what contends for them."""

    def __init__(self, registry):
        """Set up a company, once and for all tests."""
        from odoo.addons.fusion_tasks.tests.common import (  # noqa: PLC0415
            PLACES,
            FusionMixin,
            utc,
        )

        self.registry, self.places, self._utc = registry, PLACES, utc
        self._world = type("World", (FusionMixin,), {})
        today = date.today()
        self.day = today + timedelta(days=9 - today.weekday())  # a Wednesday to come
        self._count = 0
        with self.environment() as env:
            self._world.env = env
            self._world._set_up_field_service()
            self.context = dict(self._world.env.context)
            self._places = {name: p.id for name, p in self._world.places.items()}
            self.company_id = self._world.company.id

    @contextmanager
    def environment(self):
        """Yield an environment of its own connection that commits in the end."""
        from odoo import SUPERUSER_ID, api  # noqa: PLC0415

        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, getattr(self, "context", {}))

    def make_technicians(self, number=1):
        """Return the ids of new technicians with an empty week."""
        from odoo.fields import Command  # noqa: PLC0415

        ids = []
        with self.environment() as env:
            for _number in range(number):
                self._count += 1
                vals = {
                    "name": f"Racer {self._count}",
                    "login": f"racer{self._count}",
                    "tz": "America/Toronto",
                    "company_id": self.company_id,
                    "company_ids": [Command.set([self.company_id])],
                    "x_fc_is_technician": True,
                    "x_fc_start_address_id": self._places["depot"],
                }
                ids.append(env["res.users"].create(vals).id)
        return ids

    def at(self, clock):
        """Return a local time of the day in question, in naive UTC."""
        return self._utc(f"{self.day} {clock}")

    def book(self, env, technician_id, clock, place="near", check=True):
        """Book as the public page does: only what the engine would offer now."""
        from odoo.addons.fusion_tasks.exceptions import SlotTakenError  # noqa: PLC0415

        tasks, start = env["fusion.technician.task"], self.at(clock)
        technician = env["res.users"].browse(technician_id)
        latitude, longitude = self.places[place]
        reason = check and tasks._explain_slot(
            technician, start, 1.0, latitude, longitude
        )
        if reason:
            raise SlotTakenError(reason)
        vals = {
            "technician_id": technician_id,
            "date_start": start,
            "duration": 1.0,
            "latitude": latitude,
            "longitude": longitude,
        }
        return tasks._create_booking(vals).id

    def race(self, *contenders):
        """Run functions of an environment at once, each on its own connection.

        :return: (results of the winners, errors of the losers, slowest seconds)
        """
        from odoo.service.model import retrying  # noqa: PLC0415

        barrier = threading.Barrier(len(contenders))
        won, lost, seconds = [], [], []

        def contend(function):
            began = None
            try:
                with self.environment() as env:
                    env.cr.execute("SELECT 1")  # the snapshot
                    barrier.wait()
                    began = time.monotonic()
                    won.append(retrying(lambda: function(env), env))
            except Exception as error:  # noqa: BLE001 - judged by the test
                lost.append(error)
            seconds.append(time.monotonic() - began)

        threads = [threading.Thread(target=contend, args=(c,)) for c in contenders]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return won, lost, max(seconds)

    def live_tasks(self, technician_id):
        """Return the committed live tasks of a technician as (start, end)."""
        with self.environment() as env:
            tasks = env["fusion.technician.task"].search(
                [("technician_id", "=", technician_id), ("status", "=", "scheduled")]
            )
            assert len(tasks.calendar_event_id) == len(tasks)
            return [(task.date_start, task.date_end) for task in tasks]


@pytest.fixture(scope="module")
def arena(registry):
    """Yield an arena on the race database."""
    return Arena(registry)


def taken(errors):
    """Tell whether all errors say that the slot is gone."""
    return all(type(error).__name__ == "SlotTakenError" for error in errors)


def test_one_slot_many_clients(arena):
    (technician,) = arena.make_technicians()
    won, lost, slowest = arena.race(
        *[lambda env: arena.book(env, technician, "09:00") for _client in range(6)]
    )
    assert len(won) == 1 and len(lost) == 5 and taken(lost), lost
    assert len(arena.live_tasks(technician)) == 1
    assert slowest <= SLOWEST_ANSWER


def test_slots_that_overlap_by_half(arena):
    (technician,) = arena.make_technicians()
    won, lost, slowest = arena.race(
        lambda env: arena.book(env, technician, "09:00"),
        lambda env: arena.book(env, technician, "09:30"),
    )
    assert len(won) == 1 and taken(lost), lost
    assert slowest <= SLOWEST_ANSWER


def test_neighbours_that_leave_too_little_time_to_drive(arena):
    (technician,) = arena.make_technicians()
    won, lost, slowest = arena.race(
        lambda env: arena.book(env, technician, "09:00", "near"),
        lambda env: arena.book(env, technician, "10:00", "east"),
    )
    assert len(won) == 1 and taken(lost), lost
    assert "stop" in str(lost[0])
    assert len(arena.live_tasks(technician)) == 1
    assert slowest <= SLOWEST_ANSWER


def test_neighbours_with_enough_time_both_win(arena):
    (technician,) = arena.make_technicians()
    won, lost, _slowest = arena.race(
        lambda env: arena.book(env, technician, "09:00"),
        lambda env: arena.book(env, technician, "14:00"),
    )
    assert len(won) == 2 and not lost, lost


def test_book_against_move_against_reassign(arena):
    technician, other = arena.make_technicians(2)
    with arena.environment() as env:
        moved = arena.book(env, technician, "14:00")
        given = arena.book(env, other, "09:30")

    def move(env):
        task = env["fusion.technician.task"].browse(moved)
        task.write({"date_start": arena.at("09:15")})
        return "moved"

    def reassign(env):
        task = env["fusion.technician.task"].browse(given)
        task.write({"technician_id": technician})
        return "reassigned"

    won, lost, slowest = arena.race(
        lambda env: arena.book(env, technician, "09:00"), move, reassign
    )
    assert len(won) == 1 and taken(lost), (won, lost)
    spans = sorted(arena.live_tasks(technician))
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert slowest <= SLOWEST_ANSWER


def test_two_tasks_in_opposite_order_do_not_hang(arena):
    (technician,) = arena.make_technicians()

    def both(env, *clocks):
        return [arena.book(env, technician, clock, check=False) for clock in clocks]

    won, lost, slowest = arena.race(
        lambda env: both(env, "09:00", "14:00"),
        lambda env: both(env, "14:00", "09:00"),
    )
    assert len(won) == 1 and taken(lost), lost
    assert len(arena.live_tasks(technician)) == 2
    assert slowest <= SLOWEST_ANSWER


def test_two_actions_on_one_task(arena):
    (technician,) = arena.make_technicians()
    with arena.environment() as env:
        task_id = arena.book(env, technician, "09:00")

    def act(name):
        return lambda env: getattr(
            env["fusion.technician.task"].browse(task_id), f"action_{name}"
        )()

    won, lost, _slowest = arena.race(act("cancel"), act("complete"))
    assert len(won) == 1 and len(lost) == 1
    assert "cannot become" in str(lost[0])


# The negative controls -----------------------------------------------------------


def test_without_the_version_bump_the_harness_sees_two_winners(arena):
    (technician,) = arena.make_technicians()
    model = arena.registry["fusion.technician.schedule"]
    with patch.object(model, "_bump", lambda self, technician_ids: None):
        won, _lost, _slowest = arena.race(
            lambda env: arena.book(env, technician, "09:00", "near"),
            lambda env: arena.book(env, technician, "10:00", "east"),
        )
    assert len(won) == 2


def test_without_the_constraint_the_harness_sees_two_winners(arena):
    (technician,) = arena.make_technicians()
    with arena.environment() as env:
        env.cr.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s",
            [NO_OVERLAP],
        )
        (definition,) = env.cr.fetchone()
        env.cr.execute(
            f"ALTER TABLE fusion_technician_task DROP CONSTRAINT {NO_OVERLAP}"
        )
    model = arena.registry["fusion.technician.schedule"]
    try:
        with patch.object(model, "_bump", lambda self, technician_ids: None):
            won, _lost, _slowest = arena.race(
                *[lambda env: arena.book(env, technician, "09:00")] * 2
            )
        assert len(won) == 2
    finally:
        with arena.environment() as env:
            env.cr.execute(
                "DELETE FROM fusion_technician_task WHERE technician_id = %s",
                [technician],
            )
            env.cr.execute(
                f"ALTER TABLE fusion_technician_task"
                f" ADD CONSTRAINT {NO_OVERLAP} {definition}"
            )
            assert env["fusion.technician.task"]._get_missing_guards() == []
