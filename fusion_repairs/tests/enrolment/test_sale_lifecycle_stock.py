from datetime import date, datetime

from odoo.tests import tagged

from .enrolment_case import EnrolmentCase


@tagged("post_install", "-at_install", "fusion")
class TestSaleLifecycleStock(EnrolmentCase):
    """Deliveries and returns tell which unit the client has, and since when."""

    # Delivered -------------------------------------------------------------------

    def test_delivery_corrects_the_first_date(self):
        order = self.sell(1)
        order.commitment_date = datetime(2030, 3, 31, 16, 0)
        order.action_confirm()
        contract = self.in_care(order)
        self.deliver(order)
        self.assertEqual(contract.start_date_source, "delivery")
        self.assertEqual(contract.start_date, contract._get_today())
        self.assertEqual(contract.next_due_date, contract.first_due_date)
        self.assertLess(contract.next_due_date, date(2030, 1, 1))
        self.assertIn("counted from", contract.next_due_reason)

    def test_booked_visit_keeps_the_date(self):
        order = self.sell(1)
        order.commitment_date = datetime(2030, 3, 31, 16, 0)
        order.action_confirm()
        contract = self.in_care(order)
        self.book(contract)
        self.deliver(order)
        self.assertEqual(contract.start_date, date(2030, 3, 31))
        self.assertEqual(contract.start_date_source, "commitment")

    def test_date_that_the_office_chose_stays(self):
        order = self.confirmed(1)
        contract = self.in_care(order)
        contract.write({"start_date": "2026-01-01", "next_due_date": "2030-01-01"})
        self.deliver(order)
        self.assertEqual(contract.next_due_date, date(2030, 1, 1))

    def test_delivered_serials_fill_in_the_units(self):
        self.track_serials()
        order = self.confirmed(2)
        lots = [self.make_lot("sl-1"), self.make_lot("sl-2")]
        self.deliver(order, lots)
        contracts = self.in_care(order)
        self.assertEqual(contracts.mapped("x_fc_device_serial"), ["SL-1", "SL-2"])
        self.assertEqual(list(contracts.lot_id), lots)

    def test_serial_of_the_line_finds_its_lot_whatever_the_order(self):
        self.track_serials()
        order = self.confirmed(2, x_fc_serial_number="sl-1\nsl-2")
        two, one = self.make_lot("sl-2"), self.make_lot("SL-1")
        self.deliver(order, [two, one])
        self.assertEqual(list(self.in_care(order).lot_id), [one, two])

    def test_other_serial_than_sold_is_put_to_the_office(self):
        self.track_serials()
        order = self.confirmed(1, x_fc_serial_number="SL-1")
        self.deliver(order, [self.make_lot("SL-9")])
        contract = self.in_care(order)
        self.assertEqual(contract.x_fc_device_serial, "SL-1")
        self.assertIn("SL-9", contract.activity_ids.note)

    def test_part_of_the_units_delivered_later(self):
        self.track_serials()
        order = self.confirmed(2)
        self.deliver(order, [self.make_lot("P-1")])
        picking = order.picking_ids.filtered(lambda p: p.state == "done")
        backorder = picking.backorder_ids or order.picking_ids - picking
        self.assertEqual(
            self.in_care(order).mapped("x_fc_device_serial"), ["P-1", False]
        )
        if not backorder:
            backorder = picking.copy()
        self.carry_out(backorder, [self.make_lot("P-2")])
        self.assertEqual(
            self.in_care(order).mapped("x_fc_device_serial"), ["P-1", "P-2"]
        )

    def test_more_delivered_than_ordered_is_enrolled(self):
        order = self.confirmed(1)
        self.deliver(order, quantity=2)
        self.assertEqual(len(self.in_care(order)), 2)

    def test_clerk_without_rights_on_contracts_can_deliver(self):
        order = self.confirmed(1)
        picking = order.picking_ids
        clerk = self.make_user("user", "fr_clerk")
        clerk.group_ids |= self.env.ref("stock.group_stock_user")
        self.carry_out(picking.with_user(clerk))
        self.assertEqual(self.in_care(order).start_date_source, "delivery")

    # Sent back -------------------------------------------------------------------

    def test_returned_serial_ends_its_contract(self):
        self.track_serials()
        order = self.confirmed(2)
        lots = [self.make_lot("R-1"), self.make_lot("R-2")]
        picking = self.deliver(order, lots)
        first, second = self.in_care(order)
        link = first.sudo().booking_token
        self.send_back(picking, lots[:1])
        self.assertEqual((first.state, second.state), ("cancelled", "active"))
        self.assertEqual(first.end_cause, "return")
        self.assertNotEqual(first.sudo().booking_token, link)
        self.assertIn("came back", first.message_ids[0].body)

    def test_returned_unit_without_serial_is_the_last(self):
        order = self.confirmed(3)
        picking = self.deliver(order)
        self.send_back(picking, quantity=2)
        self.assertEqual(self.indexes(order), [1])

    def test_returned_unit_is_not_enrolled_again_by_a_change(self):
        order = self.confirmed(2)
        picking = self.deliver(order)
        self.send_back(picking)
        order.order_line.x_fc_serial_number = "Z-1"
        self.assertEqual(len(self.in_care(order)), 1)

    def test_unit_delivered_again_is_taken_up_again(self):
        self.track_serials()
        order = self.confirmed(1)
        lot = self.make_lot("R-3")
        contract = self.in_care(order)
        back = self.send_back(self.deliver(order, [lot]), [lot])
        self.assertEqual(contract.state, "cancelled")
        self.send_back(back, [lot])
        self.assertEqual(self.in_care(order), contract)
        self.assertFalse(contract.end_cause)

    def test_other_unit_in_exchange_gets_its_own_contract(self):
        self.track_serials()
        order = self.confirmed(1)
        old, new = self.make_lot("OLD"), self.make_lot("NEW")
        back = self.send_back(self.deliver(order, [old]), [old])
        self.send_back(back, [new])
        self.assertEqual(self.in_care(order).x_fc_device_serial, "NEW")

    def test_unit_in_for_repair_stays_in_care(self):
        self.track_serials()
        order = self.confirmed(1)
        lot = self.make_lot("R-4")
        picking = self.deliver(order, [lot])
        self.send_back(picking, [lot], to_refund=False)
        contract = self.in_care(order)
        self.assertEqual(contract.state, "active")
        self.assertTrue(contract.activity_ids)

    def test_returned_unit_with_a_booked_visit_frees_the_technician(self):
        order = self.confirmed(1)
        contract = self.in_care(order)
        picking = self.deliver(order)
        visit = self.book(contract)
        self.send_back(picking)
        self.assertEqual(contract.state, "cancelled")
        self.assertEqual(visit.state, "cancelled")
        self.assertEqual(visit.technician_task_id.status, "cancelled")
