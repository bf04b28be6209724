from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PlanCase


@tagged("post_install", "-at_install", "fusion")
class TestPlanVisits(PlanCase):
    """A visit that a plan covers costs nothing and takes one of its visits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sold = cls.sell_plan()

    def test_a_covered_visit_costs_nothing(self):
        self.assertEqual(self.contract._get_fee_breakdown()["total"], 0.0)
        visit = self.book(self.contract)
        self.assertEqual(visit.x_fc_fee, 0.0)
        self.assertEqual(visit.sale_order_id.amount_total, 0.0)
        self.assertEqual(visit.plan_subscription_id, self.sold)
        self.assertEqual(self.sold.balance, 1)
        self.assertEqual(self.sold.unserved_count, 2)

    def test_a_unit_that_is_not_covered_pays(self):
        other = self.make_contract()
        self.assertAlmostEqual(other._get_fee_breakdown()["untaxed"], 179.0)
        self.assertFalse(self.book(other).plan_subscription_id)
        self.assertEqual(self.sold.balance, 2)

    def test_a_done_visit_is_used(self):
        self.complete(self.book(self.contract))
        self.assertEqual(self.kinds(self.sold), ["grant", "reserve", "burn"])
        self.assertEqual((self.sold.used_count, self.sold.unserved_count), (1, 1))
        self.assertAlmostEqual(self.sold.earned, 150.0)

    def test_a_cancelled_visit_is_given_back(self):
        visit = self.book(self.contract)
        visit._cancel("The client called.")
        self.assertEqual(self.kinds(self.sold), ["grant", "reserve", "give_back"])
        self.assertEqual(self.sold.balance, 2)

    def test_a_no_show_is_given_back(self):
        visit = self.book(self.contract)
        visit.technician_task_id.action_no_show()
        self.assertEqual(self.sold.balance, 2)

    def test_a_reopened_visit_is_not_used_any_more(self):
        visit = self.book(self.contract)
        self.complete(visit)
        visit.technician_task_id.sudo().action_reopen()
        self.assertEqual((self.sold.used_count, self.sold.balance), (0, 1))
        self.assertAlmostEqual(self.sold.earned, 0.0)
        self.assertEqual(self.kinds(self.sold), ["grant", "reserve", "burn", "burn"])

    def test_the_last_visit_earns_the_rest(self):
        for _number in range(2):
            self.complete(self.book(self.contract))
            self.contract.invalidate_recordset()
        self.assertEqual((self.sold.used_count, self.sold.balance), (2, 0))
        self.assertAlmostEqual(self.sold.earned, 300.0)
        self.assertAlmostEqual(self.contract._get_fee_breakdown()["untaxed"], 179.0)

    def test_units_on_one_visit_share_what_is_left(self):
        other = self.make_contract()
        self.sold.contract_ids |= other
        self.sold._correct(-1, "One visit was given by phone.")
        request = self.contract._prepare_visit_request(other)
        offer = self.contract._get_booking_slots(request)[0]
        visit = self.contract._book_slot(offer.value, companions=other)
        fees = sorted(visit._get_bundle().mapped("x_fc_fee"))
        self.assertEqual(fees, [0.0, 179.0])
        self.assertEqual(self.sold.balance, 0)

    def test_a_household_plan_covers_every_unit_at_the_place(self):
        self.sold.sudo().write({"coverage": "household", "contract_ids": False})
        other = self.make_contract()
        self.assertEqual(self.book(other).plan_subscription_id, self.sold)

    def test_a_household_plan_covers_its_categories_only(self):
        self.plan.category_ids = self.family
        self.sold.sudo().write({"coverage": "household", "contract_ids": False})
        self.assertFalse(self.book(self.contract).plan_subscription_id)

    def test_of_two_plans_the_one_that_ends_first_is_used(self):
        later = self.sell_plan()
        self.sold.date_end = self.today
        self.assertEqual(self.book(self.contract).plan_subscription_id, self.sold)
        self.assertEqual(later.balance, 2)

    def test_a_plan_without_visits_refuses(self):
        self.sold._correct(-2, "Both were given by phone.")
        with self.assertRaises(UserError):
            self.sold._add_move("correct", -1)

    def test_a_visit_reopened_on_an_empty_plan_costs_its_fee(self):
        visit = self.book(self.contract)
        visit._cancel("The client called.")
        self.sold._correct(-2, "Both were given by phone.")
        task = visit.technician_task_id
        task.sudo().action_reopen()
        self.assertFalse(visit.plan_subscription_id)
        self.assertAlmostEqual(visit.x_fc_fee, 179.0)
        self.assertAlmostEqual(visit.sale_order_id.amount_untaxed, 179.0)

    def test_a_unit_that_costs_nothing_takes_no_visit(self):
        self.contract.x_fc_maintenance_fee = 0.0
        self.assertFalse(self.book(self.contract).plan_subscription_id)
        self.assertEqual(self.sold.balance, 2)

    def test_a_firm_and_its_contact_are_one_client(self):
        firm = self.env["res.partner"].create({"name": "Home Inc.", "is_company": True})
        desk = self.env["res.partner"].create({"name": "Desk", "parent_id": firm.id})
        unit = self.make_contract(partner_id=firm.id, address_id=self.client.id)
        plan = self.sell_plan(client=desk)
        plan.contract_ids = unit
        self.assertEqual(self.book(unit).plan_subscription_id, plan)

    def test_a_rule_changed_later_is_not_that_of_sold_plans(self):
        self.plan.write({"unused_visits": "refund", "coverage": "household"})
        self.assertEqual(
            (self.sold.unused_visits, self.sold.coverage), ("keep", "unit")
        )

    def test_a_visit_given_back_after_the_end_is_a_question(self):
        visit = self.book(self.contract)
        self.complete(visit)
        self.sold._close("expired", "keep", "Expired.")
        visit.technician_task_id.sudo().action_reopen()
        visit._cancel("Not needed")
        self.assertEqual(self.sold.balance, 0)
        self.assertIn(
            "Check the books of a service plan",
            self.sold.activity_ids.mapped("summary"),
        )

    def test_what_is_said_of_a_booked_visit_is_what_pays_for_it(self):
        other = self.make_contract(x_fc_maintenance_fee=0.0)
        self.book(other)
        self.sold.contract_ids |= other
        text = other._get_no_charge_text()
        self.assertNotIn("plan", text)
        self.assertIn("Covered by your plan", self.contract._get_no_charge_text())
