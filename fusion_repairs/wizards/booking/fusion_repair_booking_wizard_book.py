from odoo import api, fields, models
from odoo.exceptions import UserError

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

    def _take_offer(self, value):
        """Book or move to an offered time and return what to show next.

        :param value: of the offered slot
        """
        request = self._prepare_visit_request()
        self._check_still_possible(request)
        try:
            request = request.lead._read_slot(value, request)
        except PriceChangedError as error:
            return self._show_new_price(str(error))
        return self._take(request)

    def _take(self, request):
        """Book or move as requested and return what to show next."""
        if self.visit_id:
            request.lead._move_visit(request)
            return self._open_visit(self.visit_id)
        visit = request.lead._book_visit(request)
        return self._go_on(visit.sudo(False))

    def _check_still_possible(self, request):
        """Refuse what is not the user's to book, or not as the dialog says any more.

        :raise AccessError: for anybody but the office
        :raise UserError: with what changed meanwhile
        """
        self.ensure_one()
        units = request.units.with_env(self.env)
        units._check_office()
        if self.visit_id:
            if request.lead.current_visit_id != self.visit_id:
                raise UserError(
                    self.env._(
                        "This visit was changed meanwhile. Please open it again."
                    )
                )
            return
        for unit in units:
            why = unit._get_not_bookable_reason()
            if why:
                raise UserError(
                    self.env._("%(unit)s: %(why)s", unit=unit.display_name, why=why)
                )

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
            request = asked and wizard._prepare_other_request()
            refusal = asked and request.lead._explain_visit(request)
            wizard.other_is_asked = asked
            wizard.other_is_open = asked and not refusal
            wizard.other_overlaps = bool(refusal) and wizard._overlaps(request)
            wizard.other_verdict = asked and wizard._get_other_text(request, refusal)

    def _prepare_other_request(self):
        """Return the request for the other time, with the horizon of the office."""
        return self._prepare_visit_request(any_day=True).replace(
            technician=self.other_technician_id._origin or self.other_technician_id,
            start=self.other_start,
        )

    def _overlaps(self, request):
        tasks = self.env["fusion.technician.task"]
        return bool(
            tasks._find_beside(
                request.technician, request.start, request.hours, request.exclude_task
            )
        )

    def _get_other_text(self, request, refusal):
        technician = request.technician.with_company(self.company_id)
        when = self.env["fusion.repair.public.words"]._format_moment(
            request.start, technician._fc_get_tz()
        )
        if not refusal:
            return self.env._("%(when)s: open.", when=when)
        return self.env._("%(when)s: not open. %(why)s", when=when, why=refusal)

    def action_book_other(self):
        """Book the other time; against the schedule only with a reason."""
        self.ensure_one()
        if not (self.other_technician_id and self.other_start):
            raise UserError(self.env._("Please choose a technician and a time."))
        request = self._prepare_other_request()
        self._check_still_possible(request)
        if request.lead._explain_visit(request):
            override = request.lead.with_env(self.env)._make_override(
                self.other_reason, self.allow_overlap
            )
            request = request.replace(override=override)
        return self._take(request)

    def _prepare_no_other_time(self):
        """Return the values of a dialog in which no other time was chosen yet."""
        return {
            "other_time": False,
            "other_technician_id": False,
            "other_start": False,
            "other_reason": False,
            "allow_overlap": False,
        }
