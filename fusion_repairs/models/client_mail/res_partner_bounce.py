from datetime import timedelta

from odoo import fields, models
from odoo.tools.translate import LazyTranslate

from ...recurrence import PAUSE

_lt = LazyTranslate(__name__)
# A mail server that gives up says so within some days.
BOUNCE_DAYS = 7
# What stood in the way is given so long to pass.
PAUSE_DAYS = 3


class ResPartner(models.Model):
    """What follows when a mail to a client comes back: the office calls."""

    _inherit = "res.partner"

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

    def _fc_is_mail_blocked(self):
        """Tell whether mail to this client came back, or the address is blocked."""
        self.ensure_one()
        return bool(self.is_blacklisted or self.message_bounce)
