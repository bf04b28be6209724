"""Odd requests by the hundred: always a clear answer, never a row, never a 5xx."""

import random

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import opt_out_token
from .public_case import PublicCase

SEED, ROUNDS = 20261121, 220
UNKNOWN = "A" * 43
HTTP_LOGGERS = ("odoo.http", "werkzeug", "odoo.addons.base.models.ir_http")
# Names that Odoo, Python or a page of ours gives a meaning to.
NAMES = (
    "self", "cls", "token", "key", "query", "post", "_post", "args", "params",
    "kwargs", "request", "endpoint", "rule", "env", "context", "db", "debug",
    "session_id", "csrf_token", "lang", "m", "view", "units", "slot", "note", "kind",
    "do", "scope", "reason", "phone", "days", "edit_translations", "fw", "access_token",
    "__class__", "a b", "é", "",
)  # fmt: skip
VALUES = (
    "", "1", "-1", "9" * 400, "None", "true", "[]", "{}", "null", "\x00", "a\x00b",
    "é" * 60, "\ud83d", "\U0001f415", "../../etc/passwd", "//evil.example",
    "http://evil.example/", "%s%n%(x)s", "{{7*7}}", "${7*7}", "<script>", "' OR 1=1 --",
    "\r\nSet-Cookie: a=b", "fr_CA", "xx_XX", "more", "taken", "assets", "x" * 2000,
)  # fmt: skip
HEADERS = (
    "Accept-Language", "Accept", "Referer", "Origin", "User-Agent", "Authorization",
    "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Range",
    "If-None-Match", "If-Modified-Since", "X-HTTP-Method-Override", "Content-Encoding",
    "Content-Type", "X-Requested-With", "Sec-Fetch-Dest",
)  # fmt: skip
HEADER_VALUES = (
    "", "*", "xx", "fr-CA;q=é", "bytes=0-", "Basic Zm9v", "Bearer " + "x" * 40,
    "999.999.999.999", "evil.example", "gzip", "application/json", "text/xml",
    "multipart/form-data", "multipart/form-data; boundary=", "null", "Tue, 99 Foo",
    "a" * 3000, "DELETE",
)  # fmt: skip
COOKIES = ("session_id", "frontend_lang", "tz", "cids", "color_scheme", "x y")


@tagged("post_install", "-at_install", "fusion")
class TestPublicFuzz(PublicCase):
    """The same requests on every run: a failure can be repeated."""

    def setUp(self):
        super().setUp()
        for name in ("posts_per_link", "posts_per_address"):
            self.env["ir.config_parameter"].set_param(f"fusion_repairs.{name}", 0)
        self.odd = random.Random(SEED)

    def paths(self):
        """Return the public paths, with tokens that open something and that do not."""
        opt_out = "/repairs/maintenance/opt-out/"
        found = [opt_out + opt_out_token(self.contract.partner_id)]
        found += [opt_out + UNKNOWN, "/repairs/certificate/" + UNKNOWN]
        actions = ("", "/confirm", "/move", "/cancel", "/callback", "/visit.ics")
        for action in (*actions, "/document/report"):
            found.append(self.path(action))
            found.append("/repairs/maintenance/book/" + UNKNOWN + action)
        return found

    def pick(self, names, values, most):
        """Return some pairs of these names and values."""
        return [
            (self.odd.choice(names), self.odd.choice(values))
            for _number in range(self.odd.randint(0, most))
        ]

    def encode(self, pairs):
        """Return pairs as the bytes of a form, as wrong as they are."""
        encoded = (
            b"=".join(
                b"".join(
                    b"%%%02X" % byte for byte in text.encode(errors="surrogatepass")
                )
                for text in pair
            )
            for pair in pairs
        )
        return b"&".join(encoded)

    def throw(self, path, csrf_token):
        """Send one odd request; return the answer and what was sent."""
        query = self.encode(self.pick(NAMES, VALUES, 3)).decode()
        headers = {
            name: value.encode("latin-1", "replace").decode("latin-1")
            for name, value in self.pick(HEADERS, HEADER_VALUES, 2)
        }
        for name, value in self.pick(COOKIES, ("", "x", "fr_CA", "../x", "a" * 84), 1):
            self.opener.cookies.set(name, value)
        method = self.odd.choice(("GET", "POST", "POST", "HEAD", "OPTIONS", "PATCH"))
        body = None
        if method == "POST":
            fields = self.pick(NAMES, VALUES, 4)
            if self.odd.random() < 0.7:
                fields.append(("csrf_token", csrf_token))
            body = self.encode(fields)
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        sent = (method, f"{path}?{query}", headers, body)
        answer = self.url_open(
            sent[1], data=body, headers=headers, method=method, allow_redirects=False
        )
        for name in COOKIES[1:]:
            self.opener.cookies.set(name, None)
        return answer, sent

    @mute_logger(*HTTP_LOGGERS)
    def test_odd_requests(self):
        paths = self.paths()
        page = self.get()
        csrf_token = self.form_token(page)
        session = self.opener.cookies["session_id"]
        before = self.snapshot()
        statuses = set()
        for number in range(ROUNDS):
            path = paths[number % len(paths)]
            answer, sent = self.throw(path, csrf_token)
            statuses.add(answer.status_code)
            self.assertLess(answer.status_code, 500, sent)
            self.assertNotIn("Traceback", answer.text, sent)
            location = answer.headers.get("Location", "/")
            self.assertRegex(location, r"^/(?!/)", sent)
            self.opener.cookies.set("session_id", session)
        self.assertEqual(self.snapshot(), before)
        # What was thrown reached the pages as well as their refusals.
        self.assertLessEqual({200, 303, 400, 404, 405}, statuses)

    @mute_logger(*HTTP_LOGGERS)
    def test_names_that_the_code_itself_uses(self):
        token, paths = self.form_token(self.get()), self.paths()
        before = self.snapshot()
        for path in paths:
            for name in ("self", "token", "query", "_post"):
                data = {"csrf_token": token, name: "1"}
                for method, body in (("GET", None), ("HEAD", None), ("POST", data)):
                    answer = self.url_open(
                        f"{path}?{name}=1",
                        data=body,
                        method=method,
                        allow_redirects=False,
                    )
                    said = (method, path, name)
                    self.assertLess(answer.status_code, 500, said)
                    if name == "self":
                        self.assertGreaterEqual(answer.status_code, 400, said)
        self.assertEqual(self.snapshot(), before)
