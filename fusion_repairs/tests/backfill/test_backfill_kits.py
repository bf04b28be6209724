from unittest import SkipTest

from odoo.fields import Command
from odoo.tests import tagged

from ..enrolment.enrolment_case import EnrolmentCase
from .backfill_case import BackfillCase


@tagged("post_install", "-at_install", "fusion")
class TestBackfillKits(BackfillCase, EnrolmentCase):
    """Past sales of kits: the kit is one unit, or the units in it are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "mrp.bom" not in cls.env:
            raise SkipTest("expected: kits need the manufacturing addon")
        cls.kit = cls.make_product("Lift with rail")
        cls.track = cls.make_product("Track")
        cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.kit.product_tmpl_id.id,
                "type": "phantom",
                "product_qty": 1,
                "bom_line_ids": [
                    Command.create({"product_id": cls.product.id, "product_qty": 2}),
                    Command.create({"product_id": cls.chair.id, "product_qty": 1}),
                    Command.create({"product_id": cls.track.id, "product_qty": 5}),
                ],
            }
        )

    def found(self, line):
        """Return the units found of a line as (unit, product, serial, reason)."""
        units = self.open_wizard().line_ids.filtered(lambda u: u.sale_line_id == line)
        return [
            (u.unit_index, u.product_id, u.serial, u.reason)
            for u in units.sorted("unit_index")
        ]

    def deliver_lots(self, order, lots):
        """Deliver an order with these serials of the lift."""
        picking = order.picking_ids
        for move in picking.move_ids:
            if move.product_id == self.product:
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
            else:
                move.quantity = move.product_uom_qty
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_units_in_a_kit_are_found(self):
        line = self.sold(self.kit, x_fc_serial_number="A\nB\nC")
        self.assertEqual(
            self.found(line),
            [
                (1, self.product, "A", "new"),
                (2, self.product, "B", "new"),
                (3, self.chair, "C", "new"),
            ],
        )
        run = self.execute()
        self.assertEqual((run.contract_count, run.changed_count), (3, 0))
        self.assertEqual(run.failed_count, 0)
        reasons = {reason for *_unit, reason in self.found(line)}
        self.assertEqual(reasons, {"enrolled_serial"})

    def test_units_enrolled_by_the_sale_are_known(self):
        self.company.x_fc_maintenance_auto_enrol = True
        order = self.confirmed(2, product_id=self.kit.id)
        self.assertEqual(len(self.in_care(order)), 6)
        reasons = {reason for *_unit, reason in self.found(order.order_line)}
        self.assertEqual(reasons, {"enrolled_line"})

    def test_delivered_serials_go_to_their_own_product(self):
        self.track_serials()
        order = self.confirmed(1, product_id=self.kit.id)
        lots = [self.make_lot("K-1"), self.make_lot("K-2")]
        self.deliver_lots(order, lots)
        order.order_line.x_fc_serial_number = "C-9\nK-2"
        found = self.found(order.order_line)
        self.assertEqual(found[0][2:], ("K-2", "new"))
        self.assertEqual(found[2][1:], (self.chair, "C-9", "new"))

    def test_kit_that_is_looked_after_takes_no_lot_of_a_part(self):
        self.kit.x_fc_repair_category_id = self.category
        self.track_serials()
        order = self.confirmed(1, product_id=self.kit.id)
        self.deliver_lots(order, [self.make_lot("K-1"), self.make_lot("K-2")])
        self.assertEqual(self.found(order.order_line), [(1, self.kit, False, "new")])
        run = self.execute()
        self.assertEqual((run.contract_count, run.failed_count), (1, 0))
        contract = self.contracts(order.order_line)
        self.assertEqual(contract.start_date_source, "delivery")

    def test_part_that_came_back_is_no_returned_kit(self):
        self.kit.x_fc_repair_category_id = self.category
        order = self.confirmed(2, product_id=self.kit.id)
        picking = self.deliver(order)
        self.send_back(picking, quantity=1)  # one of each part
        reasons = [reason for *_unit, reason in self.found(order.order_line)]
        self.assertEqual(reasons, ["new", "new"])
