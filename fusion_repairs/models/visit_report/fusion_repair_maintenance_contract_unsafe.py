from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import format_date


class FusionRepairMaintenanceContract(models.Model):
    """Whether the unit may be used, what is wrong with it, and no-shows."""

    _inherit = "fusion.repair.maintenance.contract"

    defect_ids = fields.One2many(
        "fusion.repair.defect", "contract_id", string="Defects"
    )
    open_defect_count = fields.Integer(
        string="Open Defects", compute="_compute_open_defect_count"
    )
    no_show_count = fields.Integer(
        string="No-shows",
        compute="_compute_visits_in_vain",
        store=True,
        help="Visits where the client was not home.",
    )
    cancelled_count = fields.Integer(
        string="Visits Cancelled", compute="_compute_visits_in_vain", store=True
    )

    @api.depends("defect_ids.state")
    def _compute_open_defect_count(self):
        for contract in self:
            open_ones = contract.defect_ids.filtered(lambda d: d.state == "open")
            contract.open_defect_count = len(open_ones)

    @api.depends("visit_ids.state")
    def _compute_visits_in_vain(self):
        for contract in self:
            states = contract.visit_ids.mapped("state")
            contract.no_show_count = states.count("no_show")
            contract.cancelled_count = states.count("cancelled")

    def _inherit_unsafe_flag(self):
        """Keep a unit unsafe that comes into care again under another contract."""
        contracts = self.sudo()
        contracts.filtered(
            lambda contract: contract.lot_id._filter_named().x_fc_unsafe
        ).unsafe = True

    def _check_unsafe_unwritten(self, vals):
        """Refuse to release an unsafe unit in passing, without a reason."""
        if "unsafe" in vals and not self.env.su:
            raise UserError(
                self.env._(
                    "A unit becomes unsafe by a visit, and is released by a good visit "
                    "or with a reason."
                )
            )

    def _note_on_lot(self, unsafe):
        """Keep with the units' lots whether they are unsafe."""
        self.lot_id.sudo()._filter_named().x_fc_unsafe = bool(unsafe)

    def action_view_defects(self):
        """Open what was found wrong with the unit."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "fusion_repairs.fusion_repair_defect_action"
        )
        return action | {"domain": [("contract_id", "=", self.id)]}

    def action_release(self):
        """Ask why an unsafe unit may be used again."""
        self.ensure_one()
        self._check_office()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Return the Unit to Service"),
            "res_model": "fusion.repair.release.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_contract_id": self.id},
        }

    def _get_open_defects(self, until=None):
        """Return what is wrong with the units, found under a former contract too.

        :param until: leave out what was found after this day
        """
        unit = Domain("contract_id", "in", self.ids)
        for company in self.lot_id and self.company_id:
            lots = self.filtered(lambda c, company=company: c.company_id == company)
            unit |= Domain("lot_id", "in", lots.lot_id._filter_named().ids) & Domain(
                "company_id", "=", company.id
            )
        if until:
            unit &= Domain("date_found", "<=", until)
        return self.env["fusion.repair.defect"].search(
            unit & Domain("state", "=", "open")
        )

    def _filter_own_defects(self, defects):
        """Return those of some open defects that are this unit's."""
        self.ensure_one()
        lot = self.lot_id._filter_named()
        return defects.filtered(
            lambda d: d.contract_id == self or (lot and d.lot_id == lot)
        )

    def _get_open_dangers(self, until=None):
        """Return the open defects for which the unit must not be used.

        :param until: leave out what was found after this day
        """
        defects = self._get_open_defects(until)
        return defects.filtered(lambda defect: defect._is_danger())

    def _get_marked_unsafe_text(self):
        """Return who marked the unit unsafe and when; nothing if nobody knows."""
        self.ensure_one()
        found = self.visit_ids.filtered(
            lambda visit: visit.outcome == "unsafe" and visit.service_date
        ).sorted("service_date")[-1:]
        if not found:
            return ""
        return self.env._(
            "Marked unsafe by %(name)s on %(day)s.",
            name=found.technician_id.name or "",
            day=format_date(self.env, found.service_date, date_format="long"),
        )

    def _flag_unsafe(self, reason):
        """Mark a unit unsafe: no certificate of it stands.

        :param reason: why, in words
        """
        self.ensure_one()
        if not self.unsafe:
            self.unsafe = True
            self._message_log(
                body=self.env._("Unsafe, not to be used: %(reason)s", reason=reason)
            )
        self.certificate_ids._end("revoked", reason)

    def _judge_unit(self, visit):
        """Take over what a visit says about the safety of the unit.

        :param visit: a reported one, its defects on record; an older report than the
            latest says nothing new
        """
        self.ensure_one()
        unsafe = visit.outcome == "unsafe"
        if unsafe == self.unsafe or self._has_later_report(visit):
            return
        if not unsafe and self._get_open_dangers():
            return
        self.unsafe = unsafe
        if unsafe:
            body = self.env._(
                "Unsafe, not to be used: a check failed on %(visit)s.", visit=visit.name
            )
        else:
            body = self.env._(
                "Released for use: found in order on %(visit)s. %(done)s",
                visit=visit.name,
                done=visit._get_done_text(),
            ).strip()
        self._message_log(body=body)

    def _has_later_report(self, visit):
        """Tell whether a later visit has said already how the unit is."""
        self.ensure_one()
        day = visit.service_date
        return bool(day) and any(
            other.state == "done" and other.reported_at and other.service_date > day
            for other in self.visit_ids
        )

    def _release(self, reason):
        """Let an unsafe unit be used again, on record with who and why.

        :param reason: why, in words of the office
        """
        self.ensure_one()
        self._check_office()
        if not (reason or "").strip():
            raise UserError(self.env._("Please say why the unit may be used again."))
        if not self.unsafe:
            raise UserError(self.env._("This unit is not out of use."))
        self.sudo().unsafe = False
        self._message_log(
            body=self.env._("Returned to service: %(reason)s", reason=reason)
        )
