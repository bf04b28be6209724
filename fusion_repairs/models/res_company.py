from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..recurrence import RecurrenceError, parse_bands


class ResCompany(models.Model):
    """Settings of the maintenance business, one set per company."""

    _inherit = "res.company"

    x_fc_reminder_bands = fields.Char(
        string="Reminder Days",
        default="30,7,1",
        help="Days before the due date on which a client is reminded, separated by "
        "commas. A missed day is caught up with one reminder, never with several.",
    )
    x_fc_reminders_enabled = fields.Boolean(
        string="Send Maintenance Reminders",
        default=True,
        help="The master switch of all reminder mails and calls of this company.",
    )
    x_fc_maintenance_auto_enrol = fields.Boolean(
        string="Enrol Units on Sale",
        default=True,
        help="Confirming a sale creates a maintenance contract for every unit whose "
        "product is looked after.",
    )
    x_fc_consent_implied_months = fields.Integer(
        string="Implied Consent (Months)",
        default=24,
        help="How long a purchase or a visit allows reminders by e-mail without the "
        "client's express consent. Zero: only with express consent.",
    )
    x_fc_change_cutoff_hours = fields.Integer(
        string="Change Cut-off (Hours)",
        default=24,
        help="Until how long before the visit a client may move or cancel it online.",
    )
    x_fc_unbooked_after_days = fields.Integer(
        string="Call Unbooked Clients After (Days)",
        default=7,
        help="Days after a reminder without a booking until the office should call.",
    )

    _x_fc_consent_months_not_negative = models.Constraint(
        "CHECK (x_fc_consent_implied_months >= 0)",
        "The months of implied consent cannot be negative.",
    )
    _x_fc_change_cutoff_not_negative = models.Constraint(
        "CHECK (x_fc_change_cutoff_hours >= 0)",
        "The change cut-off cannot be negative.",
    )
    _x_fc_unbooked_after_not_negative = models.Constraint(
        "CHECK (x_fc_unbooked_after_days >= 0)",
        "The days until an unbooked client is called cannot be negative.",
    )

    @api.constrains("x_fc_reminder_bands")
    def _check_reminder_bands(self):
        for company in self:
            try:
                parse_bands(company.x_fc_reminder_bands or "")
            except RecurrenceError as error:
                raise ValidationError(
                    self.env._(
                        "Reminder days are whole days before the due date, each one "
                        'once, separated by commas, for example "30,7,1". Please '
                        "correct: %(text)s",
                        text=company.x_fc_reminder_bands or "",
                    )
                ) from error

    def _get_reminder_bands(self):
        """Return the reminder days of this company, the widest first."""
        self.ensure_one()
        return parse_bands(self.x_fc_reminder_bands)
