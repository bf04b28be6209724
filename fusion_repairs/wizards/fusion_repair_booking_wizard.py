from odoo import api, fields, models
from odoo.fields import Command

SLOT_LIMIT = 24


class FusionRepairBookingWizard(models.TransientModel):
    """The office books a visit from the same times that the client would see."""

    _name = "fusion.repair.booking.wizard"
    _description = "Book Maintenance"

    contract_id = fields.Many2one(
        "fusion.repair.maintenance.contract", required=True, readonly=True
    )
    partner_id = fields.Many2one(related="contract_id.partner_id")
    address_id = fields.Many2one(related="contract_id.address_id")
    product_id = fields.Many2one(related="contract_id.product_id")
    currency_id = fields.Many2one(related="contract_id.currency_id")
    fee = fields.Monetary(related="contract_id.x_fc_maintenance_fee")
    note = fields.Text(string="Note for the Technician")
    line_ids = fields.One2many("fusion.repair.booking.wizard.line", "wizard_id")
    hint = fields.Char(compute="_compute_hint")

    @api.depends("line_ids")
    def _compute_hint(self):
        for wizard in self:
            wizard.hint = wizard._say_why_no_slots()

    def _say_why_no_slots(self):
        if self.line_ids:
            return False
        contract = self.contract_id
        if not contract.sudo()._get_bookable_technicians():
            return self.env._(
                "No technician has the skill for %(category)s.",
                category=contract.x_fc_policy_category_id.display_name,
            )
        return self.env._(
            "No time is open in the next %(days)s days: the technicians are full, "
            "away, or the place is outside their area.",
            days=contract.company_id.x_fc_booking_horizon_days,
        )

    def _load_slots(self):
        """Fill the dialog with the times that are open now."""
        self.ensure_one()
        offers = self.contract_id._get_booking_slots(limit=SLOT_LIMIT)
        self.line_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "value": offer.value,
                        "technician_id": offer.technician_id,
                        "date_start": offer.start,
                        "travel_before": offer.travel_before,
                        "detour": offer.detour,
                        "low_detour": offer.low_detour,
                    }
                )
                for offer in offers
            ),
        ]

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Book Maintenance"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_refresh(self):
        """Look again for open times."""
        self._load_slots()
        return self._get_action()
