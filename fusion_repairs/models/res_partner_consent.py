from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..recurrence import consent_allows

# Kinds of messages that a client may stop, and the field that says so. What confirms
# something that the client has just done is of no kind: it is always sent.
OPT_OUT_FIELDS = {
    "reminder": "x_fc_maintenance_opt_out",
    "appointment": "x_fc_appointment_opt_out",
}


class ResPartner(models.Model):
    """What a client allows us to send."""

    _inherit = "res.partner"

    x_fc_maintenance_opt_out = fields.Boolean(
        string="No Maintenance Reminders",
        tracking=True,
        help="The client asked not to be reminded by e-mail. The office calls instead.",
    )
    x_fc_appointment_opt_out = fields.Boolean(
        string="No Appointment Notices",
        tracking=True,
        help="The client asked for no notices of a coming visit, such as the one of "
        "the day before. Confirmations of what the client just did are still sent.",
    )
    x_fc_maintenance_opt_out_date = fields.Datetime(
        string="Reminders Stopped On", readonly=True, copy=False
    )
    x_fc_consent_express_date = fields.Date(
        string="Express Consent On",
        copy=False,
        help="Day on which the client asked for reminders by e-mail. Without it, a "
        "purchase or a visit allows them for some time.",
    )
    x_fc_consent_basis = fields.Selection(
        [
            ("express", "Asked For"),
            ("implied", "Purchase or Visit"),
            ("withdrawn", "Withdrawn"),
        ],
        string="Consent",
        compute="_compute_consent",
    )
    x_fc_consent_until = fields.Date(
        string="Consent Until",
        compute="_compute_consent",
        help="Last day on which the law lets us write; empty: no end, or no consent.",
    )

    # Consent -------------------------------------------------------------------

    @api.depends("x_fc_maintenance_opt_out", "x_fc_consent_express_date")
    @api.depends_context("company")
    def _compute_consent(self):
        months = self.env.company.x_fc_consent_implied_months
        last_contacts = self._get_last_contacts(self.env.company)
        for partner in self:
            last = last_contacts.get(partner.id)
            basis = partner._get_consent_basis(last)
            partner.x_fc_consent_basis = basis or False
            partner.x_fc_consent_until = (
                last + relativedelta(months=months) if basis == "implied" else False
            )

    def _get_consent_basis(self, last_contact):
        """Return express, implied, withdrawn or None, as the pure rules read it."""
        if self.x_fc_maintenance_opt_out:
            return "withdrawn"
        if self.x_fc_consent_express_date:
            return "express"
        return "implied" if last_contact else None

    def _accepts_maintenance_mail(self, kind):
        """Tell whether a message of a kind may be mailed to this client now.

        :param kind: ``reminder`` asks for a booking and needs consent by law;
            ``appointment`` is about a visit that is booked, such as the day before
        """
        return self._get_mail_obstacle(kind) is None

    def _get_mail_obstacle(self, kind):
        """Return the code of what forbids a message of a kind, None if nothing does.

        The client's own word comes first, then the address, then the law (CASL).
        """
        self.ensure_one()
        unwanted = self._get_unwanted_reason(kind)
        if unwanted:
            return unwanted
        if not self._fc_get_mail_address():
            return "no_email"
        if self.is_blacklisted or self.message_bounce:
            return "bounced"
        return self._get_law_obstacle() if kind == "reminder" else None

    def _get_unwanted_reason(self, kind):
        """Return the code of why no message of a kind goes to this client at all."""
        if not self.active:
            return "archived"
        return "opted_out" if self[OPT_OUT_FIELDS[kind]] else None

    def _get_law_obstacle(self):
        """Return the code of what the law says against a reminder by mail or text."""
        company = self.env.company
        last_contact = self._get_last_contacts(company).get(self.id)
        consent = consent_allows(
            self._get_consent_basis(last_contact),
            last_contact,
            fields.Date.context_today(self),
            company.x_fc_consent_implied_months,
        )
        return None if consent.allowed else consent.reason

    def _get_last_contacts(self, company):
        """Return for each partner the day of the last purchase or visit.

        Purchases are confirmed orders and units of ours that came into use; visits
        are those that we did. What somebody else sold or serviced is no business
        between us and the client.
        """
        days = {}
        for partner_id, day in (
            *self._get_last_orders(company),
            *self._get_last_services(company),
        ):
            if day and (partner_id not in days or day > days[partner_id]):
                days[partner_id] = day
        return days

    def _get_last_orders(self, company):
        orders = self.env["sale.order"].sudo()  # only the day is used
        domain = Domain("partner_id", "in", self.ids) & Domain("state", "=", "sale")
        rows = orders._read_group(
            domain & Domain("company_id", "=", company.id),
            ["partner_id"],
            ["date_order:max"],
        )
        return [(partner.id, moment and moment.date()) for partner, moment in rows]

    def _get_last_services(self, company):
        domain = Domain("partner_id", "in", self.ids) & Domain(
            "company_id", "=", company.id
        )
        contracts = self.env["fusion.repair.maintenance.contract"].sudo()
        # Not those entered by hand or imported: somebody else may have sold the unit.
        sold = Domain("x_fc_source", "!=", "manual") & Domain(
            "end_cause", "!=", "order"
        )
        rows = contracts._read_group(domain & sold, ["partner_id"], ["start_date:max"])
        visits = self.env["fusion.repair.maintenance.visit"].sudo()
        rows += visits._read_group(
            domain & Domain("state", "=", "done"), ["partner_id"], ["service_date:max"]
        )
        today = fields.Date.context_today(self) + timedelta(days=1)
        return [
            (partner.id, day)
            for partner, *found in rows
            for day in found
            if day and day <= today
        ]
