from odoo import models


class FusionRepairVisitReportWizard(models.TransientModel):
    """Why a unit stays out of use though nothing failed on this visit."""

    _inherit = "fusion.repair.visit.report.wizard"

    def _say_consequences(self, verdict):
        """Name the known dangers whose check did not pass."""
        words = super()._say_consequences(verdict)
        if verdict.certificate_refusal != "open_danger":
            return words
        answers = self.line_ids._to_answers()
        dangers = self.visit_id._get_dangers_left(answers)
        known = self.env._(
            "Known from before, and not found mended: %(dangers)s",
            dangers=", ".join(danger._say_check() for danger in dangers),
        )
        return [known, *words, self.env._("No certificate is issued.")]
