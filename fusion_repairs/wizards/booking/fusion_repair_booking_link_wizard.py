from odoo import api, fields, models


class FusionRepairBookingLinkWizard(models.TransientModel):
    """Shows a client's booking link to a dispatcher; the chatter records that."""

    _name = "fusion.repair.booking.link.wizard"
    _description = "Booking Link"
    _inherit = "fusion.wizard.access.mixin"
    _target_rights = {"contract_id": "write"}

    contract_id = fields.Many2one(
        "fusion.repair.maintenance.contract", required=True, readonly=True
    )
    url = fields.Char(string="Link", compute="_compute_url")

    @api.model_create_multi
    def create(self, vals_list):
        """Let dispatchers see links, and note on the contract that they did."""
        wizards = super().create(vals_list)
        for contract in wizards.contract_id:
            contract._check_office()
            contract._message_log(
                body=self.env._(
                    "%(user)s took the booking link to pass it on.",
                    user=self.env.user.name,
                )
            )
        return wizards

    def write(self, vals):
        """Refuse another contract: its link would be seen without a note."""
        vals.pop("contract_id", None)
        return super().write(vals)

    def _compute_url(self):
        for wizard in self:
            # Of what is stored, and so noted on the contract; not of a form in memory.
            contract = wizard._origin.contract_id
            contract._check_office()
            # Rights were checked, and the chatter knows.
            wizard.url = contract.sudo()._get_booking_url() if contract else False
