from odoo import api, fields, models


class FusionRepairVisitReportWizard(models.TransientModel):
    """What one tap may answer: nothing critical, nothing with a known defect."""

    _inherit = "fusion.repair.visit.report.wizard"

    one_tap_count = fields.Integer(compute="_compute_one_tap")
    one_tap_text = fields.Char(compute="_compute_one_tap")

    @api.depends("line_ids.result", "visit_id")
    @api.depends_context("lang")
    def _compute_one_tap(self):
        for report in self:
            open_lines = report.line_ids.filtered(lambda line: not line.result)
            passable = report._get_one_tap_lines()
            by_hand = len(open_lines - passable)
            report.one_tap_count = len(passable)
            report.one_tap_text = self.env._(
                "Pass the Rest (%(count)s)", count=len(passable)
            )
            if by_hand:
                report.one_tap_text = self.env._(
                    "Pass the Rest (%(count)s); %(left)s left to answer by hand",
                    count=len(passable),
                    left=by_hand,
                )

    def _get_one_tap_lines(self):
        """Return the open checks that one tap may pass."""
        known = {one.line.id for one in self.visit_id._get_known()}
        return self.line_ids.filtered(
            lambda line: (
                not line.result
                and line.answer_type == "check"
                and not line.critical
                and line.checklist_line_id.id not in known
            )
        )

    def action_pass_open_lines(self):
        """Answer with a pass what is still open and nobody needs to look at twice."""
        self.ensure_one()
        for line in self._get_one_tap_lines():
            line.result = "pass"
