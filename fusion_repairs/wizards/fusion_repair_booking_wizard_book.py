from odoo import models
from odoo.exceptions import UserError

from ..models.fusion_repair_maintenance_contract_slot import PriceChangedError


class FusionRepairBookingWizard(models.TransientModel):
    """What a click on a time does: book or move, then go on."""

    _inherit = "fusion.repair.booking.wizard"

    def _take(self, slot, override=None):
        """Book or move to a slot and return what to show next.

        :param slot: the value of an offered slot, or a slot itself
        :param override: dict of reason and allow_overlap, where the engine says no
        """
        self.ensure_one()
        contract, companions = self._get_units()
        if not contract:
            raise UserError(self.env._("Everything in this list is dealt with."))
        (contract | companions)._check_office()
        if override:
            contract = contract._with_override(**override)
        if self.visit_id:
            return self._move(contract, slot)
        for unit in contract | companions:
            why = unit._say_not_bookable()
            if why:
                raise UserError(
                    self.env._("%(unit)s: %(why)s", unit=unit.display_name, why=why)
                )
        try:
            visit = contract._book_slot(
                slot, "office", self.note, companions, self._prepare_attendee()
            )
        except PriceChangedError as error:
            return self._show_new_price(str(error))
        return self._go_on(visit.sudo(False))

    def _show_new_price(self, message):
        """Load the times anew, as the client on the phone was told another price."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": message,
                "next": self.action_refresh(),
            },
        }

    def _prepare_attendee(self):
        names = ("attendee_name", "attendee_phone", "attendee_email")
        attendee = {name: self[name] for name in names if self[name]}
        return attendee or None

    def _move(self, contract, slot):
        """Move the visit that the dialog was opened for."""
        told = contract.with_context(fusion_client_not_told=not self.tell_client)
        if contract.current_visit_id != self.visit_id:
            raise UserError(
                self.env._("This visit was changed meanwhile. Please open it again.")
            )
        told._move_by_office(slot)
        if not self.tell_client:
            self.visit_id._message_log(
                body=self.env._("The client was not told of the new time.")
            )
        return self._open_visit(self.visit_id)

    def _go_on(self, visit):
        """Enter a booked visit in the list and show the next stop."""
        bundle = visit._get_bundle()
        for unit in self.unit_ids:
            booked = bundle.filtered(lambda v, u=unit: v.contract_id == u.contract_id)
            unit.write(
                {
                    "state": "booked" if booked else "skipped",
                    "visit_id": booked[:1].id,
                    "note": booked and booked[0]._say_when(),
                }
            )
        if self.stop_count == 1 and not self.blocked_count:
            return self._open_visit(visit)
        return self._go_to_next()

    def _open_visit(self, visit):
        return {
            "type": "ir.actions.act_window",
            "res_model": visit._name,
            "res_id": visit.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
