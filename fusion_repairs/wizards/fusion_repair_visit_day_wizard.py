from odoo import fields, models


class FusionRepairVisitDayWizard(models.TransientModel):
    """On which day a visit really took place, and why that was noted wrongly."""

    _name = "fusion.repair.visit.day.wizard"
    _description = "Corrected Day of a Visit"
    _inherit = "fusion.wizard.access.mixin"

    visit_id = fields.Many2one(
        "fusion.repair.maintenance.visit", required=True, readonly=True
    )
    day = fields.Date(string="Took Place On", required=True)
    reason = fields.Char(required=True)

    def action_confirm(self):
        """Correct the day, and what was counted from it."""
        self.ensure_one()
        self.visit_id._correct_day(self.day, self.reason)
        return {"type": "ir.actions.act_window_close"}
