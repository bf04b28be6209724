from odoo import fields, models

from ..tools.form_limits import MINUTES, PER_ADDRESS, PER_LINK


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

    x_fc_plan_liability_account_id = fields.Many2one(
        related="company_id.x_fc_plan_liability_account_id", readonly=False
    )
    x_fc_plan_journal_id = fields.Many2one(
        related="company_id.x_fc_plan_journal_id", readonly=False
    )
    x_fc_cooling_off_days = fields.Integer(
        related="company_id.x_fc_cooling_off_days", readonly=False
    )
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

    x_fc_reminder_hour = fields.Float(
        related="company_id.x_fc_reminder_hour", readonly=False
    )
    x_fc_repair_labour_product_id = fields.Many2one(
        related="company_id.x_fc_repair_labour_product_id", readonly=False
    )
