from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BooksCase


@tagged("post_install", "-at_install", "fusion")
class TestPlanEnd(BooksCase):
    """Plans expire or are cancelled; nothing of their money is lost."""

    def expire(self):
        self.sold.write(
            {
                "date_start": self.today - timedelta(days=400),
                "date_end": self.today - timedelta(days=2),
            }
        )
        self.prove()

    def test_unused_visits_become_revenue_at_the_end(self):
        self.invoice(self.sold)
        self.complete(self.book(self.contract))
        self.expire()
        self.assertEqual((self.sold.state, self.sold.balance), ("expired", 0))
        self.assertEqual(self.balance(self.debt), 0.0)
        self.assertEqual(self.balance(self.income), -300.0)
        self.assertFalse(self.sold._find_difference())

    def test_unused_visits_are_refunded_by_rule(self):
        self.sold.unused_visits = "refund"
        self.invoice(self.sold)
        self.complete(self.book(self.contract))
        self.expire()
        credit = (
            self.env["account.move"]
            .search([("invoice_line_ids.x_fc_plan_subscription_id", "=", self.sold.id)])
            .filtered(lambda move: move.move_type == "out_refund")
        )
        self.assertEqual(credit.state, "draft")
        self.assertAlmostEqual(credit.amount_untaxed, 150.0)
        self.assertAlmostEqual(credit.amount_total, 169.5)
        self.assertFalse(self.sold._find_difference())
        credit.action_post()
        self.assertEqual(self.balance(self.debt), 0.0)
        self.assertFalse(self.sold._find_difference())

    def test_a_booked_visit_stays_covered_after_the_end(self):
        visit = self.book(self.contract)
        self.expire()
        self.assertEqual(self.sold.state, "active")
        self.complete(visit)
        self.prove()
        self.assertEqual((self.sold.state, self.sold.used_count), ("expired", 1))

    def test_an_expired_plan_covers_nothing(self):
        self.expire()
        self.assertFalse(self.book(self.contract).plan_subscription_id)

    def test_cancelling_refunds_pro_rata(self):
        self.invoice(self.sold)
        self.complete(self.book(self.contract))
        self.assertAlmostEqual(self.sold.refund_amount, 150.0)
        self.sold.with_user(self.dispatcher).action_cancel()
        self.assertEqual((self.sold.state, self.sold.refund_due), ("cancelled", 150.0))
        self.assertIn("Refund", self.sold.activity_ids.summary)

    def test_a_plan_with_a_booked_visit_is_not_cancelled(self):
        self.book(self.contract)
        with self.assertRaisesRegex(UserError, "are booked"):
            self.sold.with_user(self.dispatcher).action_cancel()

    def test_a_plan_is_cancelled_once(self):
        self.sold.action_cancel()
        with self.assertRaisesRegex(UserError, "ended already"):
            self.sold.action_cancel()

    def test_cooling_off_counts_from_the_copy(self):
        self.assertFalse(self.sold.cooling_off_until)
        self.sold.write({"signed_at_home": True, "received_on": self.today})
        self.assertEqual(self.sold.cooling_off_until, self.today + timedelta(days=10))
