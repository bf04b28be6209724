from math import isfinite

from odoo import api, fields, models

from ..recurrence import Answer, check_answer


class FusionRepairVisitReportWizardLine(models.TransientModel):
    """One check in the report, and what is wrong with its answer if anything."""

    _name = "fusion.repair.visit.report.wizard.line"
    _description = "Visit Report Line"
    _order = "sequence, id"

    wizard_id = fields.Many2one(
        "fusion.repair.visit.report.wizard",
        required=True,
        ondelete="cascade",
        index=True,
    )
    checklist_line_id = fields.Many2one(
        "fusion.repair.maintenance.checklist.line", required=True, ondelete="cascade"
    )
    sequence = fields.Integer(related="checklist_line_id.sequence", store=True)
    name = fields.Char(related="checklist_line_id.name")
    section = fields.Char(related="checklist_line_id.section")
    critical = fields.Boolean(related="checklist_line_id.critical")
    help = fields.Text(related="checklist_line_id.help")
    reading_unit = fields.Char(related="checklist_line_id.reading_unit")
    result = fields.Selection(
        [("pass", "Pass"), ("fail", "Fail"), ("na", "Not Applicable")]
    )
    reading = fields.Char(help="The measured value.")
    note = fields.Char()
    problem = fields.Char(compute="_compute_problem")

    @api.depends("result", "reading", "note")
    def _compute_problem(self):
        for line in self:
            line.problem = line._say_problem()

    def action_pass(self):
        """Answer with a pass: one tap on the phone."""
        self.result = "pass"

    def action_fail(self):
        """Answer with a fail; the note says what was found."""
        self.result = "fail"

    def _parse_reading(self):
        """Return the reading as a number, None if there is none, NaN for nonsense."""
        text = (self.reading or "").strip().replace(" ", "").replace(",", ".")
        try:
            return float(text) if text else None
        except ValueError:
            return float("nan")

    def _to_answer(self):
        line = self.checklist_line_id
        return Answer(
            key=str(line.id),
            result=self.result or None,
            critical=line.critical,
            reading=self._parse_reading(),
            minimum=line.reading_min if line.has_minimum else None,
            maximum=line.reading_max if line.has_maximum else None,
            note=self.note or "",
        )

    def _to_answers(self):
        return [line._to_answer() for line in self]

    def _say_problem(self):
        """Return in words why the answer cannot stand, or False."""
        line = self.checklist_line_id
        texts = {
            "reading_outside_limits": self.env._(
                "the reading is outside the limits, so this cannot be a pass"
            ),
            "reading_missing": self.env._(
                "a reading in %s is needed", line.reading_unit
            ),
            "reading_not_a_number": self.env._("the reading is not a number"),
            "note_missing": self.env._("please say why it does not apply"),
            "limits_invalid": self.env._("the limits of this check contradict"),
        }
        return texts.get(check_answer(self._to_answer()), False)

    def _store(self):
        """Write the answers to the visit, which was checked to be one's own."""
        for line in self:
            reading = line._parse_reading()
            measured = reading is not None and isfinite(reading)
            line.checklist_line_id.sudo().write(
                {
                    "result": line.result,
                    "note": line.note,
                    "has_reading": measured,
                    "reading": reading if measured else 0.0,
                }
            )
