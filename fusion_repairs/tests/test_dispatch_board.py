from odoo.tests import tagged

from .common import RepairsCase


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
        shown = self.board.load("2026-06-02", 1, {"skill": skill})["technicians"]
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
        options = self.board.load("2026-06-02", 1)["skills"]
        self.assertIn(str(self.category.id), [option["key"] for option in options])

    def test_unknown_skill_shows_nobody(self):
        self.assertFalse(self.find_shown("nonsense"))
