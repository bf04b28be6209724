from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import RepairsCase


@tagged("post_install", "-at_install", "fusion")
class TestVisitParts(RepairsCase):
    """Parts leave the stock by the repair order, and stand on the order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract()
        cls.belt = cls.env["product.product"].create(
            {"name": "Belt", "type": "consu", "is_storable": True, "list_price": 20.0}
        )
        warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.stock = warehouse.repair_type_id.default_location_src_id
        cls.fill(cls.stock)

    @classmethod
    def fill(cls, location, quantity=5):
        quants = cls.env["stock.quant"]
        quants._update_available_quantity(cls.belt, location, quantity)

    def setUp(self):
        super().setUp()
        self.visit = self.book(self.contract)
        self.repair = self.visit.repair_order_id
        self.order = self.visit.sale_order_id
        self.fee = self.order.order_line

    def report(self, *commands):
        """Fill in a report with parts as the technician, and send it."""
        user = self.visit.technician_id
        action = self.visit.with_user(user).action_fill_in_report()
        report = self.env[action["res_model"]].with_user(user).browse(action["res_id"])
        for line, reading in zip(report.line_ids, (None, None, "25"), strict=True):
            line.write({"result": "pass", "reading": reading})
        self.sign(report, part_ids=list(commands)).action_submit()

    def use(self, quantity=2.0):
        return Command.create({"product_id": self.belt.id, "quantity": quantity})

    def on_hand(self, location=None):
        location = location or self.stock
        return self.belt.with_context(location=location.id).qty_available

    def plan(self, quantity=1):
        return self.env["stock.move"].create(
            {
                "repair_id": self.repair.id,
                "repair_line_type": "add",
                "product_id": self.belt.id,
                "product_uom_qty": quantity,
                "company_id": self.company.id,
                "location_id": self.repair.location_id.id,
                "location_dest_id": self.repair.location_dest_id.id,
            }
        )

    def test_used_parts_leave_the_stock_and_stand_on_the_order(self):
        self.report(self.use())
        move = self.repair.move_ids
        self.assertEqual((self.repair.state, move.state), ("done", "done"))
        self.assertEqual((move.quantity, self.on_hand()), (2.0, 3.0))
        self.assertEqual(self.visit.part_ids.move_id, move)
        self.assertEqual(self.order.state, "sale")
        part_line = self.order.order_line - self.fee
        self.assertEqual(part_line.product_id, self.belt)
        self.assertEqual((part_line.product_uom_qty, part_line.qty_delivered), (2, 2))
        self.assertEqual((self.fee.product_uom_qty, self.fee.price_unit), (1.0, 179.0))
        self.assertFalse(self.order.picking_ids, "nothing is delivered a second time")

    def test_planned_parts_are_offered_and_used_as_said(self):
        move = self.plan(quantity=3)
        user = self.visit.technician_id
        action = self.visit.with_user(user).action_fill_in_report()
        report = self.env[action["res_model"]].with_user(user).browse(action["res_id"])
        part = report.part_ids
        self.assertEqual((part.product_id, part.planned), (self.belt, 3.0))
        self.assertEqual(part.quantity, 0.0, "nothing is used until it is said")
        part.quantity = 1.0
        self.report()
        self.assertEqual((move.state, move.quantity), ("done", 1.0))
        self.assertEqual((self.repair.state, self.on_hand()), ("done", 4.0))
        self.assertEqual(self.fee.product_uom_qty, 1.0)

    def open_reserved(self, quantity=1):
        """Plan a part on a repair that the office confirms, and open the report."""
        move = self.plan(quantity)
        self.repair.action_validate()
        self.assertEqual(move.quantity, quantity, "Odoo reserved it")
        user = self.visit.technician_id
        action = self.visit.with_user(user).action_fill_in_report()
        report = self.env[action["res_model"]].with_user(user).browse(action["res_id"])
        self.assertEqual(report.part_ids.quantity, quantity)
        return move, report

    def test_reserved_but_taken_out_is_neither_consumed_nor_billed(self):
        move, report = self.open_reserved()
        report.part_ids.action_remove()
        self.report(self.use(0))
        self.assertEqual(self.visit.state, "done")
        self.assertEqual((move.quantity, move.picked), (0.0, False))
        self.assertEqual(self.on_hand(), 5.0)
        self.assertEqual(self.order.state, "sale")
        self.assertEqual(move.sale_line_id.product_uom_qty, 0.0)
        self.assertEqual(self.repair.state, "under_repair", "the office looks at it")
        self.repair.action_repair_end()
        self.assertEqual(self.on_hand(), 5.0)

    def test_taken_out_next_to_one_that_was_used(self):
        move, report = self.open_reserved()
        report.part_ids.action_remove()
        self.report(self.use(2))
        used = self.repair.move_ids - move
        self.assertEqual((used.quantity, used.picked), (2.0, True))
        self.repair.action_repair_end()
        self.assertEqual((used.state, move.state), ("done", "cancel"))
        self.assertEqual(self.on_hand(), 3.0)

    def test_less_than_planned_is_billed_as_used(self):
        move, report = self.open_reserved(quantity=3)
        report.part_ids.quantity = 1.0
        self.report()
        self.assertEqual((move.state, move.quantity), ("done", 1.0))
        self.assertEqual(move.sale_line_id.product_uom_qty, 1.0)
        self.assertEqual(move.sale_line_id.qty_to_invoice, 1.0)
        self.assertEqual(self.visit.part_ids.planned, 3.0, "what was planned stays")

    def test_reserved_parts_wait_for_the_report(self):
        """A task completed without one says nothing of its parts."""
        move = self.plan()
        self.repair.action_validate()
        self.visit.technician_task_id.action_complete()
        self.assertEqual((self.repair.state, self.on_hand()), ("under_repair", 5.0))
        self.report()
        self.assertEqual((self.repair.state, move.state), ("done", "done"))
        self.assertEqual(self.on_hand(), 4.0)

    def test_a_planned_part_is_not_swapped_for_another(self):
        _move, report = self.open_reserved()
        chain = self.env["product.product"].create({"name": "Chain", "type": "consu"})
        part = report.part_ids
        self.assertTrue(part.is_fixed)
        with self.assertRaisesRegex(UserError, "Belt was planned"):
            part.product_id = chain

    def test_more_than_planned(self):
        move = self.plan(quantity=1)
        self.visit._begin_report()
        self.visit.part_ids.quantity = 2
        self.report()
        self.assertEqual((move.quantity, self.on_hand()), (2.0, 3.0))
        self.assertEqual(move.sale_line_id.product_uom_qty, 2.0)

    def test_planned_but_unused_leaves_the_repair_to_the_office(self):
        self.plan()
        self.report()
        self.assertEqual(self.visit.state, "done")
        self.assertEqual(self.repair.state, "under_repair")
        self.assertEqual(self.on_hand(), 5.0)
        self.assertIn(
            self.repair.name, str(self.contract.activity_ids.mapped("summary"))
        )

    def test_parts_come_from_the_van(self):
        van = self.env["stock.location"].create(
            {"name": "Van 7", "usage": "internal", "location_id": self.stock.id}
        )
        self.fill(van, 1)
        self.visit.technician_id.x_fc_van_location_id = van
        self.report(self.use(1))
        self.assertEqual(self.on_hand(van), 0.0)
        self.assertEqual(self.repair.move_ids.location_id, van)

    def test_part_is_changed_and_taken_out_again(self):
        user = self.visit.technician_id
        action = self.visit.with_user(user).action_fill_in_report()
        report = self.env[action["res_model"]].with_user(user).browse(action["res_id"])
        report.part_ids = [self.use(4)]
        self.assertEqual(self.visit.part_ids.quantity, 4.0)
        report.part_ids.quantity = 3.0
        self.assertEqual(self.visit.part_ids.quantity, 3.0)
        with self.assertRaises(UserError):
            report.part_ids.quantity = -1.0
        report.part_ids.action_remove()
        self.assertFalse(self.visit.part_ids)

    def test_parts_of_another_visit_are_out_of_reach(self):
        self.visit.part_ids = [self.use(1)]
        part = self.visit.part_ids
        self.visit = self.book(self.make_contract())
        with self.refused_before_writing(UserError):
            self.report(Command.create({"part_id": part.id, "quantity": 9}))
        self.assertEqual(part.quantity, 1.0)
        with self.assertRaises(AccessError):
            part.with_user(self.technician).quantity = 3

    def test_report_that_comes_late_leaves_its_parts_to_the_office(self):
        self.visit.technician_task_id.action_complete()
        self.assertEqual(self.repair.state, "done")
        self.report(self.use())
        self.assertEqual(self.on_hand(), 5.0)
        self.assertIn(
            "Book the parts", str(self.contract.activity_ids.mapped("summary"))
        )
