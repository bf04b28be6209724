import ast

from lxml import html

from odoo.tests import tagged

from .message_case import MessageCase

HARMLESS = {
    "a", "b", "body", "br", "div", "head", "html", "meta", "p", "span", "style",
    "table", "tbody", "td", "tr",
}  # fmt: skip
PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "<a href='javascript:alert(1)'>x</a>",
    "</style></p><iframe src=//evil.example>",
    "{{ 7*191 }}",
    '<t t-out="7*191"/>',
    "${7*191} %(x)s #{7*191}",
    "Ann\r\nBcc: evil@example.com",
    "Ann\nContent-Type: text/html\n\n<b>",
    "\u202eevil\u2066",
    "&lt;script&gt;",
)
HEADERS = {
    "Message-Id", "Subject", "From", "Reply-To", "To", "Date", "MIME-Version",
    "Content-Type", "Return-Path", "List-Unsubscribe", "List-Unsubscribe-Post",
    "X-Odoo-Objects",
}  # fmt: skip


@tagged("post_install", "-at_install", "fusion")
class TestMailHardening(MessageCase):
    """Whatever names hold, mails hold it as text."""

    def make_mails(self, payload):
        """Have every kind of mail written with a payload in every name."""
        self.company.name = payload
        self.client.name = payload
        self.technician.name = self.technician_2.name = payload
        self.product.name = payload
        contract = self.make_contract()
        last = self.env["mail.mail"].search([], order="id desc", limit=1).id or 0
        contract._send_reminders({contract: 30})
        contract._request_callback(payload + "4165550100", payload)
        attendee = {"attendee_name": payload, "attendee_email": "ann@example.com"}
        visit = self.book(contract, note=payload, attendee=attendee)
        lead = visit._get_lead()
        kinds = (
            "moved",
            "changed",
            "unscheduled",
            "cancelled",
            "no_show",
            "day_before",
            "on_the_way",
        )
        for version, kind in enumerate(kinds, start=10):
            lead._queue_message(kind, version)
        mails = self.env["mail.mail"].search([("id", ">", last)])
        failed = visit.client_message_ids.filtered(lambda row: row.state == "failed")
        self.assertFalse(failed.mapped("reason"))
        self.assertEqual(len(mails), 18)
        return mails

    def test_payloads_stay_text(self):
        for payload in PAYLOADS:
            with self.subTest(payload=payload), self.env.cr.savepoint() as savepoint:
                for mail in self.make_mails(payload):
                    self.assert_harmless(mail)
                    self.assert_headers(mail)
                savepoint.rollback()

    def test_call_links_dial_the_first_number_of_the_company(self):
        self.company.phone = "1-800-555-LIFT ext. 5 / 416-555-0199"
        for mail in self.make_mails("Margaret"):
            body = html.fromstring(mail.body_html)
            links = set(body.xpath("//a[starts-with(@href, 'tel:')]/@href"))
            self.assertEqual(links, {"tel:18005555438;ext=5"}, mail.subject)

    def assert_harmless(self, mail):
        """Check that nothing in a mail is alive but what we wrote."""
        for node in html.fromstring(mail.body_html).iter():
            if not isinstance(node.tag, str):
                continue
            self.assertIn(node.tag, HARMLESS)
            for name, value in node.attrib.items():
                self.assertFalse(name.startswith("on"), name)
                if name in ("href", "src"):
                    self.assertRegex(
                        value, r"^(https?://localhost|https?://127|tel:|mailto:)"
                    )
        for text in (mail.subject, mail.body_html):
            self.assertNotIn("1337", text)

    def assert_headers(self, mail):
        """Check that a mail can be built and has no header but ours."""
        for email in mail._prepare_outgoing_list():
            message = self.env["ir.mail_server"]._build_email__(
                email_from=mail.email_from,
                email_to=email["email_to"],
                subject=email["subject"],
                body=email["body"],
                body_alternative=email["body_alternative"],
                attachments=email["attachments"],
                message_id=email["message_id"],
                subtype="html",
                headers=ast.literal_eval(mail.headers or "{}"),
            )
            self.assertLessEqual(set(message.keys()), HEADERS)
            self.assertTrue(message.as_bytes())
            kinds = [part.get_content_type() for part in message.walk()]
            self.assertEqual(kinds.count("text/html"), 1)
            for part in message.iter_attachments():
                self.assertEqual(part.get_content_type(), "text/calendar")
                self.assertIn(part.get_param("method"), ("PUBLISH", "CANCEL"))

    def test_recipients_come_from_the_records(self):
        """The client of the contract, and who was named at booking: nobody else."""
        for mail in self.make_mails("Ann\r\nBcc: evil@example.com"):
            to = mail.recipient_ids.mapped("email") or [mail.email_to]
            self.assertIn(to, ([self.client.email], ["ann@example.com"]))
            self.assertFalse(mail.email_cc)
