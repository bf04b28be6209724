from odoo.tests import new_test_user, tagged

from .enrolment_case import EnrolmentCase


@tagged("post_install", "-at_install", "fusion")
class TestManyUnits(EnrolmentCase):
    """A quantity that may be mistyped makes no contract before it is confirmed."""

    def asked(self, order):
        return order.activity_ids.filtered(lambda a: a._get_request() == "many_units")

    def test_a_thousand_units_are_asked_about(self):
        order = self.confirmed(1000)
        self.assertEqual(order.state, "sale")
        self.assertFalse(order.x_fc_maintenance_contract_ids)
        self.assertEqual(len(self.asked(order)), 1)
        self.assertTrue(order.x_fc_many_units_asked)
        order._spawn_maintenance_contracts()
        self.assertEqual(len(self.asked(order)), 1)

    def test_the_quantity_is_corrected(self):
        order = self.confirmed(1000)
        order.order_line.product_uom_qty = 1
        self.assertEqual(len(self.in_care(order)), 1)
        self.assertFalse(self.asked(order))

    def test_the_quantity_is_meant(self):
        order = self.confirmed(101)
        seller = new_test_user(
            self.env, "fr_seller", groups="sales_team.group_sale_salesman_all_leads"
        )
        order.with_user(seller).action_enrol_many_units()
        self.assertEqual(len(self.in_care(order)), 101)
        self.assertFalse(self.asked(order))

    def test_a_large_house_is_enrolled_without_a_question(self):
        order = self.confirmed(100)
        self.assertEqual(len(self.in_care(order)), 100)
        self.assertFalse(self.asked(order))

    def test_a_zero_too_many_on_a_line_that_is_enrolled(self):
        order = self.confirmed(2)
        order.order_line.product_uom_qty = 2000
        self.assertEqual(len(self.in_care(order)), 2)
        self.assertTrue(self.asked(order))
        order.order_line.product_uom_qty = 3
        self.assertEqual(len(self.in_care(order)), 3)
        self.assertFalse(self.asked(order))
