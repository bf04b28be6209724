from odoo import fields, models


class FusionRepairCertificateWizard(models.TransientModel):
    """Why a certificate is revoked, or issued anew as a revision."""

    _name = "fusion.repair.certificate.wizard"
    _description = "End of a Certificate"
    _inherit = "fusion.wizard.access.mixin"

    certificate_id = fields.Many2one(
        "fusion.repair.inspection.certificate", required=True, readonly=True
    )
    kind = fields.Selection(
        [("revoke", "Revoke"), ("supersede", "Issue a Revision")],
        required=True,
        readonly=True,
    )
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Revoke the certificate, or open its revision."""
        self.ensure_one()
        if self.kind == "revoke":
            self.certificate_id._revoke(self.reason)
            return {"type": "ir.actions.act_window_close"}
        revision = self.certificate_id._supersede(self.reason)
        return {
            "type": "ir.actions.act_window",
            "res_model": revision._name,
            "res_id": revision.id,
            "view_mode": "form",
        }
