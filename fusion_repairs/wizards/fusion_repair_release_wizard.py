from odoo import fields, models


class FusionRepairReleaseWizard(models.TransientModel):
    """Why an unsafe unit may be used again."""

    _name = "fusion.repair.release.wizard"
    _description = "Return of a Unit to Service"
    _inherit = "fusion.wizard.access.mixin"
    _target_rights = {"contract_id": "write"}

    contract_id = fields.Many2one(
        "fusion.repair.maintenance.contract", required=True, readonly=True
    )
    open_defect_count = fields.Integer(
        related="contract_id.open_defect_count", related_sudo=False
    )
    reason = fields.Text(required=True)

    def action_release(self):
        """Release the unit."""
        self.ensure_one()
        self.contract_id._release(self.reason)
        return {"type": "ir.actions.act_window_close"}
