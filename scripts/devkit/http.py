"""A small browser for the walk-through: cookies, forms, JSON-RPC; standard library."""

import http.cookiejar
import json
import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser
from typing import NamedTuple

from .common import Problem


class Answer(NamedTuple):
    """What came back: the final address after redirects, the status, the page."""

    url: str
    status: int
    text: str
    headers: object


class _Forms(HTMLParser):
    """Collects the forms of a page: action, hidden fields, radio choices."""

    def __init__(self):
        super().__init__()
        self.forms = []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "form":
            form = {"action": values.get("action", ""), "fields": {}, "choices": {}}
            self.forms.append(form)
        elif tag == "input" and self.forms and values.get("name"):
            form, name = self.forms[-1], values["name"]
            if values.get("type") == "radio":
                form["choices"].setdefault(name, []).append(values.get("value", ""))
            else:
                form["fields"][name] = values.get("value", "")


class Client:
    """One person's browser: keeps cookies, follows redirects."""

    def __init__(self, base):
        """Open a browser.

        :param base: address of the system, without a slash at the end
        """
        self.base = base
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.jar)
        )

    def request(self, url, data=None, headers=None):
        """Send a request and follow redirects; an error status is an answer too."""
        if url.startswith("/"):
            url = self.base + url
        request = urllib.request.Request(url, data, headers or {})
        try:
            with self.opener.open(request, timeout=60) as answer:
                return self._answer(answer, answer.status)
        except urllib.error.HTTPError as error:
            return self._answer(error, error.code)

    @staticmethod
    def _answer(answer, status):
        text = answer.read().decode("utf-8", "replace")
        return Answer(answer.geturl(), status, text, answer.headers)

    def post(self, url, fields):
        """Post a form."""
        return self.request(url, urllib.parse.urlencode(fields).encode())

    def rpc(self, url, params):
        """Call a JSON-RPC route; an error it reports becomes a Problem."""
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
        headers = {"Content-Type": "application/json"}
        answer = json.loads(self.request(url, body.encode(), headers).text)
        if "error" in answer:
            data = answer["error"].get("data", {})
            raise Problem(data.get("message") or str(answer["error"]))
        return answer.get("result")

    def login(self, database, login, password):
        """Log in as a user of the backend."""
        params = {"db": database, "login": login, "password": password}
        return self.rpc("/web/session/authenticate", params)["uid"]

    def call(self, model, method, *args, **kwargs):
        """Call a model's method as the web client does."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.rpc(f"/web/dataset/call_kw/{model}/{method}", params)


def forms(text):
    """Return the forms of a page: dicts of action, fields, choices (radio values)."""
    parser = _Forms()
    parser.feed(text)
    return parser.forms
