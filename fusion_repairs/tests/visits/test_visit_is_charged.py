from odoo.fields import Command
from odoo.tests import tagged

from ..common import RepairsCase


@tagged("post_install", "-at_install", "fusion")
class TestVisitIsCharged(RepairsCase):
    """A visit that took place is delivered, so its order can be invoiced."""

    def setUp(self):
        super().setUp()
        self.service.invoice_policy = "delivery"
        self.visit = self.book(self.make_contract())
        self.task = self.visit.technician_task_id
        self.order = self.visit.sale_order_id

    def complete(self):
        self.task.action_start()
        self.task.action_complete()

    def assert_charged(self, quantity, status):
        self.env.flush_all()
        self.assertEqual(self.order.order_line.qty_delivered, quantity)
        self.assertEqual(self.order.invoice_status, status)

    def test_a_done_visit_is_to_be_invoiced(self):
        self.complete()
        self.assertEqual(self.order.state, "sale")
        self.assert_charged(1.0, "to invoice")

    def test_what_is_ordered_counts_the_same_way(self):
        self.service.invoice_policy = "order"
        self.complete()
        self.assert_charged(1.0, "to invoice")

    def test_a_visit_that_is_only_booked_is_not_delivered(self):
        self.order.action_confirm()
        self.assert_charged(0.0, "no")

    def test_a_visit_that_did_not_take_place_is_not_charged(self):
        for end in ("action_no_show", "action_cancel"):
            with self.subTest(end=end):
                visit = self.book(self.make_contract())
                self.order = visit.sale_order_id
                self.order.action_confirm()
                getattr(visit.technician_task_id, end)()
                self.assert_charged(0.0, "no")

    def test_a_reopened_visit_is_not_delivered_any_more(self):
        self.complete()
        self.task.action_reopen()
        self.assertEqual(self.visit.state, "scheduled")
        self.assert_charged(0.0, "no")

    def test_the_quantity_that_the_office_corrects_is_charged(self):
        self.order.order_line.product_uom_qty = 2
        self.complete()
        self.assert_charged(2.0, "to invoice")
        self.order.order_line.product_uom_qty = 3
        self.assert_charged(3.0, "to invoice")

    def test_only_the_unit_that_was_visited_is_charged(self):
        lead = self.make_contract()
        other = self.make_contract()
        offer = lead._get_booking_slots(lead._prepare_visit_request(other))[0]
        visit = lead._book_slot(offer.value, companions=other)
        second = other.current_visit_id
        self.order = visit.sale_order_id
        self.order.action_confirm()
        visit.sudo()._complete()
        self.env.flush_all()
        self.assertEqual(visit.sale_line_id.qty_delivered, 1.0)
        self.assertEqual(second.sale_line_id.qty_delivered, 0.0)

    def test_what_others_count_is_put_to_the_office(self):
        self.order.order_line.product_id = self.env["product.product"].create(
            {"name": "Goods", "type": "consu", "invoice_policy": "delivery"}
        )
        self.order.order_line.price_unit = 99
        self.complete()
        asked = self.visit.contract_id._find_open_activities(f"invoice:{self.visit.id}")
        self.assertTrue(asked)

    def test_an_order_that_was_no_visit_is_left_alone(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.client.id,
                "order_line": [Command.create({"product_id": self.service.id})],
            }
        )
        order.action_confirm()
        order.order_line.qty_delivered = 1
        order.order_line.product_uom_qty = 2
        self.assertEqual(order.order_line.qty_delivered, 1)
