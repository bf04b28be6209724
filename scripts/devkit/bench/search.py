"""Time, queries and memory of the slot search (runs inside Odoo, changes nothing).

Warm is a process that has searched before, and a request that has not: the caches of
the process stay, the records read are forgotten, as they are between two requests.
Cold also forgets the caches of the process.
"""

import cProfile
import gc
import json
import pstats
import statistics
import threading
import time
import tracemalloc
from datetime import timedelta

from odoo.addons.fusion_tasks.models.task.fusion_technician_task import LIVE_STATUSES
from odoo.addons.fusion_tasks.scheduling import clock

from .data import calendars

MARK = "BENCH "
HOURS = 1.0
PLACE = (43.705, -79.395)
COLD_ROUNDS = 5
LEFT_ROUNDS = 4
LEAST_ROUNDS = 7


class Bench:
    """The measurements of one database."""

    def __init__(self, env, first, seconds):
        """Prepare.

        :param first: first local day to search
        :param seconds: how long to repeat one search
        """
        self.env = env
        self.days = first, first + timedelta(days=calendars.DAYS - 1)
        self.seconds = seconds
        self.everyone = env["res.users"].search(
            [("login", "=like", "bench%")], order="id"
        )
        self.span = (
            clock.local_day(self.days[0], calendars.ZONE.key)[0],
            clock.local_day(self.days[1], calendars.ZONE.key)[1],
        )

    def measure(self, people):
        """Return all figures for so many technicians."""
        crew = self.everyone[:people]
        cold = [
            self._time(lambda: self._search(crew), cold=True)
            for _ in range(COLD_ROUNDS)
        ]
        warm = self._repeat(lambda: self._search(crew))
        read = self._repeat(lambda: self._plain_read(crew))
        hours = self._repeat(lambda: self._odoo_hours(crew))
        slots = self._search(crew)
        rank = self._repeat(
            lambda: self.env["fusion.technician.task"]._rank_slots(slots)
        )
        peak, left = self._memory(crew)
        return {
            "people": people,
            "tasks": len(self._plain_read(crew)),
            "slots": len(slots),
            "cold": _summary(cold),
            "warm": _summary(warm),
            "read": _summary(read),
            "hours": _summary(hours),
            "rank": _summary(rank),
            "peak_kb": peak / 1024,
            "left_kb": left / 1024,
        }

    def _search(self, crew):
        return self.env["fusion.technician.task"]._find_open_slots(
            crew, *self.days, HOURS, *PLACE
        )

    def _plain_read(self, crew):
        """Read the columns of the tasks that the search needs, and nothing else."""
        start, end = (instant.replace(tzinfo=None) for instant in self.span)
        self.env.cr.execute(
            "SELECT technician_id, date_start, date_end, latitude::float8,"
            " longitude::float8, id FROM fusion_technician_task"
            " WHERE technician_id = ANY(%s) AND status IN %s"
            " AND date_start < %s AND date_end > %s",
            [crew.ids, LIVE_STATUSES, end, start],
        )
        return self.env.cr.fetchall()

    def _odoo_hours(self, crew):
        """Ask Odoo for the working hours alone."""
        resources = crew.x_fc_resource_id
        return resources._get_valid_work_intervals(*self.span)

    def _time(self, function, cold=False):
        """Run once; return milliseconds, in the database, queries, ms of the CPU."""
        self.env.invalidate_all()
        if cold:
            self.env.registry.clear_all_caches()
            clock._offsets.cache_clear()
        thread = threading.current_thread()
        thread.query_count, thread.query_time = 0, 0.0
        count = self.env.cr.sql_log_count
        gc.collect()
        begin, cpu = time.perf_counter(), time.process_time()
        function()
        seconds, cpu = time.perf_counter() - begin, time.process_time() - cpu
        count = self.env.cr.sql_log_count - count
        return seconds * 1000, thread.query_time * 1000, count, cpu * 1000

    def _repeat(self, function):
        """Run again and again for the time that is set."""
        function()
        until = time.monotonic() + self.seconds
        runs = []
        while len(runs) < LEAST_ROUNDS or time.monotonic() < until:
            runs.append(self._time(function))
        return runs

    def _memory(self, crew):
        """Return the peak of one warm search, and what one leaves behind, in bytes."""
        self._time(lambda: self._search(crew))
        tracemalloc.start()
        try:
            self._time(lambda: self._search(crew))
            self.env.invalidate_all()
            gc.collect()
            base, _peak = tracemalloc.get_traced_memory()
            tracemalloc.reset_peak()
            self._search(crew)
            _now, peak = tracemalloc.get_traced_memory()
            for _round in range(LEFT_ROUNDS):
                self._search(crew)
            self.env.invalidate_all()
            gc.collect()
            left, _peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        return peak - base, max(0, left - base) / LEFT_ROUNDS


def _summary(runs):
    """Return the median of the runs, and the queries that one takes."""
    milliseconds = sorted(run[0] for run in runs)
    return {
        "ms": statistics.median(milliseconds),
        "best": milliseconds[0],
        "p90": milliseconds[int(len(milliseconds) * 0.9)],
        "sql_ms": statistics.median(run[1] for run in runs),
        "cpu_ms": statistics.median(run[3] for run in runs),
        "queries": max(run[2] for run in runs),
        "runs": len(runs),
    }


def main(env, first, sizes, seconds):
    """Measure every size and print the figures for the parent process."""
    bench = Bench(env, first, seconds)
    for size in sizes:
        print(MARK + json.dumps(bench.measure(size)), flush=True)
    env.cr.rollback()


def profile(env, first, people):
    """Print where the time of warm searches goes."""
    bench = Bench(env, first, 0)
    crew = bench.everyone[:people]
    bench._search(crew)
    profiler = cProfile.Profile()
    for _round in range(10):
        env.invalidate_all()
        profiler.runcall(bench._search, crew)
    pstats.Stats(profiler).sort_stats("tottime").print_stats(35)
