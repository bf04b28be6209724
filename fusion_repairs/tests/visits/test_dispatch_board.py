from odoo.tests import tagged

from odoo.addons.fusion_tasks.exceptions import SlotTakenError

from ..common import RepairsCase


@tagged("post_install", "-at_install", "fusion")
class TestDispatchBoardSkills(RepairsCase):
    """The dispatch board shows those who may serve a kind of equipment."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.able = cls.make_technician("technician", "board_able")
        cls.other = cls.make_technician("technician", "board_other")
        cls.other.x_fc_repair_skills = False
        dispatcher = cls.make_user("dispatcher", "board_dispatcher")
        cls.board = cls.env["fusion.dispatch.board"].with_user(dispatcher)

    def find_shown(self, skill):
        shown = self.board.load_board("2026-06-02", 1, {"skill": skill})["technicians"]
        return {row["id"] for row in shown}

    def test_rows_are_those_with_the_skill(self):
        self.assertIn(self.able.id, self.find_shown(""))
        self.assertIn(self.other.id, self.find_shown(""))
        shown = self.find_shown(str(self.category.id))
        self.assertIn(self.able.id, shown)
        self.assertNotIn(self.other.id, shown)

    def test_a_category_stands_for_its_subcategories(self):
        part = self.category.copy({"name": "Curved", "parent_id": self.category.id})
        self.assertIn(self.able.id, self.find_shown(str(part.id)))

    def test_options_name_the_categories(self):
        options = self.board.load_board("2026-06-02", 1)["skills"]
        self.assertIn(str(self.category.id), [option["key"] for option in options])

    def test_unknown_skill_shows_nobody(self):
        self.assertFalse(self.find_shown("nonsense"))


@tagged("post_install", "-at_install", "fusion")
class TestSkillsOfVisits(RepairsCase):
    """A visit is for those who may serve its unit, on the board and in the wizard."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.technician_2.x_fc_repair_skills = False
        cls.board = cls.env["fusion.dispatch.board"].with_user(cls.dispatcher)
        cls.contract = cls.make_contract()

    def setUp(self):
        super().setUp()
        self.visit = self.book(self.contract)
        self.task = self.visit.technician_task_id

    def get_verdicts(self, technician):
        """Return the levels and the reasons of the day of the visit."""
        day = self.task.date_start.date().isoformat()
        (answer,) = self.board.verdicts(self.task.id, technician.ids, day, 1)
        return {start[2] for start in answer["starts"]}, answer["reasons"]

    def open_wizard(self, **vals):
        """Return the dispatcher's wizard, searched for these technicians."""
        action = self.task.with_user(self.dispatcher).action_find_slot()
        wizard = self.env["fusion.task.slot.wizard"].with_user(self.dispatcher)
        wizard = wizard.browse(action["res_id"])
        wizard.write(vals)
        wizard.action_search()
        return wizard

    def test_board_is_red_and_says_why(self):
        levels, reasons = self.get_verdicts(self.technician_2)
        self.assertEqual(levels, {2})
        self.assertIn("lacks the skill", " ".join(reasons))
        levels, reasons = self.get_verdicts(self.technician)
        self.assertIn(0, levels)
        self.assertNotIn("skill", " ".join(reasons))

    def test_board_does_not_plan_it(self):
        start = self.task.date_start
        with self.assertRaisesRegex(SlotTakenError, "lacks the skill"):
            self.board.plan(self.task.id, self.technician_2.id, str(start))
        self.assertEqual(self.task.technician_id, self.technician)

    def test_dispatcher_may_insist(self):
        start = str(self.task.date_start)
        self.board.plan(self.task.id, self.technician_2.id, start, allow_overlap=True)
        self.assertEqual(self.task.technician_id, self.technician_2)
        self.assertFalse(self.task.allow_overlap)

    def test_wizard_offers_the_skilled_only(self):
        wizard = self.open_wizard()
        self.assertEqual(wizard.line_ids.technician_id, self.technician)
        self.assertFalse(wizard.note)

    def test_wizard_says_who_lacks_the_skill(self):
        wizard = self.open_wizard(technician_ids=self.technician_2.ids)
        self.assertFalse(wizard.line_ids)
        self.assertIn(f"{self.technician_2.name} lacks the skill", wizard.note)
        both = (self.technician + self.technician_2).ids
        wizard = self.open_wizard(technician_ids=both)
        self.assertEqual(wizard.line_ids.technician_id, self.technician)
        self.assertIn(f"{self.technician_2.name} lacks the skill", wizard.note)

    def test_two_units_need_both_skills(self):
        other = self.category.copy({"name": "Hoist"})
        contract = self.make_contract(x_fc_policy_category_id=other.id)
        self.visit.copy(
            {"contract_id": contract.id, "technician_task_id": self.task.id}
        )
        self.assertFalse(self.task._get_slot_technicians() & self.technician)
        self.technician.x_fc_repair_skills |= other
        self.assertEqual(self.task._get_slot_technicians(), self.technician)

    def test_other_work_asks_for_no_skill(self):
        task = self.env["fusion.technician.task"].create({"task_type": "delivery"})
        found = task._get_slot_technicians()
        self.assertLessEqual(self.technician + self.technician_2, found)
