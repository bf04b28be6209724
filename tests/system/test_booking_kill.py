"""The database connection of a booking dies half way, at one step after the other.

A table that the booking writes is locked by somebody else, so the server stands still
exactly there; then its connection is killed. Nothing may be left, and the same client
books at the second try. Each step has a client of its own.
"""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg2
import pytest
from devkit import instance, postgres, server
from devkit.visitor import Visitor, form_to

DATABASE = "fusion_booking_kill"
PREPARE = """
import json
from devkit import sample_data
crew = sample_data.make_technicians(env, 1)
links = sample_data.make_links(env, %s, crew)
env["mail.mail"].search([]).unlink()
env.cr.commit()
print("LINKS " + json.dumps(links))
"""
# In the order in which a booking writes them.
STEPS = (
    "fusion_technician_task",
    "calendar_event",
    "sale_order",
    "repair_order",
    "fusion_repair_maintenance_visit",
    "mail_mail",
)
WAITING = """
SELECT DISTINCT activity.pid
  FROM pg_locks AS lock
  JOIN pg_stat_activity AS activity USING (pid)
 WHERE NOT lock.granted AND lock.relation = %s::regclass
   AND activity.datname = current_database()
"""
PATIENCE = 120
WORKERS = 2
WARM_UP = 3 * WORKERS


@pytest.fixture(scope="module")
def clients(ready):
    """Yield a client's browser for each step, on a running system that is warm."""
    instance.replace(ready, DATABASE)
    script = PREPARE % (len(STEPS) + WARM_UP)
    with server.running(
        ready, DATABASE, script, "booking-kill", first_port=8790, workers=WORKERS
    ) as (_running, printed):
        links = json.loads(printed.partition("LINKS ")[2].splitlines()[0])
        visitors = [Visitor(link) for link in links]
        warm_up(visitors[len(STEPS) :])
        yield dict(zip(STEPS, visitors, strict=False))


def warm_up(visitors):
    """Book for some clients at once, so that every worker has done it before."""
    forms = [form_to(visitor.get().text, "confirm") for visitor in visitors]

    def book(number):
        fields, slots = forms[number]
        posted = {**fields, "slot": slots[number % len(slots)]}
        return visitors[number].post("confirm", posted)

    with ThreadPoolExecutor(len(visitors)) as pool:
        list(pool.map(book, range(len(visitors))))


def count():
    """Return how many rows each step has left."""
    return {t: int(postgres.sql(f"SELECT count(*) FROM {t}", DATABASE)) for t in STEPS}


def kill_at(table, post):
    """Post while a table is locked, kill the connection that waits for it.

    :return: the reply, and how many connections were killed
    """
    holder = psycopg2.connect(
        host="127.0.0.1",
        port=postgres.port(),
        user=postgres.ROLE,
        password=postgres.password(),
        dbname=DATABASE,
    )
    try:
        with holder.cursor() as cursor, ThreadPoolExecutor(1) as pool:
            cursor.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
            reply = pool.submit(post)
            deadline, found = time.monotonic() + PATIENCE, []
            while not found and time.monotonic() < deadline and not reply.done():
                cursor.execute(WAITING, (table,))
                found = [pid for (pid,) in cursor.fetchall()]
                time.sleep(0.02)
            for pid in found:
                cursor.execute("SELECT pg_terminate_backend(%s)", (pid,))
            holder.rollback()
            return reply.result(), len(found)
    finally:
        holder.close()


def prepare(visitor):
    """Return a function that posts the first time of a fresh page."""
    fields, slots = form_to(visitor.get().text, "confirm")
    return lambda: visitor.post("confirm", {**fields, "slot": slots[0]})


@pytest.mark.parametrize("table", STEPS)
def test_a_connection_that_dies_leaves_nothing_and_the_client_books_again(
    clients, table
):
    client = clients[table]
    before = count()
    reply, killed = kill_at(table, prepare(client))
    assert killed == 1, f"the booking never wrote {table}: {reply}"
    assert reply.status >= 500 or "m=" in reply.location, "told as booked"
    assert count() == before
    assert "visit.ics" not in client.get().text
    reply = prepare(client)()
    assert reply.status == 303 and "m=" not in reply.location
    assert "visit.ics" in client.get(reply.location).text
    assert count() == {step: number + 1 for step, number in before.items()}
