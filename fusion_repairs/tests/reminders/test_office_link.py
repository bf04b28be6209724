from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..booking.office_case import OfficeCase


@tagged("post_install", "-at_install", "fusion")
class TestOfficeLink(OfficeCase):
    """The link goes out again, by mail or by text, and nobody else reads it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client.write({"phone": "416-555-0123", "lang": "en_US"})
        cls.contract = cls.make_contract()

    def setUp(self):
        super().setUp()
        self.token = self.contract.sudo().booking_token
        self.last_mail = self.env["mail.mail"].search([], order="id desc", limit=1).id

    def new_mails(self):
        return self.env["mail.mail"].search([("id", ">", self.last_mail or 0)])

    def test_link_is_mailed_again_and_logged_without_the_token(self):
        self.as_dispatcher(self.contract).action_send_link()
        mail = self.new_mails()
        self.assertEqual(mail.recipient_ids, self.client)
        self.assertEqual(mail.state, "outgoing")
        self.assertIn(self.token, mail.body_html)
        self.assertFalse(mail.res_id)
        self.assertIn("List-Unsubscribe", mail.headers)
        notes = self.get_notes(self.contract)
        self.assertIn(self.dispatcher.name, notes)
        self.assertNotIn(self.token, notes)

    def test_bands_are_untouched(self):
        self.as_dispatcher(self.contract).action_send_link()
        self.assertFalse(self.contract.reminder_ids)
        self.assertFalse(self.contract.last_reminder_band)

    def test_at_most_once_an_hour(self):
        contract = self.as_dispatcher(self.contract)
        contract.action_send_link()
        with self.assertRaisesRegex(UserError, "less than an hour"):
            contract.action_send_link()
        self.assertEqual(len(self.new_mails()), 1)
        past = fields.Datetime.now() - timedelta(minutes=61)
        self.contract.link_sent_at = past
        contract.action_send_link()
        self.assertEqual(len(self.new_mails()), 2)

    def test_opted_out_and_unreachable_clients_are_not_written_to(self):
        for vals, words in (
            ({"x_fc_maintenance_opt_out": True}, "no reminders"),
            ({"email": False}, "no valid email"),
            ({"message_bounce": 3}, "came back"),
        ):
            before = self.client.read(list(vals))[0]
            self.client.write(vals)
            with (
                self.subTest(vals=vals),
                self.assertRaisesRegex(UserError, f"{words}.*call the client"),
            ):
                self.as_dispatcher(self.contract).action_send_link()
            before.pop("id")
            self.client.write(before)
        self.assertFalse(self.new_mails())
        self.assertFalse(self.contract.link_sent_at)

    def test_nothing_to_book_is_said(self):
        self.book(self.contract)
        with self.assertRaisesRegex(UserError, "booked already"):
            self.as_dispatcher(self.contract).action_send_link()
        paused = self.make_contract_of("Ada Example")
        paused.action_pause()
        with self.assertRaisesRegex(UserError, "not active"):
            self.as_dispatcher(paused).action_send_link()

    # Text messages -----------------------------------------------------------------

    def need_sms(self):
        if "sms.sms" not in self.env:
            self.skipTest("expected: Odoo's SMS app is not installed here")

    @property
    def number(self):
        # With or without the library that knows the world's numbers.
        return self.client._phone_format(number="416-555-0123")

    def open_text(self):
        return self.get_wizard(self.as_dispatcher(self.contract).action_text_link())

    def test_text_is_queued_with_the_link_and_nobody_reads_it_elsewhere(self):
        self.need_sms()
        wizard = self.open_text()
        self.assertNotIn(self.token, wizard.body)
        wizard.action_send()
        sms = self.env["sms.sms"].search([("partner_id", "=", self.client.id)])
        self.assertEqual(sms.number, self.number)
        self.assertEqual(sms.state, "outgoing")
        self.assertTrue(sms.body.endswith(self.contract._get_booking_url()))
        self.assertFalse(sms.mail_message_id)
        notes = self.get_notes(self.contract) + self.get_notes(self.client)
        self.assertIn(self.number, notes)
        self.assertNotIn(self.token, notes)
        self.assertNotIn(self.token, str(wizard.read()))
        with self.assertRaises(AccessError):
            self.as_dispatcher(sms).read(["body"])

    def test_text_is_in_the_clients_language(self):
        self.need_sms()
        words = self.contract.with_context(lang="fr_CA")
        self.client.lang = "fr_CA"
        with patch.object(
            self.registry[words._name], "_get_unit_name", lambda c: c.env.lang
        ):
            self.assertIn("fr_CA", self.open_text().body)
            self.client.lang = "en_US"
            self.assertIn("en_US", self.open_text().body)

    def test_text_goes_out_once_an_hour_and_to_real_numbers_only(self):
        self.need_sms()
        wizard = self.open_text()
        wizard.number = "12"
        with self.assertRaisesRegex(UserError, "no phone number"):
            wizard.action_send()
        wizard.number = "647 555 0199"
        wizard.action_send()
        with self.assertRaisesRegex(UserError, "less than an hour"):
            wizard.action_send()
        with self.assertRaisesRegex(UserError, "less than an hour"):
            self.open_text()

    def test_text_respects_the_clients_word(self):
        self.need_sms()
        wizard = self.open_text()
        self.env["phone.blacklist"].create({"number": self.number})
        with self.assertRaisesRegex(UserError, "no text messages"):
            wizard.action_send()
        self.client.x_fc_maintenance_opt_out = True
        with self.assertRaisesRegex(UserError, "no reminders"):
            self.open_text()

    def test_button_shows_only_where_a_text_can_be_sent(self):
        contract = self.as_dispatcher(self.contract)
        self.assertEqual(contract.can_text_link, "sms.sms" in self.env)
        self.client.phone = False
        self.assertFalse(contract.can_text_link)

    def test_without_the_sms_app_it_is_said(self):
        contract = self.as_dispatcher(self.contract)
        models = {k: v for k, v in self.registry.models.items() if k != "sms.sms"}
        with patch.object(self.registry, "models", models):
            contract.invalidate_recordset(["can_text_link"])
            self.assertFalse(contract.can_text_link)
            with self.assertRaisesRegex(UserError, "not installed"):
                contract.action_text_link()
