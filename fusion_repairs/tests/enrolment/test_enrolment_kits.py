from unittest import SkipTest

from odoo.fields import Command
from odoo.tests import tagged

from .enrolment_case import EnrolmentCase


@tagged("post_install", "-at_install", "fusion")
class TestEnrolmentKits(EnrolmentCase):
    """A kit is maintained itself, or the units in it are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "mrp.bom" not in cls.env:
            raise SkipTest("expected: kits need the manufacturing addon")
        products = cls.env["product.product"]
        cls.rail = products.create({"name": "Rail"})
        cls.kit = products.create({"name": "Lift with rail"})
        cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.kit.product_tmpl_id.id,
                "type": "phantom",
                "product_qty": 1,
                "bom_line_ids": [
                    Command.create({"product_id": cls.product.id, "product_qty": 2}),
                    Command.create({"product_id": cls.rail.id, "product_qty": 5}),
                ],
            }
        )

    def test_units_in_a_kit_are_enrolled(self):
        order = self.confirmed(2, product_id=self.kit.id)
        self.assertEqual(self.in_care(order).product_id, self.product)
        self.assertEqual(self.indexes(order), [1, 2, 3, 4])

    def test_kit_that_is_looked_after_is_one_unit(self):
        self.kit.x_fc_repair_category_id = self.category
        order = self.confirmed(2, product_id=self.kit.id)
        self.assertEqual(self.in_care(order).product_id, self.kit)
        self.assertEqual(self.indexes(order), [1, 2])

    def test_delivered_parts_tell_day_and_serials(self):
        self.track_serials()
        order = self.confirmed(1, product_id=self.kit.id)
        lots = [self.make_lot("K-1"), self.make_lot("K-2")]
        picking = order.picking_ids
        for move in picking.move_ids.filtered(lambda m: m.product_id == self.product):
            move.move_line_ids = [
                Command.create(
                    {
                        "product_id": self.product.id,
                        "lot_id": lot.id,
                        "quantity": 1,
                        "location_id": move.location_id.id,
                        "location_dest_id": move.location_dest_id.id,
                    }
                )
                for lot in lots
            ]
        rail = picking.move_ids.filtered(lambda m: m.product_id == self.rail)
        rail.quantity = 5
        picking.move_ids.picked = True
        picking.button_validate()
        contracts = self.in_care(order)
        self.assertEqual(contracts.mapped("x_fc_device_serial"), ["K-1", "K-2"])
        self.assertEqual(set(contracts.mapped("start_date_source")), {"delivery"})

    def test_fewer_kits_end_the_units_in_them(self):
        order = self.confirmed(2, product_id=self.kit.id)
        order.order_line.product_uom_qty = 1
        self.assertEqual(self.indexes(order), [1, 2])

    # Sent back -------------------------------------------------------------------

    def make_kits_in_care(self, number):
        """Return an order of kits that are maintained, and its delivery."""
        self.kit.x_fc_repair_category_id = self.category
        order = self.confirmed(number, product_id=self.kit.id)
        return order, self.deliver(order)

    def take_back(self, picking, **quantities):
        """Return parts of a delivery, by name of the part."""
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({"picking_id": picking.id})
        )
        for line in wizard.product_return_moves:
            part = "lifts" if line.product_id == self.product else "rails"
            line.quantity = quantities.get(part, 0)
        back = wizard._create_return()
        for move in back.move_ids:
            move.quantity = move.product_uom_qty
        back.move_ids.picked = True
        back.button_validate()
        self.assertEqual(back.state, "done")

    def test_surplus_part_that_comes_back_ends_no_kit(self):
        order, picking = self.make_kits_in_care(2)
        self.take_back(picking, rails=1)
        contracts = self.in_care(order)
        self.assertEqual(contracts.mapped("x_fc_unit_index"), [1, 2])
        (task,) = contracts.activity_ids
        self.assertIn("Rail", task.note)

    def test_whole_kit_that_comes_back_ends_one(self):
        order, picking = self.make_kits_in_care(2)
        self.take_back(picking, lifts=2, rails=5)
        self.assertEqual(self.indexes(order), [1])
        self.assertFalse(self.in_care(order).activity_ids)

    def test_kit_that_comes_back_in_two_transfers_ends_with_the_second(self):
        order, picking = self.make_kits_in_care(2)
        self.take_back(picking, rails=5)
        self.assertEqual(self.indexes(order), [1, 2])
        self.take_back(picking, lifts=2)
        self.assertEqual(self.indexes(order), [1])
