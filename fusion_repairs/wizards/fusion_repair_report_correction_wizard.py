from odoo import fields, models


class FusionRepairReportCorrectionWizard(models.TransientModel):
    """Why a report that was sent is corrected."""

    _name = "fusion.repair.report.correction.wizard"
    _description = "Reason for a Correction"
    _inherit = "fusion.wizard.access.mixin"
    _target_rights = {"visit_id": "write"}

    visit_id = fields.Many2one(
        "fusion.repair.maintenance.visit", required=True, readonly=True
    )
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Take the report back, and open it to be filled in again."""
        self.ensure_one()
        self.visit_id._correct_report(self.reason)
        return self.visit_id.action_fill_in_report()
