from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PlanCase


@tagged("post_install", "-at_install", "fusion")
class TestPlanSale(PlanCase):
    """Selling the product of a plan starts it, once."""

    def test_a_confirmed_order_starts_a_plan(self):
        plan = self.sell_plan()
        self.assertEqual(
            [plan.visits, plan.balance, plan.price, plan.state],
            [2, 2, 300.0, "active"],
        )
        self.assertEqual(plan.partner_id, self.client)
        self.assertEqual(self.kinds(plan), ["grant"])
        self.assertEqual(plan.move_ids.visits, 2)
        self.assertRegex(plan.name, r"^SP/\d+$")

    def test_a_quotation_starts_none(self):
        self.sell_plan()
        before = self.plan.subscription_count
        self.env["sale.order"].create(
            {
                "partner_id": self.client.id,
                "order_line": [(0, 0, {"product_id": self.plan_product.id})],
            }
        )
        self.plan.invalidate_recordset()
        self.assertEqual(self.plan.subscription_count, before)

    def test_a_quantity_starts_as_many(self):
        plans = self.sell_plan(3)
        self.assertEqual(plans.mapped("price"), [300.0] * 3)

    def test_the_price_is_what_was_sold_before_tax(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.client.id,
                "order_line": [
                    (0, 0, {"product_id": self.plan_product.id, "discount": 10.0})
                ],
            }
        )
        order.action_confirm()
        plan = self.plan.env["fusion.repair.service.plan.subscription"].search(
            [("sale_line_id", "=", order.order_line.id)]
        )
        self.assertAlmostEqual(plan.price, 270.0)

    def test_confirming_again_starts_no_second_plan(self):
        plan = self.sell_plan()
        plan.sale_order_id.order_line._start_plans()
        self.assertEqual(self.plan.subscription_count, 1)

    def test_the_only_unit_of_the_client_is_covered(self):
        self.assertEqual(self.sell_plan().contract_ids, self.contract)

    def test_with_several_units_the_office_is_asked(self):
        self.make_contract()
        plan = self.sell_plan()
        self.assertFalse(plan.contract_ids)
        self.assertEqual(
            plan.activity_ids.summary, "Which unit does this service plan cover?"
        )

    def test_cancelling_the_order_ends_an_unused_plan(self):
        plan = self.sell_plan()
        plan.sale_order_id._action_cancel()
        self.assertEqual((plan.state, plan.balance), ("cancelled", 0))

    def test_cancelling_the_order_of_a_used_plan_is_a_question(self):
        plan = self.sell_plan()
        self.book(self.contract)
        plan.sale_order_id._action_cancel()
        self.assertEqual(plan.state, "active")
        self.assertIn("was cancelled", plan.activity_ids.summary)

    def test_a_plan_is_sold_as_a_service(self):
        with self.assertRaises(ValidationError):
            self.plan.product_id = self.product

    def test_impossible_plans_are_refused(self):
        for vals in (
            {"visits": 0},
            {"visits": 1000},
            {"validity_months": 0},
            {"validity_months": 121},
        ):
            with (
                self.subTest(vals=vals),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.plan.write(vals)
                self.plan.flush_recordset()

    def test_nobody_writes_the_ledger(self):
        plan = self.sell_plan()
        for user in (self.dispatcher, self.manager):
            mine = plan.with_user(user)
            with self.assertRaises(UserError):
                mine.balance = 99
            with self.assertRaises(UserError):
                mine.price = 1.0
            with self.assertRaises(UserError):
                mine.move_ids.write({"visits": 5})
            with self.assertRaises(AccessError):
                mine.env["fusion.repair.service.plan.move"].create(
                    {"subscription_id": plan.id, "kind": "grant", "visits": 5}
                )
        with self.assertRaises(UserError):
            plan.move_ids.write({"visits": 5})
        with self.assertRaises(UserError):
            plan.move_ids.unlink()

    def test_the_office_says_whom_it_covers(self):
        plan = self.sell_plan().with_user(self.dispatcher)
        other = self.make_contract()
        plan.contract_ids = other
        self.assertEqual(plan.contract_ids, other)
