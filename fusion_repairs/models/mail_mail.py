from odoo import models


class MailMail(models.Model):
    """Tell the reminder ledger what became of its mails."""

    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        ledger = self.env["fusion.repair.maintenance.reminder"].sudo()
        rows = ledger.search([("mail_id", "in", self.ids)])
        if rows:
            rows._record_delivery(failure_type, failure_reason)
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )
