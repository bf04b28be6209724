from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.fusion_tasks.scheduling import Slot

from ...models.booking.fusion_repair_maintenance_contract_slots import PriceChangedError


class FusionRepairBookingWizard(models.TransientModel):
    """What a click on a time does: book or move, then go on."""

    _inherit = "fusion.repair.booking.wizard"

    other_time = fields.Boolean(string="Another Time")
    other_technician_id = fields.Many2one(
        "res.users",
        string="Technician",
        domain="[('x_fc_is_technician', '=', True), ('share', '=', False),"
        " ('company_ids', 'in', company_id)]",
    )
    other_start = fields.Datetime(string="Planned Start")
    other_is_asked = fields.Boolean(
        string="Other Time Requested", compute="_compute_other_verdict"
    )
    other_is_open = fields.Boolean(compute="_compute_other_verdict")
    other_overlaps = fields.Boolean(compute="_compute_other_verdict")
    other_verdict = fields.Char(
        string="The Schedule Says", compute="_compute_other_verdict"
    )
    other_reason = fields.Char(
        string="Override Reason",
        help="Kept on the visit and on the task, with your name.",
    )
    allow_overlap = fields.Boolean(
        string="Overlap the Other Task",
        help="Allow this visit to overlap the technician's other task.",
    )

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
            why = unit._get_not_bookable_reason()
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
                body=self.env._("The client was not notified of the new time.")
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
                    "note": booked and booked[0]._format_when(),
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

    # Another time ------------------------------------------------------------

    @api.depends("other_technician_id", "other_start", "unit_ids.included")
    def _compute_other_verdict(self):
        for wizard in self:
            asked = bool(wizard.other_technician_id and wizard.other_start)
            refusal = asked and wizard._explain_other()
            wizard.other_is_asked = asked
            wizard.other_is_open = asked and not refusal
            wizard.other_overlaps = bool(refusal) and wizard._overlaps_other()
            wizard.other_verdict = asked and wizard._get_other_text(refusal)

    def _get_units_any_day(self):
        """Return lead and companions, with the horizon of the office."""
        contract, companions = self._get_units()
        return contract.with_context(fusion_past_horizon=True), companions

    def _get_other_technician(self):
        return self.other_technician_id._origin or self.other_technician_id

    def _explain_other(self):
        """Return in words what speaks against the other time, or False."""
        contract, companions = self._get_units_any_day()
        return contract._explain_visit(
            self._get_other_technician(),
            self.other_start,
            companions,
            self._get_task() or None,
        )

    def _overlaps_other(self):
        contract, companions = self._get_units_any_day()
        task = self._get_task() or None
        hours = contract._get_visit_hours(companions, task)
        tasks = self.env["fusion.technician.task"]
        technician = self._get_other_technician()
        return bool(tasks._find_beside(technician, self.other_start, hours, task))

    def _get_other_text(self, refusal):
        technician = self._get_other_technician().with_company(self.company_id)
        when = self.env["fusion.repair.public.words"]._format_moment(
            self.other_start, technician._fc_get_tz()
        )
        if not refusal:
            return self.env._("%(when)s: open.", when=when)
        return self.env._("%(when)s: not open. %(why)s", when=when, why=refusal)

    def action_book_other(self):
        """Book the other time; against the schedule only with a reason."""
        self.ensure_one()
        if not (self.other_technician_id and self.other_start):
            raise UserError(self.env._("Please choose a technician and a time."))
        contract, companions = self._get_units_any_day()
        task = self._get_task() or None
        hours = contract._get_visit_hours(companions, task)
        end = self.env["fusion.technician.task"]._get_end(self.other_start, hours)
        slot = Slot(self.other_technician_id.id, self.other_start, end, 0, 0, 0)
        override = None
        if self._explain_other():
            override = {
                "reason": self.other_reason,
                "allow_overlap": self.allow_overlap,
            }
        return self.with_context(fusion_past_horizon=True)._take(slot, override)

    def _prepare_no_other_time(self):
        """Return the values of a dialog in which no other time was chosen yet."""
        return {
            "other_time": False,
            "other_technician_id": False,
            "other_start": False,
            "other_reason": False,
            "allow_overlap": False,
        }
