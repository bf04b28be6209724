from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The company's own time, and what the office does about silent clients."""

    _inherit = "res.config.settings"

    x_fc_maintenance_tz = fields.Selection(
        related="company_id.x_fc_maintenance_tz", readonly=False
    )
    x_fc_unbooked_enabled = fields.Boolean(
        related="company_id.x_fc_unbooked_enabled", readonly=False
    )
    x_fc_unbooked_after_days = fields.Integer(
        related="company_id.x_fc_unbooked_after_days", readonly=False
    )
    x_fc_overdue_enabled = fields.Boolean(
        related="company_id.x_fc_overdue_enabled", readonly=False
    )
    x_fc_overdue_after_days = fields.Integer(
        related="company_id.x_fc_overdue_after_days", readonly=False
    )
