from datetime import timedelta

from odoo import fields, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)
# A mail server that gives up says so within some days.
BOUNCE_DAYS = 7


class ResPartner(models.Model):
    """Clients whom mail no longer reaches, or no longer should: the office hears."""

    _inherit = "res.partner"

    def write(self, vals):
        """Trust a corrected address; ask about the units of an archived client."""
        before = {}
        if "email" in vals:
            before = {partner: partner.email_normalized for partner in self}
        archived = self.browse()
        if "active" in vals and not vals["active"]:
            archived = self.filtered("active")
        result = super().write(vals)
        corrected = self.filtered(
            lambda p: p.message_bounce and before.get(p, False) != p.email_normalized
        )
        if before and corrected:
            corrected.message_bounce = 0
        if archived:
            archived._ask_about_care()
        return result

    def _ask_about_care(self):
        """Ask the office whether the units of archived clients stay in care."""
        # Whoever archives a contact need not know contracts.
        contracts = self.env["fusion.repair.maintenance.contract"].sudo()
        found = contracts.search(
            [("partner_id", "in", self.ids), ("state", "in", ("active", "paused"))]
        )
        found._ask_about_archived_client()

    def _message_receive_bounce(self, email, partner):
        result = super()._message_receive_bounce(email, partner)
        self._note_bounce(email)
        return result

    def _note_bounce(self, email):
        """Note in the ledgers what came back, and have the office call instead."""
        since = fields.Datetime.now() - timedelta(days=BOUNCE_DAYS)
        contracts = self.env["fusion.repair.maintenance.contract"].sudo()
        for ledger in self.env["mail.mail"]._get_ledgers():
            rows = ledger._find_sent_to(self, since)
            rows._note_came_back()
            contracts |= rows.contract_id
        contracts._notify_office(
            _lt("Call the client: a mail came back"),
            _lt(
                "Mail to %(email)s cannot be delivered. Please call, and correct the "
                "address on the contact.",
                email=email or "",
            ),
            reason="mail_bounced",
        )
