from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import RepairsCase


@tagged("post_install", "-at_install", "fusion")
class TestVisitRepair(RepairsCase):
    """From a failed check to a quotation with prices, and to a planned repair."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract(x_fc_device_serial="SL-77")
        cls.client.phone = "416-555-0123"
        cls.part = cls.env["product.product"].create(
            {"name": "Rail Cover", "type": "consu", "list_price": 42.5}
        )
        cls.labour = cls.env["product.product"].create(
            {"name": "Labour", "type": "service", "list_price": 110.0}
        )
        cls.company.x_fc_repair_labour_product_id = cls.labour
        cls.family.checklist_item_ids.write(
            {"repair_part_id": cls.part.id, "repair_hours": 1.5}
        )

    def find_fault(self):
        """Report a failed check on a visit; return the repair that follows."""
        visit = self.book(self.contract)
        lines = visit.checklist_line_ids
        lines[0].write({"result": "fail", "note": "cover is cracked"})
        lines[1].result = "pass"
        lines[2].write({"result": "pass", **lines._prepare_reading("25")})
        visit.with_user(visit.technician_id)._submit_report()
        return visit.defect_ids.repair_order_id

    def get_lines(self, repair):
        repair.with_user(self.dispatcher).action_create_sale_order()
        return repair.sale_order_id.order_line.sorted()

    def test_the_quotation_names_what_failed_with_part_and_labour(self):
        repair = self.find_fault()
        lines = self.get_lines(repair)
        note = lines.filtered(lambda line: line.display_type == "line_note")
        self.assertIn("Rail clean: cover is cracked", note.name)
        self.assertIn("Stair Lift", note.name)
        self.assertEqual(
            [
                (line.product_id, line.product_uom_qty, line.price_unit)
                for line in lines - note
            ],
            [(self.part, 1.0, 42.5), (self.labour, 1.5, 110.0)],
        )
        self.assertEqual(repair.sale_order_id.amount_untaxed, 42.5 + 165)
        self.assertEqual(lines[0], note, "what failed stands first")

    def test_parts_that_were_planned_already_are_not_planned_again(self):
        repair = self.find_fault()
        other = self.part.create({"name": "Other Cover", "type": "consu"})
        repair.move_ids = [
            Command.create(
                {
                    "repair_line_type": "add",
                    "product_id": other.id,
                    "product_uom_qty": 2.0,
                }
            )
        ]
        lines = self.get_lines(repair)
        self.assertNotIn(self.part, lines.product_id)
        self.assertIn(other, lines.product_id)

    def test_labour_under_warranty_is_free(self):
        repair = self.find_fault()
        repair.under_warranty = True
        self.assertEqual(self.get_lines(repair).mapped("price_unit"), [0.0] * 3)

    def test_a_repair_of_something_else_is_quoted_as_before(self):
        repair = self.env["repair.order"].create({"partner_id": self.client.id})
        self.assertFalse(self.get_lines(repair))

    def test_phone_and_serial_stand_on_the_repair(self):
        repair = self.find_fault().with_user(self.dispatcher)
        self.assertEqual(repair.x_fc_phone, "416-555-0123")
        self.assertEqual(repair.x_fc_device_serial, "SL-77")

    def test_schedule_opens_the_slots_of_those_with_the_skill(self):
        self.technician_2.x_fc_repair_skills = [Command.clear()]
        repair = self.find_fault().with_user(self.dispatcher)
        action = repair.action_fc_schedule()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(wizard.line_ids.technician_id, self.technician)
        task = repair.x_fc_task_ids
        self.assertEqual(wizard.task_id, task)
        self.assertEqual(task.address_id, self.contract.address_id)
        self.assertEqual((task.task_type, task.duration), ("repair", 1.5))
        self.assertIn("SL-77", task.description)
        self.assertIn("cover is cracked", task.description)
        repair.action_fc_schedule()
        self.assertEqual(repair.x_fc_task_ids, task, "planned once")
        wizard.line_ids[0].with_user(self.dispatcher).action_pick()
        self.assertEqual(task.status, "scheduled")

    def test_only_dispatchers_schedule_and_nothing_that_is_over(self):
        repair = self.find_fault()
        with self.assertRaises(AccessError):
            repair.with_user(self.reader).action_fc_schedule()
        repair.action_repair_cancel()
        with self.assertRaisesRegex(UserError, "over"):
            repair.with_user(self.dispatcher).action_fc_schedule()
