from odoo import fields, models


class FusionRepairMaintenanceBackfillWizardLine(models.TransientModel):
    """One unit that the dialog found among past sales."""

    _name = "fusion.repair.maintenance.backfill.wizard.line"
    _description = "Unit Found Among Past Sales"
    _inherit = "fusion.repair.backfill.proposal.mixin"
    _order = "sale_line_id, unit_index, id"
    _transient_max_hours = 12.0

    wizard_id = fields.Many2one(
        "fusion.repair.maintenance.backfill.wizard",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
