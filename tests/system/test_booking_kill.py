"""The database connection of a booking dies half way, at one step after the other.

A table that the booking writes is locked by somebody else, so the server stands still
exactly there; then its connection is killed. Nothing may be left, and the same client
books at the second try.
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
links = sample_data.make_links(env, 1, crew)
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
PATIENCE = 20


@pytest.fixture(scope="module")
def booking(ready):
    """Yield a client's browser on a running system."""
    instance.replace(ready, DATABASE)
    with server.running(
        ready, DATABASE, PREPARE, "booking-kill", first_port=8790, workers=2
    ) as (_running, printed):
        (link,) = json.loads(printed.partition("LINKS ")[2].splitlines()[0])
        yield Visitor(link)


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
def test_a_connection_that_dies_leaves_nothing(booking, table):
    before = count()
    reply, killed = kill_at(table, prepare(booking))
    assert killed == 1, f"the booking never wrote {table}: {reply}"
    assert reply.status >= 500 or "m=" in reply.location, "told as booked"
    assert count() == before
    assert "visit.ics" not in booking.get().text


def test_the_same_client_books_at_the_next_try(booking):
    before = count()
    reply = prepare(booking)()
    assert reply.status == 303 and "m=" not in reply.location
    assert "visit.ics" in booking.get(reply.location).text
    assert count() == {table: number + 1 for table, number in before.items()}
