from odoo import api, fields, models
from odoo.exceptions import UserError


class FusionRepairBookingWizardUnit(models.TransientModel):
    """One unit in the booking dialog: its stop, and what happened to it."""

    _name = "fusion.repair.booking.wizard.unit"
    _description = "Unit to Book"
    _inherit = "fusion.wizard.access.mixin"
    _target_rights = {"wizard_id": "write", "contract_id": "write"}
    _order = "stop, id"

    wizard_id = fields.Many2one(
        "fusion.repair.booking.wizard", required=True, ondelete="cascade", index=True
    )
    contract_id = fields.Many2one(
        "fusion.repair.maintenance.contract", required=True, readonly=True
    )
    stop = fields.Integer(readonly=True, help="Units of one stop are one visit.")
    state = fields.Selection(
        [
            ("waiting", "To Come"),
            ("current", "Now"),
            ("booked", "Booked"),
            ("skipped", "Excluded"),
            ("blocked", "Not Possible"),
        ],
        string="Status",
        default="waiting",
        readonly=True,
        required=True,
    )
    included = fields.Boolean(default=True, readonly=True)
    note = fields.Char(string="Remark", readonly=True)
    visit_id = fields.Many2one("fusion.repair.maintenance.visit", readonly=True)
    partner_id = fields.Many2one(related="contract_id.partner_id", related_sudo=False)
    product_id = fields.Many2one(related="contract_id.product_id", related_sudo=False)
    serial = fields.Char(related="contract_id.x_fc_device_serial", related_sudo=False)
    next_due_date = fields.Date(related="contract_id.next_due_date", related_sudo=False)
    duration = fields.Float(related="contract_id.duration", related_sudo=False)
    currency_id = fields.Many2one(related="contract_id.currency_id", related_sudo=False)
    fee = fields.Monetary(compute="_compute_fee")

    @api.depends("contract_id", "included", "wizard_id.unit_ids.included")
    def _compute_fee(self):
        for wizard, units in self.grouped("wizard_id").items():
            asked = wizard.unit_ids.filtered("included") | units
            fees = asked.contract_id._get_visit_fees()
            for unit in units:
                unit.fee = fees.get(unit.contract_id.id, 0.0)

    def _check_again(self):
        """Enter what cannot be booked any more, with the reason."""
        for unit in self:
            why = unit.contract_id._get_not_bookable_reason()
            if why:
                unit.write({"state": "blocked", "note": why})

    def action_toggle(self):
        """Take a unit along on this visit, or leave it out; look for times anew."""
        self.ensure_one()
        wizard = self.wizard_id
        self.included = not self.included
        if not wizard.unit_ids.filtered("included"):
            raise UserError(self.env._("A visit needs one unit at least."))
        wizard.contract_id = wizard.unit_ids.filtered("included")[0].contract_id
        return wizard.action_refresh()
