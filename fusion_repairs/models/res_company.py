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
        help="The master switch of all reminder emails and calls of this company.",
    )
    x_fc_maintenance_auto_enrol = fields.Boolean(
        string="Enrol Units on Sale",
        default=True,
        help="Confirming a sale creates a maintenance contract for every unit whose "
        "product is maintained.",
    )
    x_fc_consent_implied_months = fields.Integer(
        string="Implied Consent (Months)",
        default=24,
        help="How long a purchase or a visit allows reminders by email without the "
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

    x_fc_maintenance_tz = fields.Selection(
        related="partner_id.tz",
        readonly=False,
        string="Maintenance Time Zone",
        help="The zone of the company's own time: reminders, due dates and deadlines "
        "count by it. Empty: that of the working schedule, else of the user.",
    )

    x_fc_unbooked_enabled = fields.Boolean(
        string="Call Unbooked Clients",
        default=True,
        help="Ask the office to call a client who was reminded and did not book. The "
        "call comes back after as many days, as long as nothing is booked.",
    )
    x_fc_overdue_enabled = fields.Boolean(
        string="Escalate Overdue Units",
        default=True,
        help="Tell a manager of units whose due date passed without a visit, and ask "
        "the office about booked visits that nobody closed.",
    )
    x_fc_overdue_after_days = fields.Integer(
        string="Escalate After (Days)",
        default=14,
        help="Days after the due date until a manager is told. A client who was "
        "reminded late gets the same time to answer.",
    )

    _x_fc_overdue_after_not_negative = models.Constraint(
        "CHECK (x_fc_overdue_after_days >= 0)",
        "The days until an overdue unit is escalated cannot be negative.",
    )

    x_fc_mail_day_before = fields.Boolean(
        string="Email on the Day Before",
        default=True,
        help="Remind clients of a booked visit on the day before. Who asked for no "
        "appointment notices gets none.",
    )
    x_fc_mail_day_before_hour = fields.Float(
        string="Hour of the Day-Before Email",
        default=10.0,
        help="From which hour on, on the clock of the place of the visit.",
    )
    x_fc_mail_day_before_quiet_hours = fields.Integer(
        string="No Day-Before Email Within (Hours)",
        default=12,
        help="A client who was told of the visit less than so many hours before gets "
        "no email on the day before.",
    )
    x_fc_mail_on_the_way = fields.Boolean(
        string="Email When the Technician Sets Out",
        help="Write to the client when the technician is on the way.",
    )
    x_fc_mail_settle_minutes = fields.Integer(
        string="Delay Before Notifying Changes (Minutes)",
        default=5,
        help="When the office moves or cancels a visit, the client is written to after "
        "so many minutes: what is moved to and fro meanwhile is told once.",
    )

    _x_fc_mail_day_before_hour_of_day = models.Constraint(
        "CHECK (x_fc_mail_day_before_hour >= 0 AND x_fc_mail_day_before_hour < 24)",
        "The hour of the day-before email lies between 0:00 and 23:59.",
    )
    _x_fc_mail_quiet_hours_not_negative = models.Constraint(
        "CHECK (x_fc_mail_day_before_quiet_hours >= 0)",
        "The hours without a day-before email cannot be negative.",
    )
    _x_fc_mail_settle_minutes_range = models.Constraint(
        "CHECK (x_fc_mail_settle_minutes BETWEEN 0 AND 120)",
        "Changes are told after 0 to 120 minutes.",
    )

    x_fc_bundle_days = fields.Integer(
        string="Offer Units Together (Days)",
        default=45,
        help="Units of one client at one place that are due within so many days of "
        "each other are offered on one visit. Zero: never.",
    )
    x_fc_done_page_days = fields.Integer(
        string="Keep the Page of a Visit (Days)",
        default=90,
        help="How long after a visit its link still shows how it went, with the "
        "documents. Zero: only on the same day.",
    )

    x_fc_repair_labour_product_id = fields.Many2one(
        "product.product",
        string="Repair Labour",
        domain="[('type', '=', 'service')]",
        help="The hourly service used for labour, at its sales price, on quotations "
        "for "
        "repairs found on visits.",
    )

    _x_fc_bundle_days_not_negative = models.Constraint(
        "CHECK (x_fc_bundle_days >= 0)",
        "The days within which units are offered together cannot be negative.",
    )
    _x_fc_done_page_days_not_negative = models.Constraint(
        "CHECK (x_fc_done_page_days >= 0)",
        "The days for which the page of a visit is kept cannot be negative.",
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

    # Time zone ---------------------------------------------------------------

    def _get_maintenance_tz(self):
        """Return the name of the zone by which this company counts days and hours.

        That of its contact, else of its working schedule. Odoo leaves the first empty
        and may make the second UTC when it sets up a company, which is no choice of
        anybody: then the zone of whoever asks is the better guess.
        """
        # Whoever asks need not be let at the company's contact.
        company = self.sudo()[:1]
        chosen = company._get_chosen_tz()
        if chosen:
            return chosen
        return self.env.user.tz or "UTC"

    def _get_today(self):
        """Return today's date where the company is, whoever asks."""
        here = self.with_context(tz=self._get_maintenance_tz())
        return fields.Date.context_today(here)
