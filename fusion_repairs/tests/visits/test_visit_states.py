from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import RepairsCase


@tagged("post_install", "-at_install", "fusion")
class TestVisitStates(RepairsCase):
    """Task, visit, contract, repair and order go in step, whoever starts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract()

    def setUp(self):
        super().setUp()
        self.due = self.contract.next_due_date
        self.token = self.contract.sudo().booking_token
        self.visit = self.book(self.contract)
        self.task = self.visit.technician_task_id

    def get_task(self, user):
        return self.task.with_user(user)

    def test_technician_starts_and_completes(self):
        technician = self.visit.technician_id
        self.get_task(technician).action_start()
        self.assertEqual(self.visit.state, "in_progress")
        self.get_task(technician).action_complete()
        self.assertEqual(self.visit.state, "done")
        self.assertEqual(self.visit.repair_order_id.state, "done")
        self.assertEqual(self.visit.sale_order_id.state, "sale")
        self.assertGreater(self.contract.next_due_date, self.due)
        self.assertNotEqual(self.contract.sudo().booking_token, self.token)
        self.assertFalse(self.contract.is_booked)
        self.assertEqual(self.visit.rolled_to, self.contract.next_due_date)

    def test_a_lost_race_is_run_again_not_swallowed(self):
        orders = type(self.env["sale.order"])
        race = psycopg2.errors.SerializationFailure("could not serialize access")
        with (
            patch.object(orders, "action_confirm", side_effect=race),
            self.assertRaises(psycopg2.OperationalError),
        ):
            self.task.action_complete()

    def test_completing_twice_rolls_once(self):
        self.task.action_complete()
        due = self.contract.next_due_date
        self.visit._follow_task()
        self.visit._complete()
        self.assertEqual(self.contract.next_due_date, due)

    def test_reopening_an_untouched_cycle_takes_the_roll_back(self):
        self.task.action_complete()
        self.task.action_reopen()
        self.assertEqual(self.visit.state, "scheduled")
        self.assertEqual(self.contract.next_due_date, self.due)
        self.assertEqual(self.contract.current_visit_id, self.visit)
        self.assertFalse(self.contract.last_service_date)
        self.task.action_schedule()
        self.task.action_complete()
        self.assertGreater(self.contract.next_due_date, self.due)

    def test_reopening_says_why_it_cannot(self):
        self.task.action_complete()
        self.contract.next_due_date += timedelta(days=3)
        with self.assertRaisesRegex(UserError, "moved on"):
            self.task.action_reopen()

    def test_reopening_after_the_next_booking_is_refused(self):
        self.task.action_complete()
        self.book(self.contract)
        with self.assertRaisesRegex(UserError, "booked already"):
            self.task.action_reopen()

    def test_no_show_and_cancelled_make_the_unit_bookable_again(self):
        for action, state in (
            ("action_no_show", "no_show"),
            ("action_cancel", "cancelled"),
        ):
            with self.subTest(action=action):
                visit = self.contract.current_visit_id or self.book(self.contract)
                getattr(visit.technician_task_id, action)()
                self.assertEqual(visit.state, state)
                self.assertFalse(self.contract.is_booked)
                self.assertFalse(self.contract.booking_repair_id)
                self.assertEqual(self.contract.next_due_date, self.due)
                self.assertEqual(self.contract.sudo().booking_token, self.token)
                self.assertEqual(visit.repair_order_id.state, "cancel")
                self.assertEqual(visit.sale_order_id.state, "cancel")
                # The new booking has ended what the last one left to do.
                self.assertEqual(len(self.contract.activity_ids), 1)
        self.assertTrue(self.book(self.contract))

    def test_cancelled_task_reopened_brings_its_visit_back(self):
        self.task.action_cancel()
        self.task.action_reopen()
        self.assertEqual(self.visit.state, "scheduled")
        self.assertEqual(self.visit.repair_order_id.state, "draft")
        self.assertEqual(self.visit.sale_order_id.state, "draft")

    def test_cancelling_the_visit_cancels_its_task(self):
        self.visit.with_user(self.dispatcher).action_cancel()
        self.assertEqual(self.visit.state, "cancelled")
        self.assertEqual(self.task.status, "cancelled")
        self.assertFalse(self.contract.is_booked)

    def test_only_the_office_cancels_a_visit(self):
        for user in (self.visit.technician_id, self.reader):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.visit.with_user(user).action_cancel()

    def test_two_units_share_a_task(self):
        other = self.make_contract()
        second = self.env["fusion.repair.maintenance.visit"].create(
            {
                "contract_id": other.id,
                "partner_id": self.client.id,
                "product_id": self.product.id,
                "technician_task_id": self.task.id,
            }
        )
        self.visit._cancel()
        self.assertEqual(self.task.status, "scheduled")
        self.task.action_complete()
        self.assertEqual(second.state, "done")
        self.assertEqual(self.visit.state, "cancelled")
        self.assertGreater(other.next_due_date, self.due)
        self.assertEqual(self.contract.next_due_date, self.due)

    def test_cancelling_the_contract_cancels_its_visit(self):
        self.contract.with_user(self.dispatcher).action_cancel()
        self.assertEqual(self.contract.state, "cancelled")
        self.assertEqual(self.visit.state, "cancelled")
        self.assertEqual(self.task.status, "cancelled")

    def test_parts_without_quantity_leave_the_repair_to_the_office(self):
        part = self.env["product.product"].create({"name": "Belt", "type": "consu"})
        repair = self.visit.repair_order_id
        self.env["stock.move"].create(
            {
                "repair_id": repair.id,
                "repair_line_type": "add",
                "product_id": part.id,
                "product_uom_qty": 1,
                "company_id": self.company.id,
                "location_id": repair.location_id.id,
                "location_dest_id": repair.location_dest_id.id,
            }
        )
        self.task.action_complete()
        self.assertEqual(self.visit.state, "done")
        self.assertNotIn(repair.state, ("done", "cancel"))
        self.assertIn(repair.name, str(self.contract.activity_ids.mapped("summary")))
