from odoo import fields, models
from odoo.exceptions import UserError


class FusionRepairBookingWizardLine(models.TransientModel):
    """One open time in the dialog."""

    _name = "fusion.repair.booking.wizard.line"
    _description = "Open Time"
    _order = "date_start, id"

    wizard_id = fields.Many2one(
        "fusion.repair.booking.wizard", required=True, ondelete="cascade", index=True
    )
    value = fields.Char(required=True, readonly=True)
    technician_id = fields.Many2one("res.users", readonly=True)
    date_start = fields.Datetime(string="Planned Start", readonly=True)
    travel_before = fields.Integer(string="Travel (min)", readonly=True)
    detour = fields.Integer(
        string="Detour (min)",
        readonly=True,
        help="How much driving this visit adds to the technician's day.",
    )
    low_detour = fields.Boolean(string="Nearby", readonly=True)

    def action_book(self):
        """Book this time and open the visit."""
        self.ensure_one()
        wizard = self.wizard_id
        wizard.contract_id._check_office()
        if wizard.contract_id.is_booked:
            raise UserError(self.env._("A visit is booked for this unit already."))
        visit = wizard.contract_id._book_slot(self.value, "office", wizard.note)
        return {
            "type": "ir.actions.act_window",
            "res_model": visit._name,
            "res_id": visit.id,
            "view_mode": "form",
        }
