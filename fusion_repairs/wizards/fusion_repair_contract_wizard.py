from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.fusion_tasks.button_context import without_button

from ..models.contract.fusion_repair_maintenance_contract_lifecycle import (
    OFFICE_CAUSES,
    PAUSE_REASONS,
)

USUAL_PAUSE = relativedelta(months=3)


class FusionRepairContractWizard(models.TransientModel):
    """Pausing, ending or giving away the care of one unit or of many: why, and how."""

    _name = "fusion.repair.contract.wizard"
    _description = "Pause, End or Assign Contracts"
    _inherit = "fusion.wizard.access.mixin"
    _target_rights = {"contract_ids": "write"}

    kind = fields.Selection(
        [("pause", "Pause"), ("end", "End"), ("assign", "Assign")],
        required=True,
        readonly=True,
        default="pause",
    )
    contract_ids = fields.Many2many(
        "fusion.repair.maintenance.contract",
        "fusion_repair_contract_wizard_rel",
        string="Units",
        readonly=True,
    )
    contract_count = fields.Integer(compute="_compute_counts")
    booked_count = fields.Integer(compute="_compute_counts")
    until = fields.Date(
        help="Maintenance resumes by itself on this day, and the office is told.",
    )
    pause_reason = fields.Selection(PAUSE_REASONS, string="Reason for the Pause")
    end_cause = fields.Selection(OFFICE_CAUSES, string="Reason for the End")
    note = fields.Char(help="Kept in the history of the contract.")
    user_id = fields.Many2one(
        "res.users", string="Followed Up By", domain="[('share', '=', False)]"
    )

    @api.depends("contract_ids")
    def _compute_counts(self):
        for wizard in self:
            wizard.contract_count = len(wizard.contract_ids)
            wizard.booked_count = len(wizard.contract_ids.filtered("is_booked"))

    @api.model
    def _open_for(self, contracts, kind):
        """Return the action that asks about contracts.

        :param kind: "pause", "end" or "assign"
        """
        titles = {
            "pause": self.env._("Pause"),
            "end": self.env._("End Contract"),
            "assign": self.env._("Assign"),
        }
        until = kind == "pause" and fields.Date.context_today(self) + USUAL_PAUSE
        wizard = without_button(self).create(
            {"kind": kind, "contract_ids": contracts.ids, "until": until}
        )
        return {
            "type": "ir.actions.act_window",
            "name": titles[kind],
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_confirm(self):
        """Do with the contracts what was chosen."""
        self.ensure_one()
        contracts = self.contract_ids
        contracts._check_office()
        note = (self.note or "").strip()
        if self.kind == "pause":
            if not (self.until and self.pause_reason):
                raise UserError(self.env._("Please say until when, and why."))
            contracts._pause(self.until, self.pause_reason, note)
        elif self.kind == "end":
            if not self.end_cause:
                raise UserError(self.env._("Please say why the contract ends."))
            contracts._cancel(note, self.end_cause)
        else:
            self._assign(contracts)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _assign(self, contracts):
        for company in contracts.company_id:
            if not self.user_id._fc_may_follow_up(company):
                raise UserError(
                    self.env._(
                        "%(name)s cannot open the contracts of %(company)s: please "
                        "choose somebody with a role in field service.",
                        name=self.user_id.name or self.env._("Nobody"),
                        company=company.name,
                    )
                )
        contracts.user_id = self.user_id
