from odoo import api, fields, models
from odoo.tools import email_normalize_all

from ...recurrence import is_placeholder_email


class ResPartner(models.Model):
    """Clients whom mail no longer reaches, or no longer should: the office hears."""

    _inherit = "res.partner"

    x_fc_email_placeholder = fields.Boolean(
        string="Placeholder Address", compute="_compute_x_fc_email_placeholder"
    )

    x_fc_mail_paused_until = fields.Date(
        string="Reminders Paused Until",
        readonly=True,
        copy=False,
        help="An email could not be delivered for a reason that passes. No reminder is "
        "emailed before this day.",
    )

    @api.depends("email")
    def _compute_x_fc_email_placeholder(self):
        for partner in self:
            partner.x_fc_email_placeholder = any(
                map(is_placeholder_email, email_normalize_all(partner.email or ""))
            )

    def _fc_get_mail_address(self):
        """Return the address that our mails to this client may go to, or an empty text.

        Not one that was typed because some address had to be: the client's secret link
        would go to a stranger. Mail goes to all addresses of a contact at once, so
        one such address among them is enough.
        """
        self.ensure_one()
        if not self.email_normalized or self.x_fc_email_placeholder:
            return ""
        return self.email

    def _fc_get_emails_before(self, vals):
        """Return the addresses of contacts, if values are written that name another.

        :return: {contact: normalized address}, empty if the values name none
        """
        if "email" not in vals:
            return {}
        return {partner: partner.email_normalized for partner in self}

    def _fc_trust_corrected_emails(self, before):
        """Forget what came back from an address that is another one now.

        :param before: the addresses as ``_fc_get_emails_before`` returned them
        """
        other = self.filtered(lambda p: before[p] != p.email_normalized)
        other.filtered("x_fc_mail_paused_until").x_fc_mail_paused_until = False
        corrected = other.filtered("message_bounce")
        if corrected:
            corrected.message_bounce = 0
            corrected._fc_get_own_units()._settle_requests(
                "address_corrected", self.env._("The email address was corrected.")
            )

    def _fc_find_archived_by(self, vals):
        """Return the contacts that values to be written archive."""
        if vals.get("active", True):
            return self.browse()
        return self.filtered("active")

    def _fc_find_restored_by(self, vals):
        """Return the contacts that values to be written take out of the archive."""
        if not vals.get("active"):
            return self.browse()
        return self.filtered(lambda partner: not partner.active)

    def _fc_settle_archived_requests(self):
        """Let the office know that nothing is to be decided about these clients."""
        self._fc_get_own_units()._settle_requests(
            "client_back", self.env._("The contact is back.")
        )

    def _fc_schedule_archived_client_activities(self):
        """Have the office decide about the units of archived clients, not call them."""
        units = self._fc_get_own_units()
        units._settle_requests(
            "client_archived", self.env._("The contact was archived.")
        )
        in_care = units.filtered(lambda unit: unit.state in ("active", "paused"))
        in_care._schedule_gone_client_activity()

    def _fc_get_own_units(self):
        """Return the contracts of these clients, whatever the user may see of them."""
        contracts = self.env["fusion.repair.maintenance.contract"].sudo()
        return contracts.search([("partner_id", "in", self.ids)])
