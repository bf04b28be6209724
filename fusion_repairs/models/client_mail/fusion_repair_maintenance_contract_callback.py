from odoo import models

from ...tools.savepoints import attempt

CALLBACK_TEMPLATE = "fusion_repairs.mail_template_callback"


class FusionRepairMaintenanceContract(models.Model):
    """What the holder of a booking link gets in writing for what they do there."""

    _inherit = "fusion.repair.maintenance.contract"

    def _confirm_callback(self):
        """Queue the answer to a request to be called, once for each open request.

        What was typed is not repeated in it: the mail goes to the contract's client,
        whoever filled in the form.
        """
        self.ensure_one()
        request = self._get_open_callback()
        messages = self.env["fusion.repair.visit.message"]
        vals = {
            "contract_id": self.id,
            "kind": "callback",
            "version": request.id,
            "email": self.partner_id.email,
        }
        known = messages.search_count(
            [(name, "=", vals[name]) for name in ("contract_id", "kind", "version")]
        )
        client = self.partner_id
        unwanted = client._fc_get_unwanted_reason()
        if known or unwanted or not client._fc_get_mail_address():
            return

        def answer():
            template = self.env.ref(CALLBACK_TEMPLATE)
            vals["mail_id"] = template.send_mail(
                self.id,
                email_values={
                    "model": False,
                    "res_id": False,
                    "x_fc_maintenance_contract_id": self.id,
                },
            )
            messages.create(vals | {"state": "queued"})

        # The request itself counts: the office has it, the page says so.
        if not attempt(self.env.cr, answer, "The answer to a callback request"):
            return
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _get_hello(self):
        """Return how a mail to the client begins."""
        words = self.env["fusion.repair.public.words"]
        return words._format_hello(words._get_greeting_name(self.partner_id))

    def _get_callback_day_text(self):
        """Return the day by which the client is called, in words."""
        deadline = (
            self._get_open_callback().date_deadline or self._get_callback_deadline()
        )
        return self.env["fusion.repair.public.words"]._format_day(deadline)
