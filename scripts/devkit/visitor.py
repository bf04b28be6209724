"""One client's browser at the lowest level: every request timed, no redirect followed.

For measuring and for contests, where it matters what came back first and how fast.
"""

import http.client
import time
import urllib.parse
from http.cookies import SimpleCookie
from typing import NamedTuple

from .http import forms

PATIENCE_SECONDS = 120
# Every browser tells its languages: without them Odoo has more to read.
HEADERS = {"Connection": "close", "Accept-Language": "en-CA,en;q=0.9,fr-CA;q=0.8"}


class Reply(NamedTuple):
    """An answer: status, headers, page, and the seconds until its last byte."""

    status: int
    headers: object
    text: str
    size: int
    seconds: float

    @property
    def location(self):
        """Where a redirect leads, as path and query; '' for other answers."""
        parts = urllib.parse.urlsplit(self.headers.get("Location") or "")
        return urllib.parse.urlunsplit(("", "", *parts[2:4], ""))


class Visitor:
    """Somebody who opens a booking link; keeps cookies, and nothing else."""

    def __init__(self, link):
        """Remember the link.

        :param link: the full address of a booking page
        """
        parts = urllib.parse.urlsplit(link)
        self.host, self.path = parts.netloc, parts.path
        self.cookies = {}

    def get(self, path=None):
        """Open a page, the visitor's own unless told."""
        return self._ask("GET", path or self.path)

    def post(self, action, fields):
        """Send a form to one of the actions below the link."""
        body = urllib.parse.urlencode(fields)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", f"{self.path}/{action}", body, headers)

    def _ask(self, method, path, body=None, headers=None):
        headers = {**(headers or {}), **HEADERS}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        began = time.perf_counter()
        connection = http.client.HTTPConnection(self.host, timeout=PATIENCE_SECONDS)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        seconds = time.perf_counter() - began
        for value in answer.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(value).items():
                self.cookies[name] = morsel.value
        text = content.decode("utf-8", "replace")
        return Reply(answer.status, answer.headers, text, len(content), seconds)


def form_to(text, action):
    """Return (fields to send, offered slots) of the form of a page with an action.

    :raises LookupError: when the page has no such form
    """
    for form in forms(text):
        if form["action"].endswith(f"/{action}"):
            return form["fields"], form["choices"].get("slot", [])
    raise LookupError(f"the page has no form to {action}")
