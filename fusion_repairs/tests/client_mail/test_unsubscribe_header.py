import smtplib
from unittest.mock import patch

from odoo.tests import tagged

from .message_case import MessageCase


class Catcher(smtplib.SMTP):
    """A mail server that keeps the bytes it is given."""

    def __init__(self):
        """Connect to nothing."""
        super().__init__()
        self.got = []

    def ehlo_or_helo_if_needed(self):
        """Greet nobody."""

    def quit(self):
        """Take leave of nobody."""

    def sendmail(self, _sender, _to, message, *_args, **_options):
        """Keep a message."""
        self.got.append(message)
        return {}


@tagged("post_install", "-at_install", "fusion")
class TestUnsubscribeHeader(MessageCase):
    """The button of a mail program needs the address as it is (RFC 2369, 8058)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param(
            "web.base.url", "https://maintenance.a-rather-long-name.example.com"
        )
        cls.client.x_fc_consent_express_date = cls.today

    def send(self, mail):
        """Return the headers of a mail as bytes, as they leave."""
        catcher = Catcher()
        servers = self.registry["ir.mail_server"]
        with (
            patch.object(servers, "_disable_send", lambda _self: False),
            patch.object(servers, "_connect__", lambda *_args, **_options: catcher),
        ):
            mail._send(auto_commit=False, raise_exception=True)
        (raw,) = catcher.got
        return raw.partition(b"\r\n\r\n")[0].split(b"\r\n")

    def read_header(self, lines, name):
        """Return a header unfolded, and the longest run of lines that it took."""
        (start,) = [n for n, line in enumerate(lines) if line.startswith(name + b":")]
        end = start + 1
        while end < len(lines) and lines[end][:1] in (b" ", b"\t"):
            end += 1
        return b"".join(lines[start:end])

    def check(self, mail, url):
        """Check that a mail leaves with the header as plain text."""
        lines = self.send(mail)
        value = self.read_header(lines, b"List-Unsubscribe")
        self.assertEqual(value, b"List-Unsubscribe: <%s>" % url.encode())
        post = self.read_header(lines, b"List-Unsubscribe-Post")
        self.assertEqual(post, b"List-Unsubscribe-Post: List-Unsubscribe=One-Click")

    def test_reminders_leave_with_it(self):
        self.contract._remind_and_mark()
        mail = self.contract.reminder_ids.mail_id
        self.check(mail, self.client._fc_get_opt_out_url())

    def test_the_link_sent_again_too(self):
        self.contract.action_send_link()
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.check(mail, self.client._fc_get_opt_out_url())

    def test_notices_leave_with_it(self):
        visit = self.book(self.contract)
        visit._queue_message("on_the_way", 5)
        url = f"{self.client._fc_get_opt_out_url()}?kind=appointment"
        self.check(self.latest(visit).mail_id, url)

    def test_a_short_address_stays_on_its_line(self):
        mail = self.env["mail.mail"].create(
            {
                "email_to": "a@example.com",
                "headers": {"List-Unsubscribe": "<https://x.ca/u>"},
            }
        )
        self.assertIn(b"List-Unsubscribe: <https://x.ca/u>", self.send(mail))

    def test_several_addresses_are_folded_between_them(self):
        two = "<mailto:stop@example.com>, <https://example.com/" + "u" * 90 + ">"
        mail = self.env["mail.mail"].create(
            {"email_to": "a@example.com", "headers": {"List-Unsubscribe": two}}
        )
        lines = self.send(mail)
        self.assertIn(b" <mailto:stop@example.com>,", lines)
        self.assertIn(two.encode(), self.read_header(lines, b"List-Unsubscribe"))
