"""A server on this machine that plays the services we ask, well or badly."""

import json
import threading
from contextlib import suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from odoo.tests.common import _super_send


class Handler(BaseHTTPRequestHandler):
    """Hands requests to the fake, and its answers back."""

    def do_GET(self):
        """Answer as the fake says, however slowly."""
        fake = self.server.fake
        parts = urlsplit(self.path)
        fake.requests.append(parts.path)
        fake.agents.append(self.headers["User-Agent"])
        if fake.delay:
            fake.released.wait(fake.delay)
        answer = fake.answer(parts.path, parse_qs(parts.query))
        status, body, headers = (
            answer if isinstance(answer, tuple) else (200, answer, {})
        )
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.send_body(body, fake)

    def send_body(self, body, fake):
        """Send a body, byte by byte if the fake trickles."""
        if not fake.trickle:
            self.wfile.write(body)
            return
        for byte in body:
            self.wfile.write(bytes([byte]))
            fake.released.wait(fake.trickle)

    def handle(self):
        """Do not mind those who hang up."""
        with suppress(OSError):
            return super().handle()
        return None

    def log_message(self, *_args):
        """Stay silent."""


class FakeWeb:
    """Answers every request by a function of it, and remembers what was asked.

    :param answer: function of (path, query as dict of lists) that returns an object
        (sent as JSON), bytes, or a tuple of status, object or bytes, and headers
    """

    def __init__(self, answer):
        self.answer = answer
        self.requests = []
        self.agents = []
        self.delay = 0
        self.trickle = 0
        self.released = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.fake = self
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        serve = partial(self._server.serve_forever, poll_interval=0.01)
        threading.Thread(target=serve, daemon=True).start()

    def close(self):
        """Stop, and let go of whoever still waits."""
        self.released.set()
        self._server.shutdown()
        self._server.server_close()


class FakeWebMixin:
    """Lets a test class talk to its own fake server, and to nothing else.

    Odoo's tests let requests to this machine pass, but wait ten seconds at least;
    the time limits are part of what is tested here.
    """

    allowed_ports = set()

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        parts = urlsplit(request.url)
        if parts.hostname == "127.0.0.1" and parts.port in cls.allowed_ports:
            return _super_send(session, request, **options)
        return super()._request_handler(session, request, **options)

    def start_fake_web(self, answer):
        """Start a server that ends with the test."""
        fake = FakeWeb(answer)
        self.addCleanup(fake.close)
        self.allowed_ports.add(fake.port)
        return fake


def osrm_table(seconds=600, **changes):
    """Return the answer function of an OSRM server on which every drive is as long.

    :param seconds: of a drive, or a function of the number of places that returns
        the rows
    :param changes: of the answer
    """

    def answer(path, _query):
        size = path.count(";") + 1
        rows = seconds(size) if callable(seconds) else None
        if rows is None:
            rows = [
                [0 if a == b else seconds for b in range(size)] for a in range(size)
            ]
        return {"code": "Ok", "durations": rows, **changes}

    return answer
