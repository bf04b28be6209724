from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date

from odoo.addons.fusion_tasks.groups import DISPATCHER

from ...recurrence import STOP_NOW
from .fusion_repair_maintenance_checklist_line import DEFECT_CLASSES

# What a corrected report may say anew of a failure.
CORRECTED = ("note", "defect_class", "date_found", "date_due")
REOPENED = {
    "state": "open",
    "resolved_by_id": False,
    "resolved_on": False,
    "resolution": False,
    "resolved_visit_id": False,
}


class FusionRepairDefect(models.Model):
    """Something a visit found wrong with a unit, and until when it must be repaired."""

    _name = "fusion.repair.defect"
    _description = "Defect"
    _inherit = ["mail.thread"]
    _order = "state, date_due, id"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(string="Defect", required=True, readonly=True)
    note = fields.Char(string="Found", readonly=True)
    visit_id = fields.Many2one(
        "fusion.repair.maintenance.visit",
        string="Found on Visit",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    line_id = fields.Many2one(
        "fusion.repair.maintenance.checklist.line",
        string="Failed Check",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    item_id = fields.Many2one(related="line_id.item_id", store=True)
    contract_id = fields.Many2one(
        related="visit_id.contract_id", store=True, index=True
    )
    company_id = fields.Many2one(related="visit_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="contract_id.partner_id", store=True)
    product_id = fields.Many2one(related="visit_id.product_id", store=True)
    lot_id = fields.Many2one(
        related="visit_id.lot_id", store=True, index="btree_not_null"
    )
    technician_id = fields.Many2one(related="visit_id.technician_id", store=True)
    defect_class = fields.Selection(
        DEFECT_CLASSES, string="Class", required=True, readonly=True
    )
    date_found = fields.Date(required=True, readonly=True)
    date_due = fields.Date(
        string="Repair By", readonly=True, help="By class, from the visit on."
    )
    is_overdue = fields.Boolean(compute="_compute_is_overdue")
    state = fields.Selection(
        [("open", "Open"), ("resolved", "Resolved")],
        required=True,
        default="open",
        readonly=True,
        index=True,
        tracking=True,
    )
    repair_order_id = fields.Many2one(
        "repair.order",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    resolved_by_id = fields.Many2one("res.users", readonly=True)
    resolved_on = fields.Date(readonly=True)
    resolution = fields.Char(readonly=True, tracking=True)
    resolved_visit_id = fields.Many2one(
        "fusion.repair.maintenance.visit",
        string="Closed on Visit",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    _once = models.UniqueIndex(
        "(visit_id, line_id) WHERE line_id IS NOT NULL",
        "This failure is on record already.",
    )

    @api.depends("state", "date_due")
    @api.depends_context("tz")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for defect in self:
            late = defect.date_due and defect.date_due < today
            defect.is_overdue = defect.state == "open" and bool(late)

    def action_resolve(self):
        """Say that defects are repaired; the office's own knowledge."""
        if not self.env.user.has_group(DISPATCHER):
            raise AccessError(self.env._("Only dispatchers may resolve defects."))
        self.check_access("read")
        self.sudo()._resolve(self.env._("Resolved by the office."))

    def action_reopen(self):
        """Take back that a defect is repaired."""
        if not self.env.user.has_group(DISPATCHER):
            raise AccessError(self.env._("Only dispatchers may reopen defects."))
        self.check_access("read")
        if self.filtered(lambda defect: defect.state == "open"):
            raise UserError(self.env._("This defect is open already."))
        self.sudo()._reopen(self.env._("A dispatcher found that it is not repaired."))

    def _reopen(self, reason):
        """Open defects again; a unit that must not be used is unsafe again with them.

        :param reason: why, in words
        """
        self.write(REOPENED)
        dangers = self.filtered(lambda defect: defect._is_danger())
        contracts = dangers.contract_id
        # A lot named "N/A" is no unit's name, and one of a company is not another's.
        for company, found in dangers.grouped("company_id").items():
            lots = found.lot_id._filter_named()
            if lots:
                contracts |= contracts.search(
                    [("lot_id", "in", lots.ids), ("company_id", "=", company.id)]
                )
        for contract in contracts:
            contract._flag_unsafe(reason)

    def _correct(self, vals):
        """Take over what a corrected report says of the same failure.

        :param vals: values as of a new defect
        """
        self.ensure_one()
        found = {name: vals[name] for name in CORRECTED}
        if self.state != "open":
            found |= REOPENED
        self.write(found)

    def _get_check_text(self):
        """Return what failed, in the language of the reader."""
        self.ensure_one()
        return self.line_id._get_name_in(self.env.lang) if self.line_id else self.name

    def _is_repair_ordered(self):
        """Tell whether a repair of the defect is asked for, or under way."""
        self.ensure_one()
        return self.repair_order_id.state not in (False, "done", "cancel")

    def _find_check(self, lines):
        """Return the check of a visit that asks about the defect, or none.

        :param lines: the checklist of a visit
        """
        self.ensure_one()
        own = lines & self.line_id
        return own or lines.filtered(lambda line: line.item_id & self.item_id)[:1]

    def _is_danger(self):
        """Tell whether the unit must not be used because of the defect."""
        self.ensure_one()
        return self.defect_class == STOP_NOW

    def _rules_out_certificate(self):
        """Tell whether no certificate is issued while the defect is open."""
        self.ensure_one()
        return self._is_danger() or self.line_id.critical

    def _get_finding_text(self):
        """Return what failed and what was found, in the language of the reader."""
        self.ensure_one()
        return ": ".join(filter(None, (self._get_check_text(), self.note)))

    def _get_found_text(self):
        """Return who found the defect and when, as a sentence."""
        self.ensure_one()
        day = format_date(self.env, self.date_found, date_format="long")
        name = self.technician_id.name
        if not name:
            return self.env._("Found on %(day)s.", day=day)
        return self.env._("Found by %(name)s on %(day)s.", name=name, day=day)

    def _get_class_label(self):
        """Return how urgent the defect is, in the language of the reader."""
        self.ensure_one()
        labels = self._fields["defect_class"]._description_selection(self.env)
        return dict(labels)[self.defect_class]

    def _resolve(self, resolution, visit=None):
        """Close what is open.

        :param resolution: what was done about it, in words
        :param visit: the visit on which it was done, if it was one
        """
        self.filtered(lambda defect: defect.state == "open").write(
            {
                "state": "resolved",
                "resolved_by_id": self.env.uid,
                "resolved_on": fields.Date.context_today(self),
                "resolution": resolution,
                "resolved_visit_id": visit.id if visit else False,
            }
        )
