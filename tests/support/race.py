"""Contenders for one technician: real connections, real commits."""

import random
import threading
import time
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import pairwise
from types import SimpleNamespace
from unittest.mock import patch

LONGEST_NAP = 0.05
"""Seconds. Odoo has who lost a race sleep up to 2, 4, 8 … s before trying again: what
a test would wait for without learning anything."""


def taken(errors):
    """Tell whether all errors say that the slot is gone."""
    return all(type(error).__name__ == "SlotTakenError" for error in errors)


def told(errors):
    """Tell whether all errors are sentences for people."""
    from odoo.exceptions import UserError  # noqa: PLC0415

    return all(isinstance(error, UserError) and str(error) for error in errors)


@contextmanager
def short_naps():
    """Have Odoo's ``retrying`` try again soon, in this process; yields its naps."""
    naps = []

    def uniform(low, high):
        naps.append(random.uniform(low, min(high, LONGEST_NAP)))
        return naps[-1]

    with patch("odoo.service.model.random", SimpleNamespace(uniform=uniform)):
        yield naps


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
        self.naps = []
        """What those who had to try again slept in the last race, in seconds."""
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

    def book_in_turn(self, env, technician_id, clock, place="near"):
        """Book as the public page does, when it is the client's turn."""
        start = self.at(clock)
        spans = [(technician_id, start, start)]
        env["fusion.technician.schedule"]._begin_in_turn(spans)
        return self.book(env, technician_id, clock, place)

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
        with short_naps() as self.naps:
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

    def count_double(self, technician_ids):
        """Return how many committed live tasks stand where two cannot both be done.

        Those that overlap the one before, and those whose drive the engine finds too
        long: whoever of two neighbours came second was one winner too many.
        """
        with self.environment() as env:
            tasks = env["fusion.technician.task"].search(
                [("technician_id", "in", technician_ids), ("status", "=", "scheduled")],
                order="technician_id, date_start",
            )
            overlapping = sum(
                one.technician_id == two.technician_id and two.date_start < one.date_end
                for one, two in pairwise(tasks)
            )
            conflicts = tasks._get_conflicts().values()
            late = sum(conflict.reason == "travel" for conflict in conflicts)
        return overlapping + (late + 1) // 2
