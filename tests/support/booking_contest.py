"""Many clients at one moment, over HTTP, against a server of several processes."""

import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import NamedTuple

from devkit import postgres, server
from devkit.common import STATE
from devkit.visitor import Visitor, form_to

LOOKERS = 4
"""How many clients open their page at the same time; the contest is in the POST."""

CONNECTIONS = 24
"""How many connections the reverse proxy that stands in front of Odoo keeps open to it:
fewer than the 32 that four processes leave waiting. More are refused by the system."""

POSTED = re.compile(r'"POST \S+ HTTP/1\.\d" (\d+) - (\d+) ([\d.]+) ([\d.]+)')
RETRIED = re.compile(r"tries left, try again in ([\d.]+) sec")

PREPARE = """
import json
from devkit import sample_data
crew = sample_data.make_technicians(env, {technicians})
sample_data.make_dispatcher(env, "office")
env.company.write({{"phone": "416-555-0100", "city": "Toronto"}})
env.company.partner_id.tz = "America/Toronto"
# All clients of a contest come from one address.
for limit in ("posts_per_link", "posts_per_address"):
    env["ir.config_parameter"].set_param("fusion_repairs." + limit, "0")
links = sample_data.make_links(env, {clients}, crew, False, {hours})
env.cr.commit()
print("CONTEST " + json.dumps(links))
"""
OVERLAPPING_HOURS = 1.5
"""How long a visit takes, so that it overlaps the next slot of a page."""

OVERLAPPING = """
SELECT count(DISTINCT b.id)
  FROM fusion_technician_task a
  JOIN fusion_technician_task b
    ON b.technician_id = a.technician_id AND b.id > a.id
   AND b.date_start < a.date_end AND b.date_end > a.date_start
 WHERE a.status NOT IN ('cancelled', 'no_show')
   AND b.status NOT IN ('cancelled', 'no_show')
"""
# Per visit: whole, its mail queued once, its contract booked once.
WHOLE = """
SELECT count(*), count(DISTINCT v.contract_id), count(DISTINCT t.id),
       count(DISTINCT e.id), count(DISTINCT r.id), count(DISTINCT l.order_id),
       (SELECT count(*) FROM fusion_repair_visit_message m
          JOIN mail_mail q ON q.id = m.mail_id WHERE m.kind = 'confirmation')
  FROM fusion_repair_maintenance_visit v
  LEFT JOIN fusion_technician_task t ON t.id = v.technician_task_id
  LEFT JOIN calendar_event e ON e.id = t.calendar_event_id
  LEFT JOIN repair_order r ON r.id = v.repair_order_id
  LEFT JOIN sale_order_line l ON l.order_id = v.sale_order_id
 WHERE v.state = 'scheduled'
"""


@contextmanager
def contest_on(
    ready, database, clients, *, technicians, workers, hours=OVERLAPPING_HOURS
):
    """Yield a Contest of clients on a new server.

    :param hours: how long a visit takes; the slots of a page are an hour apart
    """
    prepare = PREPARE.format(technicians=technicians, clients=clients, hours=hours)
    with server.running(
        ready, database, prepare, database, first_port=8740, workers=workers
    ) as (running, printed):
        links = json.loads(printed.partition("CONTEST ")[2].splitlines()[0])
        contest = Contest(database, database, links)
        contest.url = running.url
        contest.look(contest.clients[:workers] * workers)  # warms every process up
        contest.work()
        yield contest


class Look(NamedTuple):
    """What a client sees: the page, the form's fields, the values of its slots."""

    text: str
    fields: dict
    slots: list

    @property
    def starts(self):
        """The slots by technician and start, which are the same for all clients."""
        return {value.rpartition(".")[0]: value for value in self.slots}


class Work(NamedTuple):
    """What the server says of the POSTs it answered."""

    statuses: list
    seconds: list
    naps: list


class Contest:
    """Clients of one running system, each with a link and a browser of their own."""

    def __init__(self, database, log, links):
        """Take part.

        :param database: where the bookings are counted
        :param log: name of the server's log, as told to ``server.running``
        :param links: full addresses of booking pages
        """
        self.database = database
        self.log = STATE / "log" / f"{log}.log"
        self.clients = [Visitor(link) for link in links]
        self._read = 0
        self._proxy = threading.Semaphore(CONNECTIONS)

    def look(self, clients, paths=None, action="confirm"):
        """Open the pages of clients; returns their Looks in order.

        :param paths: their addresses, where they are not those of the links
        :param action: of the form to look for
        """

        def one(position):
            reply = clients[position].get(paths and paths[position])
            assert reply.status == 200, (reply.status, reply.text[:500])
            try:
                fields, slots = form_to(reply.text, action)
            except LookupError:
                fields, slots = {}, []
            return Look(reply.text, fields, slots)

        with ThreadPoolExecutor(LOOKERS) as pool:
            return list(pool.map(one, range(len(clients))))

    @staticmethod
    def clash(*actions):
        """Run functions at once, one thread each; returns their results in order."""
        barrier = threading.Barrier(len(actions))
        results = [None] * len(actions)

        def run(position):
            barrier.wait()
            try:
                results[position] = actions[position]()
            except Exception as error:  # noqa: BLE001 - judged by the test
                results[position] = error

        threads = [
            threading.Thread(target=run, args=(position,))
            for position in range(len(actions))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return results

    def post(self, client, look, value, action="confirm", **more):
        """Return a function that posts a slot's value."""
        fields = {**look.fields, "slot": value, **more}

        def post():
            with self._proxy:
                return client.post(action, fields)

        return post

    def work(self):
        """Return the Work of the server since the last question."""
        with self.log.open(errors="replace") as log:
            log.seek(self._read)
            text = log.read()
            self._read = log.tell()
        posted = POSTED.findall(text)
        return Work(
            [int(status) for status, _queries, _sql, _rest in posted],
            [float(sql) + float(rest) for _status, _queries, sql, rest in posted],
            [float(nap) for nap in RETRIED.findall(text)],
        )

    def count_double(self):
        """Return how many live tasks overlap an earlier one of their technician."""
        return int(postgres.sql(OVERLAPPING, self.database))

    def count_whole(self):
        """Return the number of booked visits; none is in part, none is there twice."""
        counts = {*map(int, postgres.sql(WHOLE, self.database).split("\t"))}
        assert len(counts) == 1, counts
        return counts.pop()
