from odoo import fields, models


class ResPartner(models.Model):
    """The prepaid plans of a client."""

    _inherit = "res.partner"

    x_fc_service_plan_ids = fields.One2many(
        "fusion.repair.service.plan.subscription",
        "partner_id",
        string="Service Plans",
        groups="fusion_tasks.fusion_tasks_group_user",
    )
