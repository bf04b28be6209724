from datetime import date, datetime

from odoo.tests import tagged

from .enrolment_case import EnrolmentCase


@tagged("post_install", "-at_install", "fusion")
class TestSaleConfirmedAgain(EnrolmentCase):
    """An order that is cancelled, corrected and confirmed again says what counts."""

    def confirm_again(self, order, **vals):
        """Cancel an order, correct it, and confirm it again."""
        order._action_cancel()
        order.action_draft()
        order.write(vals)
        order.action_confirm()

    def test_other_client_gets_a_contract_of_their_own(self):
        heir = self.env["res.partner"].create({"name": "New Client"})
        order = self.confirmed(1, x_fc_serial_number="AG-1")
        former = self.in_care(order)
        link = former.sudo().booking_token
        self.confirm_again(order, partner_id=heir.id, partner_shipping_id=heir.id)
        new = self.in_care(order)
        self.assertEqual(former.state, "cancelled")
        self.assertEqual((new.partner_id, new.address_id), (heir, heir))
        self.assertEqual(new.x_fc_device_serial, "AG-1")
        contracts = self.env["fusion.repair.maintenance.contract"]
        self.assertFalse(contracts._find_by_token(link))

    def test_same_client_with_other_dates_and_place(self):
        order = self.sell(1)
        order.commitment_date = datetime(2030, 3, 31, 16, 0)
        order.action_confirm()
        contract = self.in_care(order)
        contract.x_fc_maintenance_fee = 150.0
        cottage = self.env["res.partner"].create({"name": "Cottage"})
        self.confirm_again(
            order,
            partner_shipping_id=cottage.id,
            commitment_date=datetime(2031, 6, 30, 16, 0),
        )
        self.assertEqual(self.in_care(order), contract)
        self.assertEqual(contract.start_date, date(2031, 6, 30))
        self.assertEqual(contract.next_due_date, date(2032, 6, 30))
        self.assertEqual(contract.address_id, cottage)
        self.assertEqual(contract.x_fc_maintenance_fee, 150.0)

    def test_date_that_the_office_chose_stays(self):
        order = self.confirmed(1)
        contract = self.in_care(order)
        contract.next_due_date = date(2030, 1, 1)
        self.confirm_again(order, commitment_date=datetime(2031, 6, 30, 16, 0))
        self.assertEqual(self.in_care(order), contract)
        self.assertEqual(contract.next_due_date, date(2030, 1, 1))
