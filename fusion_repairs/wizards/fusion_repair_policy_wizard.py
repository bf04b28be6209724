from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class FusionRepairPolicyWizard(models.TransientModel):
    """What the policy says today beside what contracts keep of it, to choose from."""

    _name = "fusion.repair.policy.wizard"
    _description = "Refresh from Policy"
    _inherit = "fusion.wizard.access.mixin"

    line_ids = fields.One2many("fusion.repair.policy.wizard.line", "wizard_id")
    has_several = fields.Boolean(compute="_compute_has_several")

    @api.depends("line_ids.contract_id")
    def _compute_has_several(self):
        for wizard in self:
            wizard.has_several = len(wizard.line_ids.contract_id) > 1

    def _load_changes(self, contracts):
        """Lay out every difference, all of them ticked."""
        self.ensure_one()
        self.line_ids = [
            Command.create(
                {
                    "contract_id": contract.id,
                    "field_name": name,
                    "label": contract._get_policy_label(name),
                    "now": contract._format_policy_value(name, contract[name]),
                    "policy": contract._format_policy_value(name, value),
                    "source": source.display_name,
                }
            )
            for contract in contracts
            for name, (value, source) in contract._get_policy_changes().items()
        ]

    def _get_action(self):
        """Return the dialog, or a notice that there is nothing to choose from."""
        self.ensure_one()
        if not self.line_ids:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "message": self.env._("Everything is as the policy says."),
                    "type": "success",
                },
            }
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refresh from Policy"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_apply(self):
        """Take over what is ticked, exactly as it was shown."""
        self.ensure_one()
        chosen = self.line_ids.filtered("selected")
        if not chosen:
            raise UserError(self.env._("Nothing is ticked: there is nothing to do."))
        for contract, lines in chosen.grouped("contract_id").items():
            contract._check_office()
            if lines.filtered(lambda line: not line._is_current()):
                raise UserError(
                    self.env._("The policy was changed meanwhile: please look again.")
                )
            contract._apply_policy(lines.mapped("field_name"))
        return {"type": "ir.actions.act_window_close"}
