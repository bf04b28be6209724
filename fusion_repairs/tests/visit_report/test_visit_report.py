from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common import RepairsCase


@tagged("post_install", "-at_install", "fusion")
class TestVisitReport(RepairsCase):
    """The technician reports; visit, task, repair and contract follow."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract()

    def setUp(self):
        super().setUp()
        self.visit = self.book(self.contract)
        self.due = self.contract.next_due_date

    def open_report(self, user=None):
        user = user or self.visit.technician_id
        action = self.visit.with_user(user).action_fill_in_report()
        return self.env[action["res_model"]].with_user(user).browse(action["res_id"])

    def answer(self, report, *answers):
        empty = dict.fromkeys(("result", "reading", "note"), False)
        for line, vals in zip(report.line_ids, answers, strict=True):
            line.write(empty | vals)

    PASS = ({"result": "pass"}, {"result": "pass"}, {"result": "pass", "reading": "25"})

    def test_all_passed(self):
        report = self.open_report()
        self.answer(report, *self.PASS)
        self.sign(
            report, labour_minutes=45, findings="Fine <b>x</b>", signed_by="Margaret"
        )
        self.assertEqual(report.open_count, 0)
        report.action_submit()
        visit = self.visit
        self.assertEqual((visit.state, visit.outcome), ("done", "pass"))
        self.assertEqual(visit.technician_task_id.status, "completed")
        self.assertEqual(visit.repair_order_id.state, "done")
        self.assertEqual(visit.checklist_line_ids.mapped("result"), ["pass"] * 3)
        self.assertEqual(visit.checklist_line_ids[2].reading, 25.0)
        self.assertEqual((visit.labour_minutes, visit.signed_by), (45, "Margaret"))
        self.assertTrue(visit.signature and visit.technician_signature)
        self.assertIn("Fine &lt;b&gt;x", visit.findings)
        self.assertTrue(visit.reported_at)
        self.assertGreater(self.contract.next_due_date, self.due)
        self.assertFalse(self.contract.unsafe)

    def test_form_of_the_report(self):
        report = self.open_report()
        with Form(report) as form:
            with form.line_ids.edit(2) as line:
                line.result = "pass"
                line.reading = "20"
                self.assertIn("limits", line.problem)

    def test_critical_failure_makes_the_unit_unsafe_and_still_rolls(self):
        report = self.open_report()
        self.answer(
            report,
            {"result": "pass"},
            {"result": "fail", "note": "Brake <b>slips</b>"},
            {"result": "pass", "reading": "24,5"},
        )
        self.assertIn("Unsafe", report.outcome_text)
        self.assertIn("Brake &lt;b&gt;slips", report.summary)
        self.assertIn("must not be used", report.summary)
        self.sign(report).action_submit()
        self.assertEqual(self.visit.outcome, "unsafe")
        self.assertTrue(self.contract.unsafe)
        self.assertGreater(self.contract.next_due_date, self.due)
        urgent = self.env["repair.order"].search(
            [
                ("x_fc_maintenance_contract_id", "=", self.contract.id),
                ("priority", "=", "1"),
            ]
        )
        self.assertEqual(len(urgent), 1)
        self.assertIn("&lt;b&gt;slips", urgent.internal_notes)
        self.assertNotIn("Rail clean", urgent.internal_notes)
        asked = self.contract.activity_ids
        self.assertIn(urgent.name, " ".join(asked.mapped("summary")))

    def test_finding_does_not_make_the_unit_unsafe(self):
        report = self.open_report()
        self.answer(report, {"result": "fail"}, *self.PASS[1:])
        self.sign(report).action_submit()
        self.assertEqual(self.visit.outcome, "pass_with_findings")
        self.assertFalse(self.contract.unsafe)

    def test_unfinished_and_impossible_answers_are_refused(self):
        cases = (
            ((self.PASS[0], {"result": False}, self.PASS[2]), "no answer"),
            ((*self.PASS[:2], {"result": "pass"}), "reading"),
            ((*self.PASS[:2], {"result": "pass", "reading": "20"}), "limits"),
            ((*self.PASS[:2], {"result": "pass", "reading": "abc"}), "clear number"),
            (
                (*self.PASS[:2], {"result": "pass", "reading": "1,200"}),
                "clear number",
            ),
            (({"result": "na"}, *self.PASS[1:]), "apply"),
            ((*self.PASS[:2], {"result": "pass", "reading": "245"}), "ten times"),
            ((*self.PASS[:2], {"result": "fail", "reading": "1e9"}), "ten times"),
        )
        for answers, word in cases:
            report = self.open_report()
            self.answer(report, *answers)
            with self.subTest(word=word), self.assertRaisesRegex(UserError, word):
                report.action_submit()
        self.assertEqual(self.visit.state, "scheduled")

    def test_one_tap_passes_neither_readings_nor_critical_checks(self):
        report = self.open_report()
        report.action_pass_open_lines()
        self.assertEqual(report.line_ids.mapped("result"), ["pass", False, False])

    def test_report_on_the_visit_of_another_is_refused(self):
        others = (self.technician | self.technician_2) - self.visit.technician_id
        with self.assertRaises(AccessError):
            self.visit.with_user(others).action_fill_in_report()
        with self.assertRaises(AccessError):
            self.visit.with_user(self.reader).action_fill_in_report()

    def test_wizard_of_another_is_out_of_reach(self):
        report = self.open_report()
        other = (self.technician | self.technician_2) - self.visit.technician_id
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            report.with_user(other).action_submit()

    def test_wizard_cannot_be_pointed_at_somebody_elses_visit(self):
        other = (self.technician | self.technician_2) - self.visit.technician_id
        wizards = self.env["fusion.repair.visit.report.wizard"].with_user(other)
        with self.assertRaises(AccessError):
            wizards.create({"visit_id": self.visit.id}).action_submit()
        line = self.visit.checklist_line_ids[0]
        mine = self.book(self.make_contract())
        mine.technician_task_id.write({"technician_id": other.id})
        report = self.env["fusion.repair.visit.report.wizard"].with_user(other)
        with self.refused_before_writing(UserError):
            report.create(
                {
                    "visit_id": mine.id,
                    "line_ids": [
                        (0, 0, {"checklist_line_id": line.id, "result": "fail"})
                    ],
                }
            ).action_submit()
        self.assertFalse(line.result)

    def test_report_twice_is_refused(self):
        report, again = self.open_report(), self.open_report()
        self.answer(report, *self.PASS)
        self.answer(again, *self.PASS)
        self.sign(report).action_submit()
        due = self.contract.next_due_date
        with self.refused_before_writing(UserError):
            again.action_submit()
        self.assertEqual(self.contract.next_due_date, due)

    def test_unit_without_a_checklist_can_be_reported(self):
        self.visit.checklist_line_ids.unlink()
        self.sign(self.open_report()).action_submit()
        self.assertEqual(self.visit.outcome, "pass")
