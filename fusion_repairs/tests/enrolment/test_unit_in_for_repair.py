from odoo.fields import Command
from odoo.tests import tagged

from .enrolment_case import EnrolmentCase

QUESTION = "The unit came in: does the client get it back?"
WHICH = "Which serial does the client have?"


@tagged("post_install", "-at_install", "fusion")
class TestUnitInForRepair(EnrolmentCase):
    """A unit that comes in and goes back out is the same unit, in the same care."""

    def asked(self, contract, summary=QUESTION):
        """Return the notes of the office's activities with a summary."""
        found = contract.activity_ids.filtered(lambda a: a.summary == summary)
        return found.mapped("note")

    def move_without_sale(self, lots=(), partner=None, inward=False, quantity=1):
        """Carry out a plain transfer to a client, or from one, without an order."""
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        places = (
            warehouse.lot_stock_id,
            self.env.ref("stock.stock_location_customers"),
        )
        start, end = reversed(places) if inward else places
        kind = warehouse.in_type_id if inward else warehouse.out_type_id
        route = {"location_id": start.id, "location_dest_id": end.id}
        move = {"product_id": self.product.id, "product_uom_qty": quantity, **route}
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": kind.id,
                "partner_id": (partner or self.client).id,
                "move_ids": [Command.create(move)],
                **route,
            }
        )
        picking.action_confirm()
        self.carry_out(picking, lots)
        return picking

    # In and out again ------------------------------------------------------------

    def test_unit_sent_back_is_no_second_unit(self):
        for refund in (False, True):  # whatever the dialog says on the way out
            with self.subTest(refund_on_the_way_out=refund):
                order = self.confirmed(1)
                picking = self.deliver(order)
                contract = self.in_care(order)
                came_in = self.send_back(picking, to_refund=False)
                due = contract.next_due_date
                back = self.send_back(came_in, to_refund=refund)
                back.move_ids.date = "2031-01-01 12:00:00"
                order._spawn_maintenance_contracts()
                self.assertEqual(order.x_fc_maintenance_contract_ids, contract)
                self.assertEqual(contract.next_due_date, due)

    def test_serial_sent_back_is_no_second_unit(self):
        self.track_serials()
        order = self.confirmed(1)
        lot = self.make_lot("F-1")
        came_in = self.send_back(self.deliver(order, [lot]), [lot], to_refund=False)
        self.send_back(came_in, [lot], to_refund=False)
        contract = order.x_fc_maintenance_contract_ids
        self.assertEqual(contract.lot_id, lot)
        self.assertEqual(contract.state, "active")
        self.assertFalse(self.asked(contract, WHICH))

    def test_serial_delivered_twice_is_one_unit(self):
        self.track_serials()
        order = self.confirmed(1)
        lot = self.make_lot("F-2")
        picking = self.deliver(order, [lot])
        self.send_back(picking, [lot], to_refund=False)
        again = picking.copy()  # a fresh delivery, not Odoo's return of the return
        again.action_confirm()
        self.carry_out(again, [lot])
        self.assertEqual(len(order.x_fc_maintenance_contract_ids), 1)

    def test_other_serial_sent_out_instead_is_put_to_the_office(self):
        self.track_serials()
        order = self.confirmed(1)
        lot, loan = self.make_lot("F-3"), self.make_lot("F-4")
        came_in = self.send_back(self.deliver(order, [lot]), [lot], to_refund=False)
        self.send_back(came_in, [loan], to_refund=False)
        contract = order.x_fc_maintenance_contract_ids
        self.assertEqual(contract.x_fc_device_serial, "F-3")
        (note,) = self.asked(contract, WHICH)
        self.assertIn("F-4", note)

    def test_unit_without_serial_that_comes_in_is_asked_about(self):
        order = self.confirmed(3)
        picking = self.deliver(order)
        self.send_back(picking, quantity=2, to_refund=False)
        contracts = self.in_care(order)
        self.assertEqual(len(contracts), 3)
        self.assertFalse(self.asked(contracts[0]))
        self.assertEqual(len(self.asked(contracts[1])), 1)
        self.assertEqual(len(self.asked(contracts[2])), 1)

    # Without a sale --------------------------------------------------------------

    def test_plain_receipt_from_a_client_ends_nothing_and_asks(self):
        self.track_serials()
        contract = self.make_contract(lot_id=self.make_lot("F-5").id)
        link = contract.sudo().booking_token
        self.move_without_sale(contract.lot_id)
        picking = self.move_without_sale(contract.lot_id, inward=True)
        self.assertTrue(picking.move_ids.to_refund)  # as Odoo has it by default
        self.assertEqual(contract.state, "active")
        self.assertEqual(contract.sudo().booking_token, link)
        self.assertEqual(len(self.asked(contract)), 1)

    def test_return_of_a_delivery_without_an_order_asks(self):
        self.track_serials()
        lot = self.make_lot("F-6")
        contract = self.make_contract(lot_id=lot.id)
        self.send_back(self.move_without_sale(lot), lot)
        self.assertEqual(contract.state, "active")
        self.assertEqual(len(self.asked(contract)), 1)

    def test_plain_receipt_without_serial_asks_about_the_clients_unit(self):
        mine = self.make_contract()
        heir = self.env["res.partner"].create({"name": "Somebody else"})
        other = self.make_contract(partner_id=heir.id)
        self.move_without_sale(inward=True)
        self.assertEqual(len(self.asked(mine)), 1)
        self.assertFalse(self.asked(other))

    def test_return_of_an_older_sale_is_for_good(self):
        self.track_serials()
        lot = self.make_lot("F-7")
        contract = self.make_contract(lot_id=lot.id)
        self.company.x_fc_maintenance_auto_enrol = False
        order = self.confirmed(1)
        self.send_back(self.deliver(order, [lot]), [lot])
        self.assertEqual(contract.end_cause, "return")

    # To whom ---------------------------------------------------------------------

    def test_delivery_to_the_place_of_the_unit_is_no_new_owner(self):
        self.track_serials()
        lot = self.make_lot("F-8")
        home = self.env["res.partner"].create({"name": "Sunny Home"})
        nurse = self.env["res.partner"].create({"name": "N", "parent_id": home.id})
        contract = self.make_contract(lot_id=lot.id, address_id=home.id)
        self.move_without_sale(lot, home)
        self.move_without_sale(lot, home, inward=True)
        self.move_without_sale(lot, nurse)
        self.assertEqual(contract.state, "active")
        self.assertEqual(lot.x_fc_maintenance_contract_ids, contract)

    def test_sale_that_is_not_followed_ships_elsewhere(self):
        self.track_serials()
        lot = self.make_lot("F-9")
        contract = self.make_contract(lot_id=lot.id)
        self.company.x_fc_maintenance_auto_enrol = False
        order = self.sell(1)
        order.partner_shipping_id = self.env["res.partner"].create({"name": "Depot"})
        order.action_confirm()
        self.deliver(order, [lot])
        self.assertEqual(contract.state, "active")

    # A serial that another product bears -------------------------------------------

    def test_delivered_serial_of_another_product_stops_nothing(self):
        scooter = self.env["product.product"].create({"name": "Scooter"})
        other = self.make_contract(product_id=scooter.id, x_fc_device_serial="1001")
        self.track_serials()
        order = self.confirmed(2)
        lots = [self.make_lot("1001"), self.make_lot("1002")]
        self.deliver(order, lots)
        contracts = self.in_care(order)
        self.assertEqual(other.state, "active")
        self.assertCountEqual(contracts.mapped("x_fc_device_serial"), ["1002", False])
        self.assertIn("delivery", contracts.mapped("start_date_source"))
        notes = [note for c in contracts for note in self.asked(c, WHICH)]
        self.assertIn(other.name, "".join(notes))
        self.assertFalse(order.activity_ids)
