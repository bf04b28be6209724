from odoo import fields, models


class FusionRepairBookingSmsWizard(models.TransientModel):
    """The text message with a client's booking link, before it is sent.

    The link itself is not in the dialog: it is put behind the words when the message
    is made.
    """

    _name = "fusion.repair.booking.sms.wizard"
    _description = "Send Booking Link by Text Message"
    _inherit = "fusion.wizard.access.mixin"
    _target_rights = {"contract_id": "write"}

    contract_id = fields.Many2one(
        "fusion.repair.maintenance.contract", required=True, readonly=True
    )
    partner_id = fields.Many2one(related="contract_id.partner_id", related_sudo=False)
    number = fields.Char(string="Phone", required=True)
    body = fields.Text(
        string="Message", required=True, help="The link is added at the end."
    )

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send Booking Link by Text Message"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_send(self):
        """Queue the message with the link."""
        self.ensure_one()
        contract = self.contract_id
        contract._queue_link_text(self.number, self.body)
        return contract._notify_sent(
            self.env._("The text message is on its way to %(to)s.", to=self.number)
        )
