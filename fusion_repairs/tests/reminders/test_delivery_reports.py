from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..client_mail.message_case import MessageCase

REPORT = """Return-Path: <>
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
To: bounce@example.com
Subject: {subject}
Message-Id: <{number}.report@mx.example.net>
Date: Tue, 01 Dec 2026 10:00:00 +0000
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.net.

--b1
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
Arrival-Date: Tue, 01 Dec 2026 09:00:00 +0000
{blocks}
--b1
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

Return-Path: <bounce@example.com>
From: dealer@example.com
To: margaret@example.com
Subject: Time
Message-Id: {ref}

--b1--
"""
BLOCK = """
Final-Recipient: rfc822; {email}
{more}Action: {action}
Status: {status}
Remote-MTA: dns; mx.example.net
Diagnostic-Code: smtp; {said}
"""


@tagged("post_install", "-at_install", "fusion")
class TestDeliveryReports(MessageCase):
    """What mail servers report, as it comes in through the mail gateway."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract.next_due_date = cls.company._get_today() + timedelta(days=20)
        cls.client.x_fc_consent_express_date = cls.today
        cls.number = 0

    def remind(self):
        """Do what is owed today; return the newest row, its mail being sent."""
        self.contract._remind_and_mark()
        row = self.contract.reminder_ids.sorted("id")[-1:]
        if row.mail_id:
            self.ref = row.mail_id.message_id
            row.mail_id._postprocess_sent_message([], [])
        return row

    def block(self, action, status, said, email="margaret@example.com", more=""):
        """Return what a report says of one address."""
        return BLOCK.format(
            action=action, status=status, said=said, email=email, more=more
        )

    def report(self, *blocks):
        """Let a report come in about the mail that was sent last."""
        type(self).number += 1
        text = REPORT.format(
            subject="Delivery Status Notification",
            number=self.number,
            blocks="".join(blocks),
            ref=self.ref,
        )
        self.env["mail.thread"].message_process(None, text)
        self.env.flush_all()
        self.env.invalidate_all()

    def asked(self, reason):
        """Return the open office activities for a reason."""
        return self.contract._find_open_activities(reason)

    def test_a_delayed_mail_is_no_bounce(self):
        row = self.remind()
        self.report(self.block("delayed", "4.4.1", "450 4.4.1 Connection timed out"))
        self.assertEqual((row.outcome, self.client.message_bounce), ("sent", 0))
        self.assertTrue(self.client._fc_accepts_maintenance_mail("reminder"))
        self.assertFalse(self.contract.activity_ids)

    def test_an_unknown_user_is_a_bounce(self):
        row = self.remind()
        self.report(self.block("failed", "5.1.1", "550 5.1.1 User unknown"))
        self.assertEqual((row.outcome, self.client.message_bounce), ("failed", 1))
        self.assertFalse(self.client._fc_accepts_maintenance_mail("reminder"))
        self.assertTrue(self.asked("mail_bounced"))

    def test_what_passes_pauses_the_reminders_and_then_they_go_on(self):
        row = self.remind()
        self.report(self.block("failed", "4.4.7", "451 4.4.7 Delivery time expired"))
        self.assertEqual((row.outcome, self.client.message_bounce), ("withdrawn", 0))
        self.assertFalse(self.contract.activity_ids)
        self.contract.reminder_checked_on = False
        self.assertEqual(self.remind(), row, "nothing is sent during the pause")
        self.client.x_fc_mail_paused_until = self.contract._get_today()
        again = self.remind()
        self.assertEqual((again.band, again.outcome), (row.band, "sent"))
        self.assertNotEqual(again, row)
        self.report(self.block("failed", "4.4.7", "451 4.4.7 Delivery time expired"))
        self.assertEqual(again.outcome, "call", "not for ever")
        self.assertTrue(self.asked("call_due"))

    def test_a_full_mailbox_is_a_call_and_the_next_cycle_tries_again(self):
        row = self.remind()
        self.report(self.block("failed", "5.2.2", "552 5.2.2 Mailbox full"))
        self.assertEqual((row.outcome, self.client.message_bounce), ("call", 0))
        self.assertIn("5.2.2", self.asked("call_due").note)
        self.assertTrue(self.client._fc_accepts_maintenance_mail("reminder"))
        due = self.contract.next_due_date
        facts = self.contract._get_reminder_facts
        self.assertTrue(facts(due - timedelta(days=7), fields.Date.today()).lost)
        self.contract.next_due_date = due + timedelta(days=5)
        self.assertFalse(facts(due, fields.Date.today()).lost)
        self.assertEqual(self.remind().outcome, "sent")

    def test_a_full_mailbox_is_asked_for_once_more_by_a_call_in_the_same_cycle(self):
        self.remind()
        self.report(self.block("failed", "5.2.2", "552 5.2.2 Mailbox full"))
        today = self.contract.next_due_date - timedelta(days=7)
        self.contract.with_company(self.company)._remind(today)
        row = self.contract.reminder_ids.sorted("id")[-1:]
        self.assertEqual((row.outcome, row.band), ("call", 7))

    def test_what_was_to_be_told_about_a_visit_is_told_by_phone(self):
        for status, said in (
            ("4.4.7", "451 4.4.7 Delivery time expired"),
            ("5.2.2", "552 5.2.2 Mailbox full"),
        ):
            visit = self.book(self.contract)
            message = self.latest(visit)
            self.ref = message.mail_id.message_id
            self.deliver()
            self.report(self.block("failed", status, said))
            self.assertEqual(message.state, "failed")
            self.assertIn(said, self.asked("visit_mail_failed").note)
            self.assertEqual(self.client.message_bounce, 0)
            self.asked("visit_mail_failed").unlink()
            visit._cancel("Test")

    def test_a_report_on_several_addresses_is_read_one_by_one(self):
        other = self.client.copy({"email": "other@example.com"})
        self.remind()
        self.report(
            self.block("delayed", "4.4.1", "450 later"),
            self.block("failed", "5.1.1", "550 5.1.1 Unknown", "other@example.com"),
        )
        self.assertEqual((self.client.message_bounce, other.message_bounce), (0, 1))

    def test_a_forwarded_mail_is_known_by_the_address_that_was_written_to(self):
        self.remind()
        original = "Original-Recipient: rfc822; margaret@example.com\n"
        said = "550 5.1.1 User unknown"
        self.report(self.block("failed", "5.1.1", said, "m@forward.ca", original))
        self.assertEqual(self.client.message_bounce, 1)

    def test_a_mail_in_no_ledger_is_told_too(self):
        self.ref = "<something@else>"
        self.report(self.block("failed", "5.3.4", "552 5.3.4 Message too big"))
        self.assertEqual(self.client.message_bounce, 0)
        self.assertIn("too big", self.asked("mail_failed").note)

    def test_a_corrected_address_ends_the_pause(self):
        self.client.x_fc_mail_paused_until = self.today + timedelta(days=3)
        self.client.email = "margaret@example.org"
        self.assertFalse(self.client.x_fc_mail_paused_until)
