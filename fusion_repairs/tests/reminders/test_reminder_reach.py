from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..client_mail.message_case import MessageCase

REFUSED = (
    "Mail delivery failed via SMTP server 'x'.\nSMTPRecipientsRefused: {'a@b.ca': "
)


@tagged("post_install", "-at_install", "fusion")
class TestReminderReach(MessageCase):
    """Nobody gets what is no longer true or not theirs, and no silence goes unheard."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        contracts = cls.env["fusion.repair.maintenance.contract"]
        contracts.search([("id", "!=", cls.contract.id)]).state = "paused"
        cls.contract.next_due_date = cls.company._get_today() + timedelta(days=20)
        cls.client.x_fc_consent_express_date = cls.today
        cls.daughter = cls.env["res.partner"].create(
            {
                "name": "Anne Example",
                "email": "anne@example.com",
                "x_fc_consent_express_date": cls.today,
            }
        )

    def run_job(self):
        """Run the daily job; return the ledger of the contract, the oldest first."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            job = self.env.ref("fusion_repairs.ir_cron_send_maintenance_reminders")
            job.method_direct_trigger()
        self.env.invalidate_all()
        return self.contract.reminder_ids.sorted("id")

    def send(self, mails):
        """Let the queue send mails; return the addresses that got one."""
        reached = []

        def send_email(_server, message, **_options):
            reached.append(message["To"])
            return message["Message-Id"]

        servers = self.registry["ir.mail_server"]
        with (
            patch.object(servers, "_disable_send", lambda _self: False),
            patch.object(servers, "_connect__", lambda _self, **_options: None),
            patch.object(servers, "send_email", send_email),
        ):
            mails.send()
        self.env.flush_all()
        return reached

    def asked(self, reason):
        """Return the open office activities for a reason."""
        return self.contract._find_open_activities(reason)

    # Out of date while it waits ----------------------------------------------------

    def test_a_reminder_that_waits_is_sent_while_it_is_true(self):
        (row,) = self.run_job()
        self.assertEqual(len(self.send(row.mail_id)), 1)
        self.assertEqual(row.outcome, "sent")

    def test_booking_takes_a_waiting_reminder_back(self):
        (row,) = self.run_job()
        self.contract.action_send_link()
        link = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.book(self.contract)
        self.assertEqual(self.send(row.mail_id | link), [])
        self.assertEqual(row.outcome, "withdrawn")
        self.assertEqual((row.mail_id.state, link.state), ("cancel", "cancel"))

    def test_pausing_takes_it_back_and_resuming_reminds_again(self):
        (row,) = self.run_job()
        self.contract.action_pause()
        self.assertEqual(self.send(row.mail_id), [])
        self.assertEqual(row.outcome, "withdrawn")
        self.contract.action_resume()
        rows = self.run_job()
        self.assertEqual(rows.mapped("outcome"), ["withdrawn", "queued"])
        self.assertEqual(rows.mapped("band"), [30, 30])
        self.assertEqual(len(self.send(rows[1].mail_id)), 1)

    def test_cancelling_takes_it_back(self):
        (row,) = self.run_job()
        self.contract.action_cancel()
        self.assertEqual(self.send(row.mail_id), [])

    # Another owner -------------------------------------------------------------------

    def test_a_new_owner_is_reminded_and_the_former_one_gets_no_link(self):
        (row,) = self.run_job()
        former = self.contract.sudo().booking_token
        self.contract.partner_id = self.daughter
        self.assertEqual(row.outcome, "withdrawn")
        self.assertEqual(self.send(row.mail_id), [])
        self.assertNotEqual(self.contract.sudo().booking_token, former)
        rows = self.run_job()
        self.assertEqual(rows.mapped("client_id"), self.client | self.daughter)
        self.assertEqual(rows[1].band, 30)
        self.assertEqual(rows[1].mail_id.recipient_ids, self.daughter)

    def test_what_the_former_owner_got_does_not_count(self):
        (row,) = self.run_job()
        self.send(row.mail_id)
        self.contract.partner_id = self.daughter
        rows = self.run_job()
        self.assertEqual(rows.mapped("outcome"), ["sent", "queued"])
        self.assertEqual(rows.mapped("band"), [30, 30])

    def test_no_new_owner_while_a_visit_is_booked(self):
        self.book(self.contract)
        with self.assertRaisesRegex(UserError, "cancel the visit"):
            self.contract.partner_id = self.daughter

    def test_a_visit_of_the_former_owner_carries_no_link(self):
        visit = self.book_and_deliver()
        visit._cancel("Away")
        visit.client_message_ids.unlink()
        self.contract.partner_id = self.daughter
        visit._queue_message("cancelled", 7)
        message = self.latest(visit)
        self.assertEqual(message.state, "not_told")
        self.assertFalse(message.mail_id)

    # Archived ------------------------------------------------------------------------

    def test_an_archived_client_gets_no_mail_and_the_office_is_asked_once(self):
        (row,) = self.run_job()
        visit = self.book(self.contract)
        waiting = row.mail_id | visit.client_message_ids.mail_id
        self.assertEqual(len(waiting), 2)
        self.client.active = False
        self.assertEqual(len(self.asked("client_archived")), 1)
        self.assertEqual(self.send(waiting), [])
        self.move(visit)
        self.assertEqual(self.latest(visit).state, "not_told")
        visit._cancel("The office")
        rows = self.run_job()
        self.assertEqual(rows.mapped("outcome"), ["withdrawn", "call"])
        self.assertEqual(len(self.asked("client_archived")), 1)
        self.assertFalse(self.asked("call_due"))
        with self.assertRaisesRegex(UserError, "archived"):
            self.contract.action_send_link()

    # Bounces -------------------------------------------------------------------------

    def test_a_bounce_is_noted_and_the_office_calls(self):
        (row,) = self.run_job()
        self.send(row.mail_id)
        self.client._message_receive_bounce(self.client.email, self.client)
        self.assertEqual(row.outcome, "failed")
        self.assertIn("margaret@example.com", self.asked("mail_bounced").note)
        self.client._message_receive_bounce(self.client.email, self.client)
        self.assertEqual(len(self.asked("mail_bounced")), 1)

    def test_a_bounced_client_is_called_when_the_office_moves_the_visit(self):
        visit = self.book_and_deliver()
        self.client.message_bounce = 1
        self.move(visit)
        self.assertEqual(self.latest(visit).state, "no_email")
        self.assertIn("came back", self.asked("visit_changed").note)

    def test_a_corrected_address_is_trusted_again(self):
        self.client.message_bounce = 3
        self.client.email = "Margaret <MARGARET@example.com>"
        self.assertEqual(self.client.message_bounce, 3, "it is the same address")
        self.client.email = "margaret@example.org"
        self.assertEqual(self.client.message_bounce, 0)
        self.assertTrue(self.client._fc_accepts_maintenance_mail("reminder"))

    # What the mail server says --------------------------------------------------------

    def lose(self, mail, kind="mail_email_invalid"):
        """Let a mail be lost as the queue reports it."""
        mail._postprocess_sent_message(
            [], [], failure_reason="no recipient", failure_type=kind
        )

    def test_an_address_no_server_takes_becomes_a_call(self):
        (row,) = self.run_job()
        self.lose(row.mail_id)
        self.assertEqual(row.outcome, "call")
        self.assertEqual(len(self.asked("reminder_mail_failed")), 1)
        self.contract.action_send_link()
        link = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.asked("reminder_mail_failed").unlink()
        self.lose(link)
        self.assertEqual(len(self.asked("reminder_mail_failed")), 1)

    def test_only_a_refused_recipient_is_hopeless(self):
        (row,) = self.run_job()
        for said, hopeless in (
            (f"{REFUSED}(550, b'5.1.1 User unknown')}}", True),
            (f"{REFUSED}(550, b'No such user here')}}", True),
            (f"{REFUSED}(550, b'5.4.5 Daily user sending quota exceeded')}}", False),
            (f"{REFUSED}(550, b'5.7.1 Relaying denied')}}", False),
            (f"{REFUSED}(552, b'5.2.2 Mailbox full')}}", False),
            (f"{REFUSED}(450, b'4.2.0 Greylisted')}}", False),
            ("SMTPAuthenticationError: (535, b'5.7.8 Bad credentials')", False),
            ("SMTPDataError: (550, b'5.4.5 quota')", False),
            ("SMTPSenderRefused: (553, b'5.1.8 sender', 'dealer@b.ca')", False),
        ):
            with self.subTest(said=said):
                mail = row.mail_id
                mail.write({"state": "exception", "failure_reason": said})
                self.assertEqual(mail._fc_is_hopeless(fields.Datetime.now()), hopeless)

    def test_a_copy_that_is_lost_is_no_lost_mail_of_the_client(self):
        visit = self.book(self.contract)
        visit.attendee_email = "son@example.com"
        visit._queue_message("moved", 9)
        rows = visit.client_message_ids
        copy = rows.filtered(lambda row: row.audience == "copy")
        copy.mail_id._fc_give_up()
        self.assertFalse(self.asked("mail_failed"))
        (rows - copy)[:1].mail_id._fc_give_up()
        self.assertTrue(self.asked("mail_failed"))

    # Consent -------------------------------------------------------------------------

    def test_units_bought_elsewhere_allow_nothing(self):
        self.client.x_fc_consent_express_date = False
        self.contract.write(
            {
                "x_fc_source": "manual",
                "start_date": self.today - timedelta(days=10),
                "last_service_date": self.today - timedelta(days=5),
            }
        )
        self.assertEqual(self.client._fc_get_mail_obstacle("reminder"), "no_consent")
        self.env["fusion.repair.maintenance.visit"].search([]).unlink()
        visit = self.book(self.contract)
        visit._complete()
        self.assertIsNone(self.client._fc_get_mail_obstacle("reminder"))

    def test_a_text_message_needs_consent_as_a_mail_does(self):
        if "sms.sms" not in self.env:
            self.skipTest("Odoo's SMS app is not installed")
        self.client.write({"x_fc_consent_express_date": False, "phone": "416-555-0142"})
        self.contract.x_fc_source = "manual"
        with self.assertRaisesRegex(UserError, "no consent yet"):
            self.contract._check_link_text()

    def test_stopping_reminders_raises_no_call_for_a_mail_given_up_long_ago(self):
        (row,) = self.run_job()
        row.mail_id.write({"state": "exception", "x_fc_given_up": True})
        self.client._fc_opt_out("form")
        self.assertFalse(self.asked("call_due"))
