from odoo import api, models
from odoo.tools import email_normalize, html2plaintext
from odoo.tools.mail import decode_message_header

from ...recurrence import NOBODY, read_delivery_report

LONGEST_REASON = 500


class MailThread(models.AbstractModel):
    """Delivery reports are read before an address counts as one that bounces.

    Odoo takes each of them for a bounce, also "delayed, still trying".
    """

    _inherit = "mail.thread"

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        reports = self._fc_read_delivery_reports(email_message)
        if not reports:  # it says nothing that could be read: as Odoo sees it
            return super()._routing_handle_bounce(email_message, message_dict)
        for email, outcome, reason in reports:
            partners = self.env["res.partner"].sudo()
            if email:
                partners = partners.search([("email_normalized", "=", email)])
            else:
                partners, email = (
                    message_dict["bounced_partner"],
                    message_dict["bounced_email"],
                )
            if outcome == NOBODY:
                bounced = {"bounced_email": email, "bounced_partner": partners}
                super()._routing_handle_bounce(email_message, message_dict | bounced)
            elif outcome:
                self._fc_mark_undelivered(partners, email, message_dict)
                refs = message_dict["bounced_msg_ids"] or []
                partners._fc_note_undelivered(outcome, email, reason, refs)
        return None

    @api.model
    def _fc_read_delivery_reports(self, email_message):
        """Return what a mail reports, as (address, outcome, reason) for each of them.

        The outcome is one of the pure rules, None where nothing was lost. The address
        is the one that was written to, where a forwarding server says it.
        """
        part = next(
            (
                part
                for part in email_message.walk()
                if part.get_content_type() == "message/delivery-status"
            ),
            None,
        )
        blocks = part.get_payload() if part else []
        reports = []
        for block in blocks if isinstance(blocks, list) else []:
            action = decode_message_header(block, "Action")
            status = decode_message_header(block, "Status")
            if not (action or status):
                continue  # about the whole message
            said = decode_message_header(block, "Diagnostic-Code") or ""
            reports.append(
                (
                    self._fc_find_reported_address(block),
                    read_delivery_report(action, status, said),
                    (said.partition(";")[2].strip() or status or "")[:LONGEST_REASON],
                )
            )
        return reports

    @api.model
    def _fc_find_reported_address(self, block):
        """Return the address that a block is about, rather one that we know."""
        found = []
        for name in ("Original-Recipient", "Final-Recipient"):
            value = decode_message_header(block, name) or ""
            address = email_normalize(value.rpartition(";")[2].strip())
            if address:
                found.append(address)
        if len(found) > 1:
            partners = self.env["res.partner"].sudo()
            known = partners.search([("email_normalized", "in", found)])
            known = known.mapped("email_normalized")
            found = [each for each in found if each in known] or found[1:]
        return found[0] if found else False

    @api.model
    def _fc_mark_undelivered(self, partners, email, message_dict):
        """Show on a message of any document that it did not arrive, as Odoo does."""
        message = message_dict["bounced_message"]
        if not message:
            return
        notices = self.env["mail.notification"].sudo()
        notices.search(
            [
                ("mail_message_id", "=", message.id),
                "|",
                ("res_partner_id", "in", partners.ids),
                ("mail_email_address", "=", email),
            ]
        ).write(
            {
                "failure_reason": html2plaintext(message_dict.get("body") or ""),
                "failure_type": "mail_bounce",
                "notification_status": "bounce",
            }
        )
