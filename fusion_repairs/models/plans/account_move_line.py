from odoo import fields, models


class AccountMoveLine(models.Model):
    """Which prepaid plan a line of the books belongs to."""

    _inherit = "account.move.line"

    x_fc_plan_subscription_id = fields.Many2one(
        "fusion.repair.service.plan.subscription",
        string="Service Plan",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    x_fc_plan_entry = fields.Selection(
        [("earned", "Earned by Visits"), ("ended", "Left When the Plan Ended")],
        string="Plan Entry",
        readonly=True,
        copy=False,
    )
