from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The maintenance settings of the current company."""

    _inherit = "res.config.settings"

    x_fc_reminder_bands = fields.Char(
        related="company_id.x_fc_reminder_bands", readonly=False
    )
    x_fc_reminders_enabled = fields.Boolean(
        related="company_id.x_fc_reminders_enabled", readonly=False
    )
    x_fc_maintenance_auto_enrol = fields.Boolean(
        related="company_id.x_fc_maintenance_auto_enrol", readonly=False
    )
    x_fc_consent_implied_months = fields.Integer(
        related="company_id.x_fc_consent_implied_months", readonly=False
    )
    x_fc_change_cutoff_hours = fields.Integer(
        related="company_id.x_fc_change_cutoff_hours", readonly=False
    )
