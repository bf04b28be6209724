from odoo import fields, models


class MailMail(models.Model):
    """The last look before one of our mails goes out: is it still true?

    A mail may wait for minutes in the queue, or for a day while a mail server is away.
    Meanwhile the client books, the office pauses the unit, or somebody else owns it.
    """

    _inherit = "mail.mail"

    x_fc_reminder_due_date = fields.Date(
        string="Reminds Of",
        help="The due date that a mail with the booking link is about; empty: the mail "
        "asks for no booking.",
    )

    def _send(self, *args, post_send_callback=None, **kwargs):
        ours = self.filtered("x_fc_maintenance_contract_id")
        result = True
        if self - ours or not ours:
            result = super(MailMail, self - ours)._send(
                *args, post_send_callback=post_send_callback, **kwargs
            )
        for mail_id in ours.ids:
            # One by one: each is looked at just before it goes out. Not out of the set:
            # the queue commits after each, and all the others would be read again.
            mail = self.browse(mail_id)
            if mail._is_out_of_date():
                mail._call_off()
            else:
                result = super(MailMail, mail)._send(*args, **kwargs)
            if post_send_callback:
                post_send_callback([mail_id])
        return result

    def _is_out_of_date(self):
        """Tell whether a mail that waits must not go out any more."""
        self.ensure_one()
        # The mail queue may be emptied by somebody without rights on contracts.
        contract = self.sudo().x_fc_maintenance_contract_id
        client = contract.partner_id
        if not contract or self.state not in ("outgoing", "exception"):
            return False
        if not client.active and self._is_for_client():
            return True
        if not self.x_fc_reminder_due_date:
            return False
        stranger = self.recipient_ids and client not in self.recipient_ids
        return bool(
            stranger or not contract._is_reminder_wanted(self.x_fc_reminder_due_date)
        )

    def _call_off(self):
        """Take mails out of the queue, and note it in the ledgers."""
        for ledger in self._get_ledgers():
            ledger.search([("mail_id", "in", self.ids)])._note_called_off()
        self.cancel()
