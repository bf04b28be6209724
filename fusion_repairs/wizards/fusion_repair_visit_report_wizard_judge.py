from odoo import models

from ..models.fusion_repair_maintenance_checklist_line import parse_reading
from ..recurrence import Answer, check_answer, effective_class


class FusionRepairVisitReportWizardLine(models.TransientModel):
    """How an answer is judged while it is typed, and the words for it."""

    _inherit = "fusion.repair.visit.report.wizard.line"

    def _to_answer(self):
        line = self.checklist_line_id
        return Answer(
            key=str(line.id),
            result=self.result or None,
            critical=line.critical,
            reading=parse_reading(self.reading),
            minimum=line.reading_min if line.has_minimum else None,
            maximum=line.reading_max if line.has_maximum else None,
            note=self.note or "",
            needs_text=line.answer_type == "text",
            needs_reading=line.answer_type == "reading",
            defect_class=self._get_defect_class() if self.result == "fail" else None,
        )

    def _to_answers(self):
        return [line._to_answer() for line in self]

    def _get_defect_class(self):
        """Return how urgent a failure is by choice and by the rules."""
        line = self.checklist_line_id
        category = line.sudo().visit_id.contract_id.x_fc_policy_category_id
        return effective_class(
            self.defect_class or None, line.critical, category.safety_critical
        )

    def _say_failure(self):
        labels = dict(self._fields["defect_class"]._description_selection(self.env))
        found = ", ".join(filter(None, (self.reading, self.note)))
        name = ": ".join(filter(None, (self.name, found)))
        return f"{name} ({labels[self._get_defect_class()]})"

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
            "reading_implausible": self.env._(
                "ten times the limit: please check the reading, or say why in the note"
            ),
            "reading_not_a_number": self.env._(
                "the reading is not a clear number: please type it like 1200 or 1.5"
            ),
            "note_missing": self.env._("please say why it does not apply"),
            "text_missing": self.env._("please enter what you read or found"),
            "limits_invalid": self.env._("the limits of this check contradict"),
        }
        return texts.get(check_answer(self._to_answer()), False)
