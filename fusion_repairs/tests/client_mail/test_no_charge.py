from odoo.tests import tagged

from ...tools.mail_text import html_to_text
from .message_case import MessageCase


@tagged("post_install", "-at_install", "fusion")
class TestNoCharge(MessageCase):
    """Where there is nothing to pay, nothing is asked for and nothing is invoiced."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract.x_fc_maintenance_fee = 0
        cls.contract.no_charge_reason = "warranty"
        cls.client.x_fc_consent_express_date = cls.today

    def check(self, text):
        """Check what a mail says of the price."""
        text = text.replace("\xa0", " ")
        self.assertIn("There is no charge for this visit.", text)
        self.assertIn("The warranty covers it.", text)
        for words in ("$0.00", "You pay", "No tax"):
            self.assertNotIn(words, text)

    def test_the_reminder_says_so(self):
        self.contract._remind_and_mark()
        self.check(html_to_text(self.contract.reminder_ids.mail_id.body_html))

    def test_the_confirmation_says_so(self):
        self.book(self.contract)
        (mail,) = self.deliver()
        self.check(mail["text"])

    def test_why_is_said_in_any_case(self):
        self.contract.no_charge_reason = False
        text = self.contract._get_fee_breakdown()["no_charge"]
        self.assertIn("included with your equipment", text)
        self.contract.x_fc_maintenance_fee = 10
        self.assertFalse(self.contract._get_fee_breakdown()["no_charge"])

    def test_nothing_is_left_to_invoice(self):
        visit = self.book(self.contract)
        visit.technician_task_id.action_start()
        visit.technician_task_id.action_complete()
        self.assertEqual(visit.state, "done")
        order = visit.sale_order_id
        self.assertNotEqual(order.invoice_status, "to invoice")
        self.assertFalse(order.order_line.filtered("qty_to_invoice"))
        self.assertNotIn(order.state, ("draft", "sent"))

    def test_one_free_unit_of_two_says_so_in_its_line(self):
        other = self.make_contract()
        price = (self.contract | other)._get_bundle_breakdown()
        self.assertFalse(price["no_charge"])
        words = self.env["fusion.repair.public.words"]
        self.assertEqual(words._format_fee(0.0, price["currency"]), "no charge")

    def test_the_page_says_so(self):
        page = self.env["fusion.repair.public.page"]
        offer = page._prepare_offer(self.contract, self.contract.browse())
        self.assertIn("no charge", offer["price"]["note"])
        self.assertIn("no charge", offer["terms"]["price"])
