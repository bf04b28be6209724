from odoo import fields, models

NOWHERE = (False, "", "UTC")


class ResCompany(models.Model):
    """The clock of a company: its days, its hour for reminders, its deadlines."""

    _inherit = "res.company"

    x_fc_maintenance_tz = fields.Selection(
        related="partner_id.tz",
        readonly=False,
        string="Maintenance Time Zone",
        help="The zone of the company's own time: reminders, due dates and deadlines "
        "count by it. Empty: that of the working schedule, else of the user.",
    )

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

    def _get_chosen_tz(self):
        """Return the zone that somebody set for this company, or False."""
        calendar_tz = self.resource_calendar_id.tz
        if self.partner_id.tz:
            return self.partner_id.tz
        return calendar_tz if calendar_tz not in NOWHERE else False
