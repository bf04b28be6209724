from odoo import api, fields, models
from odoo.exceptions import UserError


class FusionRepairVisitCancelWizard(models.TransientModel):
    """Asks why the office calls a visit off, and whether the client is told."""

    _name = "fusion.repair.visit.cancel.wizard"
    _description = "Cancel Visit"
    _inherit = "fusion.wizard.access.mixin"
    _target_rights = {"visit_id": "write"}

    visit_id = fields.Many2one(
        "fusion.repair.maintenance.visit", required=True, readonly=True
    )
    partner_id = fields.Many2one(related="visit_id.partner_id", related_sudo=False)
    product_id = fields.Many2one(related="visit_id.product_id", related_sudo=False)
    visit_date = fields.Datetime(related="visit_id.visit_date", related_sudo=False)
    reason = fields.Char(help="For the office; kept on the visit.")
    tell_client = fields.Boolean(
        string="Notify Client",
        default=True,
        help="Off: no email about the cancellation goes to the client.",
    )
    other_count = fields.Integer(compute="_compute_others")
    others = fields.Char(string="Also at This Visit", compute="_compute_others")
    whole_visit = fields.Boolean(
        string="Cancel for All These Units",
        default=True,
        help="Off: the technician still comes for the other units.",
    )

    @api.depends("visit_id")
    def _compute_others(self):
        for wizard in self:
            others = wizard.visit_id._get_other_contracts()
            wizard.other_count = len(others)
            wizard.others = ", ".join(others.mapped("product_id.display_name"))

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel Visit"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_confirm(self):
        """Call the visit off, alone or with the other units at the place."""
        self.ensure_one()
        if not (self.reason or "").strip():
            raise UserError(self.env._("Please give the reason for cancelling."))
        self.visit_id._cancel_by_office(self.reason, self.whole_visit, self.tell_client)
        return {
            "type": "ir.actions.client",
            "tag": "soft_reload",
        }
