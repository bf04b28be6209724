from odoo import api, fields, models


class FusionRepairBookingWizardLine(models.TransientModel):
    """One open time in the dialog, and what speaks for it."""

    _name = "fusion.repair.booking.wizard.line"
    _description = "Open Time"
    _inherit = "fusion.wizard.access.mixin"
    _target_rights = {"wizard_id": "write"}
    _order = "date_start, id"

    wizard_id = fields.Many2one(
        "fusion.repair.booking.wizard", required=True, ondelete="cascade", index=True
    )
    value = fields.Char(required=True, readonly=True)
    technician_id = fields.Many2one("res.users", readonly=True)
    date_start = fields.Datetime(string="Planned Start", readonly=True)
    when = fields.Char(compute="_compute_when", help="On the technician's own clock.")
    travel_before = fields.Integer(
        string="Drive There (min)", readonly=True, help="Minutes to drive to the visit."
    )
    travel_after = fields.Integer(
        string="Drive Onward (min)",
        readonly=True,
        help="Minutes to drive from the visit to the next stop.",
    )
    detour = fields.Integer(
        string="Detour (min)",
        readonly=True,
        help="How much driving this visit adds to the technician's day.",
    )
    low_detour = fields.Boolean(string="Nearby", readonly=True)
    is_earliest = fields.Boolean(
        string="Earliest", readonly=True, help="No time is open sooner."
    )
    is_booked = fields.Boolean(string="Booked Now", readonly=True)
    drives = fields.Char(compute="_compute_reason")
    reason = fields.Char(compute="_compute_reason")

    @api.depends("date_start", "technician_id")
    @api.depends_context("lang")
    def _compute_when(self):
        words = self.env["fusion.repair.public.words"]
        for line in self:
            technician = line.technician_id.sudo()
            tz = technician.with_company(line.wizard_id.company_id)._fc_get_tz()
            line.when = words._format_moment(line.date_start, tz)
            if tz != line.wizard_id._get_tz():
                line.when = f"{line.when} ({tz})"

    @api.depends("detour", "low_detour", "is_booked", "travel_before", "travel_after")
    @api.depends_context("lang")
    def _compute_reason(self):
        for line in self:
            line.reason = line._get_reason_text()
            line.drives = self.env._(
                "Drive there %(before)s min, on %(after)s min",
                before=line.travel_before,
                after=line.travel_after,
            )

    def _get_reason_text(self):
        if self.is_booked:
            return self.env._("Booked now")
        if not self.detour:
            return self.env._("On the way: no detour")
        if self.low_detour:
            return self.env._(
                "Nearby: +%(minutes)s min of driving", minutes=self.detour
            )
        return self.env._("+%(minutes)s min of driving", minutes=self.detour)

    def action_book(self):
        """Book this time, or move the visit to it."""
        self.ensure_one()
        return self.wizard_id._take_offer(self.value)
