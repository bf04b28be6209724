from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The settings of the mails about visits, of the current company."""

    _inherit = "res.config.settings"

    x_fc_mail_day_before = fields.Boolean(
        related="company_id.x_fc_mail_day_before", readonly=False
    )
    x_fc_mail_day_before_hour = fields.Float(
        related="company_id.x_fc_mail_day_before_hour", readonly=False
    )
    x_fc_mail_day_before_quiet_hours = fields.Integer(
        related="company_id.x_fc_mail_day_before_quiet_hours", readonly=False
    )
    x_fc_mail_on_the_way = fields.Boolean(
        related="company_id.x_fc_mail_on_the_way", readonly=False
    )
    x_fc_mail_settle_minutes = fields.Integer(
        related="company_id.x_fc_mail_settle_minutes", readonly=False
    )
