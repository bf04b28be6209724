from odoo import fields, models
from odoo.fields import Command

from odoo.addons.fusion_tasks.button_context import without_button

SLOTS_A_PAGE = 12
MOST_PAGES = 6


class FusionRepairBookingWizard(models.TransientModel):
    """The office books or moves a visit, from the times that the client would see."""

    _name = "fusion.repair.booking.wizard"
    _description = "Book Maintenance"
    _inherit = "fusion.wizard.access.mixin"
    _target_rights = {"contract_id": "write", "visit_id": "write"}

    contract_id = fields.Many2one("fusion.repair.maintenance.contract", readonly=True)
    company_id = fields.Many2one(related="contract_id.company_id", related_sudo=False)
    partner_id = fields.Many2one(related="contract_id.partner_id", related_sudo=False)
    phone = fields.Char(related="contract_id.partner_id.phone", related_sudo=False)
    address_id = fields.Many2one(
        related="contract_id.address_id", related_sudo=False, string="Address"
    )
    visit_id = fields.Many2one(
        "fusion.repair.maintenance.visit", string="Visit to Move", readonly=True
    )
    date_from = fields.Date(
        string="Look From",
        help="Empty: the times that the client is offered online. With a day: also "
        "sooner than the notice and later than the horizon, up to a year ahead.",
    )
    pages = fields.Integer(default=1, readonly=True)
    line_ids = fields.One2many("fusion.repair.booking.wizard.line", "wizard_id")
    note = fields.Text(string="Note for the Technician")
    attendee_name = fields.Char(
        string="Who Will Be There", help="Only if it is somebody else than the client."
    )
    attendee_phone = fields.Char(string="Their Phone")
    attendee_email = fields.Char(
        string="Their E-mail", help="Gets a copy of what the client gets."
    )
    tell_client = fields.Boolean(
        string="Tell the Client",
        default=True,
        help="Off: no mail about the new time goes to the client.",
    )

    # Slots -----------------------------------------------------------------------

    def _get_units(self):
        """Return the contract that leads the visit, ready to be asked, and the rest."""
        contracts = self.unit_ids.filtered("included").contract_id
        lead = self.contract_id if self.contract_id in contracts else contracts[:1]
        lead = (lead or self.contract_id).with_context(
            fusion_past_horizon=bool(self.date_from)
        )
        return lead, contracts - lead

    def _get_task(self):
        """Return the task that is to be moved, if one is."""
        return self.visit_id.technician_task_id

    def _load_slots(self):
        """Fill the dialog with the times that are open now."""
        self.ensure_one()
        contract, companions = self._get_units()
        offers = contract._get_booking_slots(
            limit=SLOTS_A_PAGE * self.pages,
            exclude_task=self._get_task() or None,
            per_day=2 + self.pages,
            companions=companions,
            date_from=self.date_from,
        )
        without_button(self).line_ids = [
            Command.clear(),
            *(Command.create(self._prepare_line_vals(offer)) for offer in offers),
        ]

    def _prepare_line_vals(self, offer):
        task = self._get_task()
        return {
            "value": offer.value,
            "technician_id": offer.technician_id,
            "date_start": offer.start,
            "travel_before": offer.travel_before,
            "travel_after": offer.travel_after,
            "detour": offer.detour,
            "low_detour": offer.low_detour,
            "is_booked": (offer.technician_id, offer.start)
            == (task.technician_id.id, task.date_start),
        }

    # Buttons ---------------------------------------------------------------------

    def _get_action(self):
        moving = bool(self.visit_id)
        name = self.env._("Move Visit") if moving else self.env._("Book Maintenance")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_refresh(self):
        """Look again for open times."""
        self._load_slots()
        return self._get_action()

    def action_more(self):
        """Show more times."""
        self.pages = min(self.pages + 1, MOST_PAGES)
        return self.action_refresh()
