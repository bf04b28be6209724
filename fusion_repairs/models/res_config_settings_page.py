from odoo import fields, models

from .fusion_repair_public_post import MINUTES, PER_ADDRESS, PER_LINK


class ResConfigSettings(models.TransientModel):
    """The settings of the client's page of the current company."""

    _inherit = "res.config.settings"

    x_fc_bundle_days = fields.Integer(
        related="company_id.x_fc_bundle_days", readonly=False
    )
    x_fc_done_page_days = fields.Integer(
        related="company_id.x_fc_done_page_days", readonly=False
    )
    x_fc_posts_per_link = fields.Integer(
        string="Forms per Link",
        default=PER_LINK,
        config_parameter="fusion_repairs.posts_per_link",
    )
    x_fc_posts_per_address = fields.Integer(
        string="Forms per Address",
        default=PER_ADDRESS,
        config_parameter="fusion_repairs.posts_per_address",
    )
    x_fc_posts_window_minutes = fields.Integer(
        string="Minutes That Count",
        default=MINUTES,
        config_parameter="fusion_repairs.posts_window_minutes",
    )
