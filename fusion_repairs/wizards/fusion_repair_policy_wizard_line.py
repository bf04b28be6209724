from odoo import fields, models


class FusionRepairPolicyWizardLine(models.TransientModel):
    """One difference between a contract and the policy."""

    _name = "fusion.repair.policy.wizard.line"
    _description = "Difference from the Policy"
    _inherit = "fusion.wizard.access.mixin"
    _target_rights = {"wizard_id": "write", "contract_id": "write"}

    wizard_id = fields.Many2one(
        "fusion.repair.policy.wizard", required=True, ondelete="cascade"
    )
    contract_id = fields.Many2one(
        "fusion.repair.maintenance.contract",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    field_name = fields.Char(required=True, readonly=True)
    label = fields.Char(string="What", readonly=True)
    now = fields.Char(string="Agreed", readonly=True)
    policy = fields.Char(readonly=True)
    source = fields.Char(readonly=True)
    selected = fields.Boolean(string="Take Over", default=True)

    def _is_current(self):
        """Tell whether both sides still are what the dialog showed."""
        self.ensure_one()
        contract = self.contract_id
        changes = contract._get_policy_changes()
        if self.field_name not in changes:
            return False
        now = contract._format_policy_value(self.field_name, contract[self.field_name])
        new = contract._format_policy_value(
            self.field_name, changes[self.field_name][0]
        )
        return (now, new) == (self.now, self.policy)
