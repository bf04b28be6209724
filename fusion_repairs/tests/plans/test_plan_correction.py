from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import PlanCase


@tagged("post_install", "-at_install", "fusion")
class TestPlanCorrection(PlanCase):
    """A manager corrects what is left of a plan by one more row, with a reason."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sold = cls.sell_plan()

    def correct(self, visits, user=None, **vals):
        wizards = self.env["fusion.repair.plan.correction.wizard"]
        wizards = wizards.with_user(user or self.manager)
        vals = {"subscription_id": self.sold.id, "visits": visits, **vals}
        wizards.create({"reason": "An apology", **vals}).action_confirm()

    def test_a_manager_adds_and_takes_off(self):
        self.correct(2)
        self.correct(-1)
        self.assertEqual(self.sold.balance, 3)
        self.assertEqual(self.kinds(self.sold), ["grant", "correct", "correct"])
        self.assertIn("An apology", self.sold.message_ids[0].body)

    def test_nothing_is_taken_that_is_not_there(self):
        with self.assertRaisesRegex(UserError, "no visit left"):
            self.correct(-3)
        with self.assertRaises(UserError):
            self.correct(0)

    def test_others_may_not(self):
        with self.assertRaises(AccessError):
            self.correct(1, self.dispatcher)

    def test_an_ended_plan_is_not_corrected(self):
        self.sold.action_cancel()
        with self.assertRaisesRegex(UserError, "ended already"):
            self.correct(1)
