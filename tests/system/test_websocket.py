"""With several processes, one more serves the websockets of the web client."""

import base64
import os
import socket
import time

import pytest
from devkit import instance, server

DATABASE = "fusion_websocket"
PATIENCE_SECONDS = 60


@pytest.fixture(scope="module")
def running(ready):
    """Yield a server of two processes."""
    instance.replace(ready, DATABASE)
    with server.running(ready, DATABASE, name=DATABASE, first_port=8940, workers=2) as (
        running,
        _printed,
    ):
        yield running


def shake_hands(port):
    """Ask for a websocket; returns the first line of the answer."""
    key = base64.b64encode(os.urandom(16)).decode()
    lines = (
        "GET /websocket?version=19.0-1 HTTP/1.1",
        f"Host: localhost:{port}",
        f"Origin: http://localhost:{port}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {key}",
    )
    with socket.create_connection(("localhost", port), timeout=10) as connection:
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        return connection.recv(4096).decode(errors="replace").partition("\r\n")[0]


def test_the_websocket_answers(running):
    deadline = time.monotonic() + PATIENCE_SECONDS
    answer = None
    while answer is None:
        try:
            answer = shake_hands(running.websocket_port)
        except OSError:
            assert time.monotonic() < deadline, "nobody listens"
            time.sleep(0.5)
    assert answer.startswith("HTTP/1.1 101"), answer
