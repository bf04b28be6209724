from odoo import api, fields, models

MOST_REASONS = 6


class FusionRepairBookingWizard(models.TransientModel):
    """What the dialog says: where, on whose clock, why nothing, what cannot be."""

    _inherit = "fusion.repair.booking.wizard"

    place = fields.Char(string="Place of the Unit", compute="_compute_place")
    booked_words = fields.Char(string="Booked Now", compute="_compute_booked_words")
    hint = fields.Char(compute="_compute_hint")
    zone_words = fields.Char(compute="_compute_zone_words")
    progress = fields.Char(compute="_compute_progress")
    unit_count = fields.Integer(compute="_compute_progress")
    blocked_count = fields.Integer(compute="_compute_progress")
    blocked_words = fields.Text(compute="_compute_progress")

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
            when = visit and words._say_moment(visit.visit_date, visit._get_tz())
            wizard.booked_words = when and f"{when}, {visit.technician_id.name}"

    @api.depends("line_ids", "contract_id")
    def _compute_hint(self):
        for wizard in self:
            wizard.hint = bool(wizard.contract_id) and wizard._say_why_no_slots()

    @api.depends("contract_id")
    def _compute_zone_words(self):
        words = self.env["fusion.repair.public.words"]
        for wizard in self:
            wizard.zone_words = words._say_zone(wizard._get_tz())

    def _get_tz(self):
        """Return the zone of which the dialog says that its times are."""
        return self.company_id._get_maintenance_tz()

    @api.depends("all_unit_ids.state", "stop_count", "state")
    def _compute_progress(self):
        for wizard in self:
            units = wizard.all_unit_ids
            wizard.unit_count = len(units.filtered(lambda u: u.state == "current"))
            wizard.blocked_count = len(units.filtered(lambda u: u.state == "blocked"))
            wizard.progress = wizard._say_progress()
            wizard.blocked_words = wizard._say_blocked()

    def _say_progress(self):
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

    def _say_blocked(self):
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

    def _say_why_no_slots(self):
        """Return in words why there is no time to choose from, if there is none."""
        if self.line_ids:
            return False
        contract, companions = self._get_units()
        if not contract.sudo()._get_serving_technicians(companions):
            if companions:
                return self.env._(
                    "No technician has the skills for all these units: leave one out."
                )
            return contract._say_skill_missing()
        return self.env._(
            "No time is open in the %(days)s days looked at: the technicians are full "
            "or away, or the place is outside their area. Look from a later day, or "
            "choose another time below.",
            days=contract.company_id.x_fc_booking_horizon_days,
        )
