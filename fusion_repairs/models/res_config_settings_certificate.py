from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The settings of the certificates of the current company."""

    _inherit = "res.config.settings"

    x_fc_licence_number = fields.Char(
        related="company_id.x_fc_licence_number", readonly=False
    )
    x_fc_certificate_scope = fields.Text(
        related="company_id.x_fc_certificate_scope", readonly=False
    )
    x_fc_certificate_expiry_enabled = fields.Boolean(
        related="company_id.x_fc_certificate_expiry_enabled", readonly=False
    )
    x_fc_certificate_expiry_days = fields.Integer(
        related="company_id.x_fc_certificate_expiry_days", readonly=False
    )
