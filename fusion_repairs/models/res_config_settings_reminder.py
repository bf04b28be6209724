from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """When the reminders of the current company go out."""

    _inherit = "res.config.settings"

    x_fc_reminder_hour = fields.Float(
        related="company_id.x_fc_reminder_hour", readonly=False
    )
