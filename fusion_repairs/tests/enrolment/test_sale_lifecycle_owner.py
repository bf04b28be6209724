from odoo.tests import tagged

from .enrolment_case import EnrolmentCase


@tagged("post_install", "-at_install", "fusion")
class TestSaleLifecycleOwner(EnrolmentCase):
    """A unit has one owner: sold on, its old care and its old link end at once."""

    def setUp(self):
        super().setUp()
        self.heir = self.env["res.partner"].create({"name": "New Owner"})

    def assert_handed_over(self, contract, link, new):
        self.assertEqual(contract.state, "cancelled")
        self.assertEqual(contract.end_cause, "sold_on")
        self.assertIn("New Owner", contract.message_ids[0].body)
        contracts = self.env["fusion.repair.maintenance.contract"]
        self.assertFalse(contracts._find_by_token(link))
        self.assertEqual(new.partner_id, self.heir)
        self.assertEqual(new.x_fc_device_serial, contract.x_fc_device_serial)
        self.assertNotEqual(new.sudo().booking_token, link)

    def test_lot_delivered_to_another_client_has_a_new_owner(self):
        self.track_serials()
        lot = self.make_lot("L-1")
        sold = self.confirmed(1)
        picking = self.deliver(sold, [lot])
        first = self.in_care(sold)
        link = first.sudo().booking_token
        self.send_back(picking, [lot], to_refund=False)  # in for an overhaul
        order = self.sell(1, partner=self.heir)
        order.action_confirm()
        self.deliver(order, [lot])
        self.assert_handed_over(first, link, self.in_care(order))

    def test_lot_delivered_without_a_sale_is_handed_over(self):
        self.track_serials()
        lot = self.make_lot("L-2")
        first = self.make_contract(lot_id=lot.id)
        link = first.sudo().booking_token
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        customers = self.env.ref("stock.stock_location_customers")
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": warehouse.out_type_id.id,
                "partner_id": self.heir.id,
                "location_id": warehouse.lot_stock_id.id,
                "location_dest_id": customers.id,
                "move_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": self.product.id,
                            "product_uom_qty": 1,
                            "location_id": warehouse.lot_stock_id.id,
                            "location_dest_id": customers.id,
                        },
                    )
                ],
            }
        )
        picking.action_confirm()
        self.carry_out(picking, [lot])
        new = lot.x_fc_maintenance_contract_ids - first
        self.assert_handed_over(first, link, new)
        self.assertEqual(new.next_due_date, first.next_due_date)

    def test_same_owner_keeps_the_contract(self):
        first = self.make_contract(x_fc_device_serial="S9")
        order = self.confirmed(1, x_fc_serial_number="S9")
        self.assertFalse(self.in_care(order))
        self.assertEqual(first.state, "active")

    def test_contact_of_the_same_firm_is_the_same_owner(self):
        firm = self.env["res.partner"].create({"name": "Home", "is_company": True})
        nurse = self.env["res.partner"].create({"name": "N", "parent_id": firm.id})
        first = self.make_contract(x_fc_device_serial="S9", partner_id=firm.id)
        order = self.sell(1, partner=nurse, x_fc_serial_number="S9")
        order.action_confirm()
        self.assertEqual(first.state, "active")

    def test_same_serial_on_another_product_is_another_unit(self):
        first = self.make_contract(x_fc_device_serial="1001")
        scooter = self.env["product.product"].create(
            {"name": "Scooter", "x_fc_repair_category_id": self.category.id}
        )
        order = self.sell(
            1, partner=self.heir, product_id=scooter.id, x_fc_serial_number="1001"
        )
        order.action_confirm()
        self.assertEqual(first.state, "active")
        self.assertFalse(self.in_care(order).x_fc_device_serial)
        self.assertIn("1001", order.activity_ids.note)

    def test_delivered_unit_in_care_already_is_not_counted_twice(self):
        self.track_serials()
        lot = self.make_lot("L-3")
        by_hand = self.make_contract(x_fc_device_serial="l-3")
        order = self.confirmed(1)
        duplicate = self.in_care(order)
        self.deliver(order, [lot])
        self.assertEqual(duplicate.end_cause, "duplicate")
        self.assertEqual(by_hand.state, "active")

    def test_returned_serial_ends_a_contract_made_by_hand(self):
        self.track_serials()
        lot = self.make_lot("L-4")
        by_hand = self.make_contract(x_fc_device_serial="l-4")
        order = self.confirmed(1, x_fc_serial_number="L-4")
        self.assertFalse(self.in_care(order))
        picking = self.deliver(order, [lot])
        self.assertEqual(by_hand.state, "active")
        self.send_back(picking, [lot])
        self.assertEqual(by_hand.end_cause, "return")

    def test_technician_on_site_is_not_sent_away(self):
        self.track_serials()
        lot = self.make_lot("S9")
        first = self.make_contract(x_fc_device_serial="S9")
        task = self.book(first).technician_task_id
        task.action_start()
        order = self.sell(1, partner=self.heir)
        order.action_confirm()
        self.deliver(order, [lot])
        self.assertEqual(first.state, "active")
        self.assertTrue(first.activity_ids)
        self.assertTrue(self.in_care(order).activity_ids)
