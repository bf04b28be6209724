from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.fusion_tasks.button_context import without_button

SLOTS_A_PAGE = 12
MOST_PAGES = 6

MOST_REASONS = 6


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
        "fusion.repair.maintenance.visit", string="Visit to Reschedule", readonly=True
    )
    date_from = fields.Date(
        string="Search From",
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
        string="Their Email", help="Gets a copy of what the client gets."
    )
    tell_client = fields.Boolean(
        string="Notify Client",
        default=True,
        help="Off: no email about the new time goes to the client.",
    )

    place = fields.Char(string="Place of the Unit", compute="_compute_place")
    booked_words = fields.Char(string="Booked Now", compute="_compute_booked_words")
    hint = fields.Char(compute="_compute_hint")
    zone_words = fields.Char(compute="_compute_zone_words")
    progress = fields.Char(compute="_compute_progress")
    unit_count = fields.Integer(compute="_compute_progress")
    blocked_count = fields.Integer(compute="_compute_progress")
    blocked_words = fields.Text(compute="_compute_progress")

    # Slots -----------------------------------------------------------------------

    def _prepare_visit_request(self, any_day=False):
        """Return the request for the units that are ticked, no time chosen yet.

        :param any_day: also sooner and later than clients may book
        """
        contracts = self.unit_ids.filtered("included").contract_id
        lead = self.contract_id if self.contract_id in contracts else contracts[:1]
        lead = lead or self.contract_id
        if not lead:
            raise UserError(self.env._("Everything in this list is dealt with."))
        return lead._prepare_visit_request(
            contracts - lead,
            note=self.note,
            attendee=self._prepare_attendee(),
            past_horizon=any_day or bool(self.date_from),
            tell_client=self.tell_client or not self.visit_id,
        )

    def _get_task(self):
        """Return the task that is to be moved, if one is."""
        return self.visit_id.technician_task_id

    def _load_slots(self):
        """Fill the dialog with the times that are open now."""
        self.ensure_one()
        request = self._prepare_visit_request()
        offers = request.lead._get_booking_slots(
            request,
            limit=SLOTS_A_PAGE * self.pages,
            per_day=2 + self.pages,
            date_from=self.date_from,
            with_earliest=True,
        )
        without_button(self).line_ids = [
            Command.clear(),
            *(
                Command.create(self._prepare_line_vals(offer, offer == offers[0]))
                for offer in offers
            ),
        ]

    def _prepare_line_vals(self, offer, is_earliest):
        task = self._get_task()
        return {
            "value": offer.value,
            "technician_id": offer.technician_id,
            "date_start": offer.start,
            "travel_before": offer.travel_before,
            "travel_after": offer.travel_after,
            "detour": offer.detour,
            "low_detour": offer.low_detour,
            "is_earliest": is_earliest,
            "is_booked": (offer.technician_id, offer.start)
            == (task.technician_id.id, task.date_start),
        }

    # Buttons ---------------------------------------------------------------------

    def _get_action(self):
        moving = bool(self.visit_id)
        name = self.env._("Reschedule") if moving else self.env._("Book Maintenance")
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

    # Texts -------------------------------------------------------------------

    @api.depends("contract_id")
    def _compute_place(self):
        for wizard in self:
            contract = wizard.contract_id
            place = contract.address_id or contract.partner_id
            lines = place._display_address(without_company=True).splitlines()
            wizard.place = ", ".join(filter(None, (line.strip() for line in lines)))

    @api.depends("visit_id")
    def _compute_booked_words(self):
        words = self.env["fusion.repair.public.words"]
        for wizard in self:
            visit = wizard.visit_id
            when = visit and words._format_moment(visit.visit_date, visit._get_tz())
            wizard.booked_words = when and f"{when}, {visit.technician_id.name}"

    @api.depends("line_ids", "contract_id")
    def _compute_hint(self):
        for wizard in self:
            wizard.hint = bool(wizard.contract_id) and wizard._get_no_slots_reason()

    @api.depends("contract_id")
    def _compute_zone_words(self):
        words = self.env["fusion.repair.public.words"]
        for wizard in self:
            wizard.zone_words = words._format_zone(wizard._get_tz())

    def _get_tz(self):
        """Return the zone of which the dialog says that its times are."""
        return self.company_id._get_maintenance_tz()

    @api.depends("all_unit_ids.state", "stop_count", "state")
    def _compute_progress(self):
        for wizard in self:
            units = wizard.all_unit_ids
            wizard.unit_count = len(units.filtered(lambda u: u.state == "current"))
            wizard.blocked_count = len(units.filtered(lambda u: u.state == "blocked"))
            wizard.progress = wizard._get_progress_text()
            wizard.blocked_words = wizard._get_blocked_text()

    def _get_progress_text(self):
        """Return where in the queue we are, or what came of it; nothing for one."""
        units = self.all_unit_ids
        if self.state == "done":
            states = units.mapped("state")
            if set(states) == {"blocked"}:
                return self.env._("None of these units can be booked now.")
            return self.env._(
                "Booked: %(booked)s. Left out: %(skipped)s. Cannot be booked now: "
                "%(blocked)s.",
                booked=states.count("booked"),
                skipped=states.count("skipped"),
                blocked=states.count("blocked"),
            )
        current = units.filtered(lambda unit: unit.state == "current")[:1]
        if not current or self.stop_count < 2:
            return False
        return self.env._(
            "%(number)s of %(total)s", number=current.stop, total=self.stop_count
        )

    def _get_blocked_text(self):
        """Return, while the queue begins, what cannot be booked and why."""
        units = self.all_unit_ids
        blocked = units.filtered(lambda unit: unit.state == "blocked")
        first = {"booked", "skipped"}.isdisjoint(units.mapped("state"))
        if not blocked or not first or self.state == "done":
            return False
        said = [
            f"{unit.partner_id.name}, {unit.product_id.name}: {unit.note}"
            for unit in blocked[:MOST_REASONS]
        ]
        more = len(blocked) - len(said)
        if more:
            said.append(
                self.env._("And %(count)s more, in the list below.", count=more)
            )
        return "\n".join(said)

    def _get_no_slots_reason(self):
        """Return in words why there is no time to choose from, if there is none."""
        if self.line_ids:
            return False
        request = self._prepare_visit_request()
        if not request.units._get_serving_technicians():
            if request.companions:
                return self.env._(
                    "No technician has the skills for all these units: leave one out."
                )
            return request.lead._get_skill_missing_reason()
        return self.env._(
            "No time is open in the %(days)s days looked at: the technicians are full "
            "or away, or the place is outside their area. Look from a later day, or "
            "choose another time below.",
            days=self.company_id.x_fc_booking_horizon_days,
        )
