from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The settings of the client's page of the current company."""

    _inherit = "res.config.settings"

    x_fc_bundle_days = fields.Integer(
        related="company_id.x_fc_bundle_days", readonly=False
    )
    x_fc_done_page_days = fields.Integer(
        related="company_id.x_fc_done_page_days", readonly=False
    )
