from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ...models.visit_report.fusion_repair_maintenance_checklist_line import (
    parse_reading,
    say_number,
)
from ..common import RepairsCase


@tagged("post_install", "-at_install", "fusion")
class TestVisitReadings(RepairsCase):
    """A measured value is what the technician measured, in every place it is shown."""

    def test_what_is_typed(self):
        for text, value in (
            ("24,5", 24.5),
            ("1 200", 1200.0),
            ("0,125", 0.125),
            ("1200,5", 1200.5),
            ("-3,25", -3.25),
            ("−4", -4.0),
            ("1.200", 1.2),
            ("1234,567", 1234.567),
            ("", None),
        ):
            with self.subTest(text=text):
                self.assertEqual(parse_reading(text), value)

    def test_what_may_mean_two_things_is_asked_again(self):
        for text in ("1,200", "12,000", "-1,234", "1,234,567", "abc"):
            with self.subTest(text=text):
                value = parse_reading(text)
                self.assertNotEqual(value, value, "not a number")

    def test_what_is_shown(self):
        for value, text in (
            (24.0, "24"),
            (1234567.0, "1234567"),
            (0.125, "0.125"),
            (100.0, "100"),
            (-0.0001, "0"),
            (0.0, "0"),
        ):
            with self.subTest(text=text):
                self.assertEqual(say_number(value), text)
                self.assertEqual(say_number(-value).lstrip("-"), text)

    def test_a_measured_check_without_limits_needs_its_reading(self):
        self.category.checklist_item_ids = [
            Command.create(
                {"name": "Pulling force", "reading_unit": "N", "critical": True}
            )
        ]
        visit = self.book(self.make_contract())
        user = visit.technician_id
        action = visit.with_user(user).action_fill_in_report()
        report = self.env[action["res_model"]].with_user(user).browse(action["res_id"])
        force = report.line_ids.filtered(lambda line: line.name == "Pulling force")
        report.line_ids.result = "pass"
        report.line_ids.filtered(lambda line: line.limits).reading = "25"
        self.sign(report)
        self.assertIn("a reading in N is needed", force.problem)
        with self.assertRaisesRegex(UserError, "Pulling force: a reading in N"):
            report.action_submit()
        force.reading = "1 234 567"
        self.sign(report).action_submit()
        line = force.checklist_line_id
        self.assertEqual(line._format_reading(), "1234567 N")
        self.assertEqual(visit.outcome, "pass")
