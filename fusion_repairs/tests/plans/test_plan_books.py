from odoo.tests import tagged

from .common import BooksCase


@tagged("post_install", "-at_install", "fusion")
class TestPlanBooks(BooksCase):
    """The money of a plan waits as a debt and becomes revenue visit by visit."""

    def test_the_invoice_is_a_debt_first(self):
        self.invoice(self.sold)
        self.assertEqual(self.balance(self.debt), -300.0)
        self.assertEqual(self.balance(self.income), 0.0)

    def test_each_visit_earns_its_share(self):
        self.invoice(self.sold)
        self.complete(self.book(self.contract))
        self.assertEqual(self.balance(self.debt), -150.0)
        self.assertEqual(self.balance(self.income), -150.0)
        self.assertFalse(self.sold._find_difference())

    def test_a_reopened_visit_takes_its_revenue_back(self):
        self.invoice(self.sold)
        visit = self.book(self.contract)
        self.complete(visit)
        visit.technician_task_id.sudo().action_reopen()
        self.assertEqual(self.balance(self.debt), -300.0)
        self.assertEqual(self.balance(self.income), 0.0)

    def test_visits_before_the_invoice_are_caught_up_with(self):
        self.complete(self.book(self.contract))
        self.assertEqual(self.balance(self.debt), 0.0)
        self.invoice(self.sold)
        self.prove()
        self.assertEqual(self.balance(self.debt), -150.0)
        self.prove()
        self.assertEqual(self.balance(self.debt), -150.0)

    def test_a_correction_by_hand_is_told(self):
        invoice = self.invoice(self.sold)
        self.assertFalse(self.sold._find_difference())
        invoice._reverse_moves(cancel=True)
        self.assertIn("books show", self.sold._find_difference())
        self.prove()
        self.prove()
        self.assertEqual(
            self.sold.activity_ids.mapped("summary"),
            ["Check the books of a service plan"],
        )

    def test_without_an_account_the_sale_is_revenue_at_once(self):
        self.company.x_fc_plan_liability_account_id = False
        self.invoice(self.sold)
        self.complete(self.book(self.contract))
        self.assertEqual(self.balance(self.income), -300.0)
        self.assertFalse(self.sold._find_difference())

    def test_a_visit_never_fails_because_of_the_books(self):
        self.invoice(self.sold)
        self.env["account.journal"].search([("type", "=", "general")]).active = False
        visit = self.book(self.contract)
        self.complete(visit)
        self.assertEqual(visit.state, "done")
        self.assertEqual(self.sold.used_count, 1)

    def test_several_plans_on_one_line_are_proven_each(self):
        plans = self.sell_plan(3)
        self.invoice(plans[:1])
        for plan in plans:
            self.assertFalse(plan._find_difference(), plan.name)
