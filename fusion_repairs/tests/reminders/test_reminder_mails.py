from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from ..common import RepairsCase

JOB = "odoo.addons.fusion_repairs.tools.savepoints"
QUEUE = "odoo.addons.mail.models.mail_mail"
UNKNOWN = "SMTPRecipientsRefused: {'x@example.com': (550, b'5.1.1 User unknown')}"
BUSY = "SMTPConnectError: (421, b'Try again later')"


@tagged("post_install", "-at_install", "fusion")
class TestReminderMails(RepairsCase):
    """What becomes of a queued reminder: sent once, tried again, or a call."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["fusion.repair.maintenance.contract"].search([]).state = "paused"
        cls.contract = cls.make_contract()
        cls.contract._send_reminders({cls.contract: 30})
        cls.row = cls.contract.reminder_ids
        cls.mail = cls.row.mail_id
        cls.env.flush_all()

    def send(self, error=None):
        """Let the queue send the mail; returns the messages that went out."""
        servers = self.registry["ir.mail_server"]
        sent = []

        def send_email(_server, message, **_options):
            if error:
                raise MailDeliveryException("Mail Delivery Failed", error)
            sent.append(message)
            return message["Message-Id"]

        with (
            patch.object(servers, "_disable_send", lambda _self: False),
            patch.object(servers, "_connect__", lambda _self, **_options: None),
            patch.object(servers, "send_email", send_email),
            mute_logger(QUEUE),
        ):
            self.mail.send()
        return sent

    def retry(self):
        """Run the job that tries failed mails again."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            job = self.env.ref("fusion_repairs.ir_cron_retry_maintenance_mails")
            job.method_direct_trigger()
        self.env.invalidate_all()

    def test_a_mail_that_went_out_is_noted_though_odoo_deletes_it(self):
        (message,) = self.send()
        self.assertFalse(self.mail.exists())
        self.assertEqual(self.row.outcome, "sent")
        self.assertIn("margaret@example.com", message["To"])
        self.assertIn("One-Click", message["List-Unsubscribe-Post"])

    def test_a_server_that_is_away_is_tried_again_ever_less_often(self):
        waits, now = [], fields.Datetime.now()
        for _attempt in range(9):
            self.send(BUSY)
            self.assertEqual(
                (self.mail.state, self.row.outcome), ("exception", "failed")
            )
            self.assertIn("421", self.row.reason)
            with freeze_time(now):
                self.retry()
                self.assertEqual(self.mail.state, "outgoing")
                self.assertEqual(self.row.outcome, "queued")
                waits.append(
                    round((self.mail.x_fc_retry_at - now).total_seconds() / 60)
                )
                # Too early: nothing happens.
                self.send(BUSY)
                self.retry()
                self.assertEqual(self.mail.state, "exception")
            now = self.mail.x_fc_retry_at
            self.mail.state = "outgoing"
            if now > self.mail.create_date + timedelta(hours=24):
                break
        self.assertEqual(waits[:8], [5, 10, 20, 40, 80, 160, 320, 360])
        self.assertFalse(self.contract.activity_ids)

    def test_after_a_day_the_office_calls(self):
        self.send(BUSY)
        with freeze_time(fields.Datetime.now() + timedelta(hours=25)):
            self.retry()
            self.retry()
        self.assertEqual(self.mail.state, "exception")
        self.assertTrue(self.mail.x_fc_given_up)
        self.assertEqual(self.row.outcome, "failed")
        self.assertEqual(len(self.contract.activity_ids), 1)
        self.assertEqual(self.contract.activity_ids.user_id, self.dispatcher)
        self.assertIn("421", self.contract.activity_ids.note)

    def test_an_unknown_address_is_not_tried_again(self):
        self.send(UNKNOWN)
        self.retry()
        self.assertEqual(self.mail.state, "exception")
        self.assertEqual(self.row.outcome, "failed")
        self.assertIn("550", self.row.reason)
        self.assertEqual(len(self.contract.activity_ids), 1)

    def test_a_broken_line_is_found_though_the_queue_reported_nothing(self):
        self.mail.write({"state": "exception", "failure_type": "unknown"})
        self.assertEqual(self.row.outcome, "queued")
        self.retry()
        self.assertEqual(self.mail.state, "outgoing")

    def test_a_mail_sent_again_keeps_its_message_id(self):
        # The worker dies when the server has the mail, but before it could be noted.
        with self.env.cr.savepoint() as savepoint:
            (first,) = self.send()
            savepoint.rollback()
        self.env.invalidate_all()
        self.assertEqual((self.mail.state, self.row.outcome), ("outgoing", "queued"))
        (again,) = self.send()
        self.assertTrue(first["Message-Id"])
        self.assertEqual(again["Message-Id"], first["Message-Id"])

    def test_what_is_out_of_date_is_withdrawn_instead_of_tried_again(self):
        for change in ("book", "pause", "cycle"):
            with self.subTest(change=change), self.env.cr.savepoint() as savepoint:
                self.send(BUSY)
                if change == "book":
                    self.book(self.contract)
                elif change == "pause":
                    self.contract.action_pause()
                else:
                    self.contract.next_due_date = self.today + timedelta(days=300)
                self.retry()
                self.assertEqual(self.mail.state, "cancel")
                self.assertEqual(self.row.outcome, "withdrawn")
                savepoint.rollback()
                self.env.invalidate_all()

    @mute_logger(JOB, "odoo.addons.mail.models.mail_render_mixin")
    def test_a_template_broken_in_one_language_stops_the_other_one_not(self):
        self.env["res.lang"]._activate_lang("fr_CA")
        self.contract.state = "paused"
        english, french = self.make_contract(), self.make_contract()
        french.partner_id = self.client.copy({"lang": "fr_CA", "email": "fr@x.ca"})
        template = self.env.ref("fusion_repairs.mail_template_maintenance_reminder")
        # Odoo refuses that on the form: it comes with a file of translations.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_template SET subject = subject || %s::jsonb WHERE id = %s",
            ['{"fr_CA": "{{ object.no_such_field }}"}', template.id],
        )
        self.env.invalidate_all()
        with self.enter_registry_test_mode():
            self.env.ref(
                "fusion_repairs.ir_cron_send_maintenance_reminders"
            ).method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(english.reminder_ids.outcome, "queued")
        self.assertFalse(english.reminder_error)
        self.assertFalse(french.reminder_ids)
        self.assertTrue(french.reminder_error)
        self.assertEqual(french.activity_ids.summary, "Reminder failed")

    def test_other_peoples_mails_are_left_alone(self):
        mail = self.env["mail.mail"].create(
            {"state": "exception", "email_to": "a@b.ca"}
        )
        self.retry()
        self.assertEqual(mail.state, "exception")

    @mute_logger(JOB)
    def test_a_failed_mail_that_cannot_be_handled_holds_up_no_other(self):
        poison, other = self.mail, self.mail.copy()
        (poison | other).state = "exception"
        mails = self.registry["mail.mail"]
        real = mails._fc_retry_or_give_up

        def fail(some, now):
            if poison.id in some.ids:
                raise ValueError("broken")
            return real(some, now)

        with patch.object(mails, "_fc_retry_or_give_up", fail):
            self.retry()
        self.assertEqual((poison.state, other.state), ("exception", "outgoing"))
