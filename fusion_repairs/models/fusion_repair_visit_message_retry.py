from datetime import timedelta

from odoo import api, fields, models

# Odoo's mail queue never tries a failed mail again by itself.
KEEP_TRYING = timedelta(hours=24)
WORTH_LESS = ("day_before", "on_the_way")


class FusionRepairVisitMessage(models.Model):
    """What becomes of messages that the mail server refused."""

    _inherit = "fusion.repair.visit.message"

    @api.model
    def _retry_failed(self):
        """Put failed mails back into the queue for a day; then the office calls.

        A mail that speaks of an older version of the visit is not among them: the
        newer message has replaced it.
        """
        failed = self.search([("state", "=", "failed"), ("office_told", "=", False)])
        now = fields.Datetime.now()
        again = failed.filtered(
            lambda message: (
                message.mail_id
                and message.due_at + KEEP_TRYING > now
                and not (message._is_notice() and message.told_start < now)
            )
        )
        if again:
            again.mail_id.mark_outgoing()
            again.write({"state": "queued"})
            self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()
        (failed - again)._hand_over()

    def _is_notice(self):
        return self.kind in WORTH_LESS

    def _hand_over(self):
        """Have the office tell the clients who could not be written to."""
        for message in self:
            if message.audience == "client" and not message._is_notice():
                message.contract_id._notify_office(
                    self.env._("Call the client: a mail about the visit failed"),
                    message.reason or "",
                )
        self.write({"office_told": True})
