from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .message_case import MessageCase


@tagged("post_install", "-at_install", "fusion")
class TestEmailPlaceholder(MessageCase):
    """Nobody's mailbox gets no mail of ours: the office calls."""

    def setUp(self):
        super().setUp()
        self.client.write(
            {"email": "noemail@shop.ca", "x_fc_consent_express_date": self.today}
        )

    def mails(self):
        """Return what waits in the queue about the client's unit."""
        self.env.flush_all()
        return self.env["mail.mail"].search(
            [("x_fc_maintenance_contract_id", "=", self.contract.id)]
        )

    def asked(self, reason):
        """Return the open office activities for a reason."""
        return self.contract._find_open_activities(reason)

    def test_which_contacts_have_one(self):
        for email, placeholder in (
            ("noemail@shop.ca", True),
            ("Ann <none@none.com>", True),
            ("ann@shop", True),
            ("ann@shop.ca, noemail@shop.ca", True),
            ("ann@shop.ca; bob@shop.ca", False),
            ("Margaret <margaret@example.com>", False),
            (False, False),
        ):
            self.client.email = email
            self.assertEqual(self.client.x_fc_email_placeholder, placeholder, email)
            mailable = bool(email) and not placeholder
            self.assertEqual(bool(self.client._fc_get_mail_address()), mailable, email)

    def test_the_form_says_so_while_it_is_typed(self):
        arch = self.env["res.partner"].get_view(
            self.env.ref("base.view_partner_form").id, "form"
        )["arch"]
        self.assertIn("clients with it are called", arch)
        with Form(self.client) as form:
            self.assertTrue(form.x_fc_email_placeholder)
            form.email = "margaret@featherstone.ca"
            self.assertFalse(form.x_fc_email_placeholder)

    def test_the_reminder_is_a_call(self):
        others = self.env["fusion.repair.maintenance.contract"].search(
            [("id", "!=", self.contract.id)]
        )
        others.state = "paused"
        self.contract.next_due_date = self.today + timedelta(days=20)
        self.env.flush_all()
        with self.enter_registry_test_mode():
            job = self.env.ref("fusion_repairs.ir_cron_send_maintenance_reminders")
            job.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.contract.reminder_ids.outcome, "call")
        self.assertFalse(self.mails())

    def test_the_office_cannot_send_the_link(self):
        with self.assertRaisesRegex(UserError, "valid email"):
            self.contract.action_send_link()
        self.assertFalse(self.mails())

    def test_what_happens_to_a_visit_is_told_by_phone(self):
        visit = self.book(self.contract)
        self.assertEqual(self.messages(visit), [("confirmation", "no_email")])
        self.assertFalse(self.client._fc_accepts_maintenance_mail("appointment"))
        visit.action_cancel()
        self.messages(visit)
        self.assertTrue(self.asked("visit_changed"))
        self.assertFalse(self.mails())

    def test_the_copy_to_who_will_be_there_neither(self):
        self.client.email = "margaret@example.com"
        visit = self.book(self.contract)
        for email, copied in (("none@none.com", False), ("ruth@example.com", True)):
            visit.attendee_email = email
            audiences = dict(visit._get_audiences())
            self.assertEqual("copy" in audiences, copied)

    def test_a_request_to_be_called_gets_no_answer_by_mail(self):
        self.contract._request_callback("416-555-0188")
        self.assertFalse(self.mails())

    def test_the_report_is_handed_over(self):
        visit = self.book(self.contract)
        visit._queue_report_mail()
        self.assertFalse(visit.report_mailed_at)
        self.assertTrue(self.asked(f"hand_over_report:{visit.id}"))
        self.assertFalse(self.mails())
