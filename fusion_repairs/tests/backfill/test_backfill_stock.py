from datetime import date, datetime

from odoo.tests import tagged

from ..enrolment.enrolment_case import EnrolmentCase
from .backfill_case import BackfillCase


@tagged("post_install", "-at_install", "fusion")
class TestBackfillStock(BackfillCase, EnrolmentCase):
    """Deliveries, returns and invoices say which units there are, and since when."""

    def past(self, quantity=1, **line):
        order = self.confirmed(quantity, **line)
        order.date_order = datetime(2024, 1, 31, 15, 0)
        return order

    def found(self, order):
        units = self.open_wizard().line_ids.filtered(lambda u: u.order_id == order)
        return units.sorted("unit_index")

    def test_delivery_comes_before_the_order(self):
        order = self.past()
        self.deliver(order, when=datetime(2024, 3, 1, 3, 0))  # 29 February in Toronto
        unit = self.found(order)
        self.assertEqual(unit.anchor_source, "delivery")
        self.assertEqual(unit.anchor_date, date(2024, 2, 29))
        self.assertEqual(unit.natural_due_date, date(2025, 2, 28))

    def test_invoice_comes_before_the_order(self):
        order = self.past(product_id=self.service.id)
        self.service.x_fc_repair_category_id = self.category
        invoice = order._create_invoices()
        invoice.invoice_date = "2024-02-15"
        self.assertEqual(self.found(order).anchor_source, "order")
        invoice.action_post()
        unit = self.found(order)
        self.assertEqual(unit.anchor_source, "invoice")
        self.assertEqual(unit.anchor_date, date(2024, 2, 15))

    def test_delivered_lots_are_the_serials(self):
        self.track_serials()
        order = self.past(2)
        lots = [self.make_lot("sl-1"), self.make_lot("sl-2")]
        self.deliver(order, lots, when=datetime(2024, 3, 1, 15, 0))
        self.assertEqual(self.found(order).mapped("serial"), ["SL-1", "SL-2"])
        self.execute()
        contracts = self.contracts(order.order_line)
        self.assertEqual(list(contracts.sorted("x_fc_unit_index").lot_id), lots)
        self.assertEqual(set(contracts.mapped("start_date_source")), {"delivery"})

    def test_returned_serial_is_left_out(self):
        self.track_serials()
        order = self.past(2)
        one, two = self.make_lot("R-1"), self.make_lot("R-2")
        picking = self.deliver(order, [one, two], when=datetime(2024, 3, 1, 15, 0))
        self.send_back(picking, [one])
        units = {u.serial: u.reason for u in self.found(order)}
        self.assertEqual(units, {"R-1": "returned", "R-2": "new"})

    def test_unit_in_exchange_takes_the_place_of_the_returned_one(self):
        self.track_serials()
        order = self.past()
        old, new = self.make_lot("OLD"), self.make_lot("NEW")
        picking = self.deliver(order, [old], when=datetime(2024, 3, 1, 15, 0))
        back = self.send_back(picking, [old])
        self.send_back(back, [new])
        units = {u.serial: u.reason for u in self.found(order)}
        self.assertEqual(units, {"NEW": "new", "OLD": "returned"})

    def test_returned_unit_without_serial_is_the_last(self):
        order = self.past(3)
        picking = self.deliver(order, when=datetime(2024, 3, 1, 15, 0))
        self.send_back(picking, quantity=1)
        reasons = self.found(order).mapped("reason")
        self.assertEqual(reasons, ["new", "new", "returned"])

    def test_unit_that_came_in_for_a_repair_is_still_the_clients(self):
        order = self.past()
        picking = self.deliver(order, when=datetime(2024, 3, 1, 15, 0))
        self.send_back(picking, quantity=1, to_refund=False)
        self.assertEqual(self.found(order).reason, "new")
