from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common import RepairsCase


@tagged("post_install", "-at_install", "fusion")
class TestVisitChecklist(RepairsCase):
    """A checklist has revisions; a visit is made from one and keeps it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract()

    def numbers(self, category=None):
        return (category or self.category).checklist_revision_ids.mapped("number")

    def checks(self, visit):
        return visit.checklist_line_ids.mapped("name")

    def test_one_save_is_one_revision(self):
        self.assertEqual(self.numbers(), [1])
        with Form(self.category) as form:
            with form.checklist_item_ids.new() as item:
                item.name = "Belt"
            with form.checklist_item_ids.edit(0) as item:
                item.critical = False
        self.assertEqual(self.numbers(), [2, 1])
        self.assertEqual(self.category.checklist_revision, 2)
        first = self.category.checklist_revision_ids[1]
        self.assertEqual([check["critical"] for check in first.snapshot], [True, False])
        self.assertEqual(first.user_id, self.env.user)
        self.assertEqual(first.check_count, 2)
        self.assertIn("Battery voltage, ≥ 24 V", first.content)

    def test_saving_without_a_change_is_no_revision(self):
        item = self.category.checklist_item_ids[0]
        item.name = item.name
        self.category.write(
            {"checklist_item_ids": [Command.update(item.id, {"critical": True})]}
        )
        self.category.name = "Other name"
        self.assertEqual(self.numbers(), [1])

    def test_every_way_to_change_a_check_is_on_record(self):
        item = self.category.checklist_item_ids[0]
        item.sequence = 99
        self.assertEqual(self.numbers(), [2, 1])
        item.active = False
        self.assertEqual(self.numbers(), [3, 2, 1])
        item.unlink()
        self.assertEqual(self.numbers(), [3, 2, 1], "it was out of use already")
        self.category.checklist_item_ids.unlink()
        self.assertEqual(self.numbers(), [4, 3, 2, 1])
        self.assertEqual(self.category.checklist_revision_ids[0].snapshot or [], [])

    def test_another_language_is_no_change_of_the_checks(self):
        for lang in ("en_US", "fr_CA"):
            self.env["res.lang"]._activate_lang(lang)
        item = self.category.checklist_item_ids[0]
        item.with_context(lang="fr_CA").name = "Le frein tient"
        self.assertEqual(self.numbers(), [1])
        item.critical = False
        item.with_context(lang="fr_CA").name = "Le frein tient bon"
        self.assertEqual(self.numbers(), [3, 2, 1])

    def test_a_revision_is_never_changed(self):
        revision = self.category.checklist_revision_ids.with_user(self.manager)
        self.assertEqual(revision.check_count, 2)
        with self.assertRaises(AccessError):
            revision.snapshot = []
        with self.assertRaises(AccessError):
            revision.unlink()

    def test_visit_keeps_the_revisions_it_was_made_from(self):
        visit = self.book(self.contract)
        made_from = self.family.checklist_revision_ids[0]
        made_from |= self.category.checklist_revision_ids[0]
        self.assertEqual(visit.checklist_revision_ids, made_from)
        visit.technician_task_id.action_complete()
        self.category.checklist_item_ids.name = "Something else"
        self.assertEqual(
            self.checks(visit), ["Rail clean", "Brake holds", "Battery voltage"]
        )
        self.assertEqual(visit.checklist_revision_ids, made_from)

    def test_visit_still_to_come_follows_its_category_and_the_parent(self):
        visit = self.book(self.contract)
        self.family.checklist_item_ids = [Command.create({"name": "Manual on site"})]
        self.category.checklist_item_ids[0].name = "Brake holds with load"
        self.assertEqual(
            self.checks(visit),
            [
                "Rail clean",
                "Manual on site",
                "Brake holds with load",
                "Battery voltage",
            ],
        )
        self.assertEqual(visit.checklist_revision_ids.mapped("number"), [2, 2])

    def test_begun_work_and_begun_reports_keep_their_questions(self):
        begun = self.book(self.contract)
        begun.technician_task_id.action_start()
        answered = self.book(self.make_contract())
        answered.checklist_line_ids[0].result = "pass"
        self.family.checklist_item_ids.name = "Rail polished"
        self.assertEqual(begun.checklist_line_ids[0].name, "Rail clean")
        self.assertEqual(answered.checklist_line_ids[0].name, "Rail clean")

    def test_the_start_is_the_last_refresh(self):
        other = self.category.copy({"name": "Other lifts", "parent_id": False})
        visit = self.book(self.contract)
        self.contract.x_fc_policy_category_id = other
        self.assertEqual(len(visit.checklist_line_ids), 3)
        visit.technician_task_id.action_start()
        self.assertEqual(len(visit.checklist_line_ids), 2)
        self.assertEqual(visit.checklist_revision_ids.category_id, other)

    def test_lines_speak_the_languages_of_their_checks(self):
        for lang in ("en_US", "fr_CA"):
            self.env["res.lang"]._activate_lang(lang)
        item = self.family.checklist_item_ids
        item.with_context(lang="fr_CA").name = "Rail propre"
        line = self.book(self.contract).checklist_line_ids[0]
        self.assertEqual(line._get_name_in("fr_CA"), "Rail propre")
        self.assertEqual(line._get_name_in("en_US"), "Rail clean")
        line.name = "Rail propre"  # as booked for a technician who reads French
        self.assertEqual(line._get_name_in("en_CA"), "Rail clean")
        self.assertEqual(line._get_name_in("de_DE"), line.name)

    def test_a_measured_value_needs_its_unit(self):
        item = self.category.checklist_item_ids[0]
        self.assertEqual(item.answer_type, "check")
        self.assertEqual(self.category.checklist_item_ids[1].answer_type, "reading")
        with self.assertRaises(ValidationError):
            item.answer_type = "reading"
        item.write({"answer_type": "reading", "reading_unit": "mm"})
        item.reading_unit = False
        self.assertEqual(item.answer_type, "check")

    def test_seeds_are_the_dealers_own_once_they_are_there(self):
        seed = self.env.ref("fusion_repairs.checklist_stairlift_01")
        data = self.env["ir.model.data"].search(
            [("module", "=", "fusion_repairs"), ("model", "=", seed._name)]
        )
        self.assertEqual(data.mapped("noupdate"), [True] * len(data))
        self.assertGreaterEqual(len(data), 142)

    def test_seeds_are_one_revision_a_category(self):
        seeded = self.env.ref("fusion_repairs.category_stairlift")
        self.assertEqual(seeded.checklist_revision, 1)
