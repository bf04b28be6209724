from lxml import etree

from odoo.tests import tagged

from ..common import RepairsCase


@tagged("post_install", "-at_install", "fusion")
class TestOfficeForms(RepairsCase):
    """What the office looks for first stands where it looks first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract()
        cls.visit = cls.book(cls, cls.contract)

    def get_arch(self, model, kind, view_id=False):
        return etree.fromstring(self.env[model].get_view(view_id, kind)["arch"])

    def test_forms_are_titled_by_client_and_unit(self):
        for record in (self.contract, self.visit):
            self.assertEqual(record.title, "Margaret Example, Stair Lift")
            arch = self.get_arch(record._name, "form")
            self.assertEqual(arch.xpath("//h1/field/@name"), ["title"])

    def test_the_arrival_window_told_stands_on_both_forms(self):
        for record in (self.contract, self.visit):
            self.assertEqual(record.arrival_window, self.visit._format_when())
            arch = self.get_arch(record._name, "form")
            self.assertTrue(arch.xpath("//field[@name='arrival_window']"))
        reader = self.visit.with_user(self.visit.technician_id)
        self.assertEqual(reader.arrival_window, self.visit._format_when())

    def test_a_phone_shows_due_date_and_state_on_cards(self):
        for model, fields in (
            (self.contract._name, {"next_due_date", "due_state", "state"}),
            (self.visit._name, {"visit_date", "state"}),
        ):
            arch = self.get_arch(model, "kanban")
            self.assertLessEqual(fields, set(arch.xpath("//field/@name")))

    def test_visits_open_with_the_next_ones_first(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "fusion_repairs.fusion_repair_maintenance_visit_action"
        )
        self.assertIn("search_default_upcoming", action["context"])
        view_id = {kind: view for view, kind in action["views"]}["list"]
        arch = self.get_arch(self.visit._name, "list", view_id)
        self.assertEqual(arch.get("default_order"), "visit_date, id")

    def test_note_and_attendee_stand_above_the_buttons_that_book(self):
        arch = self.get_arch("fusion.repair.booking.wizard", "form")
        names = [
            node.get("name")
            for node in arch.iter("field", "button")
            if node.get("name") in {"note", "attendee_name", "action_book"}
        ]
        self.assertEqual(names[:2], ["note", "attendee_name"])
