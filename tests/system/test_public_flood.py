"""Many forms and slow ones on a real server: everybody else still gets an answer."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import psycopg2
from devkit import postgres
from devkit.http import Client

TOKEN = "F" * 43
PATH = f"/repairs/maintenance/book/{TOKEN}"
SENDERS, EACH, SLOW = 6, 40, 5
ANSWERED_IN = 5  # seconds, on a machine with nothing to spare


def connect(running):
    """Return a bare connection to a running server."""
    address = urlsplit(running.url)
    return socket.create_connection((address.hostname, address.port), timeout=30)


def begin_post(running, length, body=b""):
    """Begin to post a form of so many bytes; return the connection."""
    connection = connect(running)
    head = (
        f"POST {PATH}/confirm HTTP/1.1\r\nHost: {urlsplit(running.url).netloc}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {length}\r\nConnection: close\r\n\r\n"
    )
    connection.sendall(head.encode() + body)
    return connection


def look(running, path="/web/login"):
    """Open a page; return its status and the seconds until it was there."""
    start = time.monotonic()
    status = Client(running.url).request(path).status
    return status, time.monotonic() - start


def test_a_body_of_200_megabytes_is_refused_unread(system):
    running, _facts = system
    with begin_post(running, 200 * 1024 * 1024, b"slot=" + b"x" * 1000) as connection:
        answer = connection.recv(12)  # though almost nothing of it was sent
    assert answer.endswith(b" 413"), answer


def test_slow_forms_hold_up_nobody(system):
    running, _facts = system
    look(running)
    slow = [begin_post(running, 1000, b"slot=") for _number in range(SLOW)]
    try:
        for connection in slow:
            connection.sendall(b"x")
        for path, expected in (("/web/login", 200), (PATH, 404)):
            status, seconds = look(running, path)
            assert (status, seconds < ANSWERED_IN) == (expected, True), seconds
    finally:
        for connection in slow:
            connection.close()


def test_a_flood_of_forms_leaves_the_other_pages_alone(system):
    running, _facts = system
    look(running)

    def flood(_number):
        client = Client(running.url)
        return [
            client.post(f"{PATH}/confirm", {"slot": "x"}).status for _ in range(EACH)
        ]

    with ThreadPoolExecutor(SENDERS) as pool:
        floods = [pool.submit(flood, number) for number in range(SENDERS)]
        looks = []
        while not all(future.done() for future in floods):
            looks.append(look(running))
            looks.append(look(running, PATH))
        codes = [code for future in floods for code in future.result()]
    assert {status for status, _seconds in looks} == {200, 404}
    assert max(seconds for _status, seconds in looks) < ANSWERED_IN
    assert (
        len(codes) - codes.count(429) <= 20
    )  # the limit of a link; the rest was turned away
    assert set(codes) <= {400, 404, 429}


def test_a_form_is_counted_while_the_table_is_vacuumed(system):
    running, _facts = system
    holder = psycopg2.connect(
        host="127.0.0.1",
        port=postgres.port(),
        user=postgres.ROLE,
        password=postgres.password(),
        dbname="fusion_system",
    )
    try:
        # The lock that VACUUM holds.
        holder.cursor().execute(
            "LOCK TABLE fusion_repair_public_post IN SHARE UPDATE EXCLUSIVE MODE"
        )
        answer = Client(running.url).post(
            f"/repairs/maintenance/book/{'Y' * 43}/confirm", {"slot": "x"}
        )
    finally:
        holder.close()
    assert answer.status != 429


def test_a_form_that_cannot_be_counted_in_time_is_asked_to_wait(system):
    running, _facts = system
    holder = psycopg2.connect(
        host="127.0.0.1",
        port=postgres.port(),
        user=postgres.ROLE,
        password=postgres.password(),
        dbname="fusion_system",
    )
    try:
        holder.cursor().execute("LOCK TABLE fusion_repair_public_post IN SHARE MODE")
        start = time.monotonic()
        answer = Client(running.url).post(
            f"/repairs/maintenance/book/{'L' * 43}/confirm", {"slot": "x"}
        )
        waited = time.monotonic() - start
    finally:
        holder.close()
    assert answer.status == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert waited < 2 * ANSWERED_IN  # waited for the table once, not time and again
