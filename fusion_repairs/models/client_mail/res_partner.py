from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import email_normalize_all
from odoo.tools.translate import LazyTranslate

from ...recurrence import PAUSE, is_placeholder_email

_lt = LazyTranslate(__name__)
# A mail server that gives up says so within some days.
BOUNCE_DAYS = 7
# What stood in the way is given so long to pass.
PAUSE_DAYS = 3


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

    def _fc_is_mail_blocked(self):
        """Tell whether mail to this client came back, or the address is blocked."""
        self.ensure_one()
        return bool(self.is_blacklisted or self.message_bounce)

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

    def _message_receive_bounce(self, email, partner):
        result = super()._message_receive_bounce(email, partner)
        self._fc_note_bounce(email)
        return result

    def _fc_note_undelivered(self, outcome, email, reason, refs):
        """Note that a mail did not arrive, at an address that may well be right.

        What waits may be tried again; what the client has to know becomes a call. No
        address is given up for it.

        :param outcome: PAUSE or LOST
        :param email: that was written to
        :param reason: what the other server said
        :param refs: identities of the mail that came back, as its headers have them
        """
        if not self:
            return
        since = fields.Datetime.now() - timedelta(days=BOUNCE_DAYS)
        known = False
        for ledger in self.env["mail.mail"]._fc_get_ledgers():
            rows = ledger._find_sent_to(self, since)
            rows = rows.filtered(lambda row: row.message_ref in refs)
            rows._note_undelivered(outcome, reason)
            known |= bool(rows)
        if outcome == PAUSE:
            pause = fields.Date.context_today(self) + timedelta(days=PAUSE_DAYS)
            self.x_fc_mail_paused_until = pause
        elif not known:
            self._fc_get_own_units().filtered(lambda unit: unit.state == "active")[
                :1
            ]._notify_office(
                _lt("An email did not reach the client: please call"),
                _lt(
                    "Email to %(email)s was not delivered: %(reason)s",
                    email=email or "",
                    reason=reason,
                ),
                reason="mail_failed",
            )

    def _fc_note_bounce(self, email):
        """Note in the ledgers what came back, and have the office call instead."""
        since = fields.Datetime.now() - timedelta(days=BOUNCE_DAYS)
        contracts = self.env["fusion.repair.maintenance.contract"].sudo()
        for ledger in self.env["mail.mail"]._fc_get_ledgers():
            rows = ledger._find_sent_to(self, since)
            rows._note_came_back()
            contracts |= rows.contract_id
        contracts._notify_office(
            _lt("Call the client: an email came back"),
            _lt(
                "Email to %(email)s cannot be delivered. Please call, and correct "
                "the address on the contact.",
                email=email or "",
            ),
            reason="mail_bounced",
        )
