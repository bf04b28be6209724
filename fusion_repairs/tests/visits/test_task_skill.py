from odoo.tests import tagged

from ..common import RepairsCase


@tagged("post_install", "-at_install", "fusion")
class TestTaskSkill(RepairsCase):
    """Work on a unit is for those who know such units, with or without a visit."""

    def test_a_task_of_a_unit_is_offered_to_the_skilled_only(self):
        both = self.technician | self.technician_2
        self.technician.x_fc_repair_skills = self.category
        self.technician_2.x_fc_repair_skills = False
        task = self.env["fusion.technician.task"].create(
            {"partner_id": self.client.id, "task_type": "repair"}
        )
        self.assertEqual(task._get_slot_technicians() & both, both)
        task.x_fc_equipment_category_id = self.category
        self.assertEqual(task._get_slot_technicians() & both, self.technician)
        action = task.with_user(self.dispatcher).action_find_slot()
        lines = self.env[action["res_model"]].browse(action["res_id"]).line_ids
        self.assertEqual(lines.technician_id, self.technician)
