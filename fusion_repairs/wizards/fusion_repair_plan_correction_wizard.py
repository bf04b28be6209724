from odoo import fields, models
from odoo.exceptions import UserError


class FusionRepairPlanCorrectionWizard(models.TransientModel):
    """Visits added to a sold plan, or taken off it, for a reason."""

    _name = "fusion.repair.plan.correction.wizard"
    _description = "Correct the Visits of a Plan"
    _inherit = "fusion.wizard.access.mixin"
    _target_rights = {"subscription_id": "write"}

    subscription_id = fields.Many2one(
        "fusion.repair.service.plan.subscription",
        string="Plan",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    balance = fields.Integer(related="subscription_id.balance", related_sudo=False)
    visits = fields.Integer(
        string="Add or Take Off",
        help="A negative number removes visits. The revenue from the sale stays the "
        "same.",
    )
    reason = fields.Char(required=True)

    def action_confirm(self):
        """Add the correction to the ledger of the plan."""
        self.ensure_one()
        plan = self.subscription_id
        plan.check_access("write")
        if not self.visits:
            raise UserError(self.env._("Please enter how many visits."))
        if plan.state != "active":
            raise UserError(
                self.env._("%(plan)s has ended already.", plan=plan.display_name)
            )
        plan.sudo()._correct(self.visits, self.reason)  # nobody writes ledgers
        return {"type": "ir.actions.act_window_close"}
