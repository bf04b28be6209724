from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .fusion_repair_maintenance_checklist_line import DEFECT_CLASSES
from .fusion_repair_maintenance_contract_state import DISPATCHER

# What a corrected report may say anew of a failure.
CORRECTED = ("note", "defect_class", "date_found", "date_due")
REOPENED = {
    "state": "open",
    "resolved_by_id": False,
    "resolved_on": False,
    "resolution": False,
}


class FusionRepairDefect(models.Model):
    """Something a visit found wrong with a unit, and until when it must be mended."""

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
        string="To Be Mended By", readonly=True, help="By class, from the visit on."
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
        """Say that defects are mended; the office's own knowledge."""
        if not self.env.user.has_group(DISPATCHER):
            raise AccessError(self.env._("Only dispatchers may resolve defects."))
        self.check_access("read")
        self.sudo()._resolve(self.env._("Resolved by the office."))

    def action_reopen(self):
        """Take back that a defect is mended."""
        if not self.env.user.has_group(DISPATCHER):
            raise AccessError(self.env._("Only dispatchers may reopen defects."))
        self.check_access("read")
        if self.filtered(lambda defect: defect.state == "open"):
            raise UserError(self.env._("This defect is open already."))
        self.sudo().write(REOPENED)

    def _find_again(self, vals):
        """Take over what a corrected report says of the same failure.

        :param vals: values as of a new defect
        """
        self.ensure_one()
        found = {name: vals[name] for name in CORRECTED}
        if self.state != "open":
            found |= REOPENED
        self.write(found)

    def _say_check(self):
        """Return what failed, in the language of the reader."""
        self.ensure_one()
        return self.line_id._say_in(self.env.lang) if self.line_id else self.name

    def _is_repair_ordered(self):
        """Tell whether a repair of the defect is asked for, or under way."""
        self.ensure_one()
        return self.repair_order_id.state not in (False, "done", "cancel")

    def _is_mended_by(self, lines):
        """Tell whether checks that passed say that the defect is no more.

        :param lines: checklist lines that passed
        """
        self.ensure_one()
        return self.line_id in lines or self.item_id in lines.item_id

    def _resolve(self, resolution):
        """Close what is open.

        :param resolution: how it came to be mended, in words
        """
        self.filtered(lambda defect: defect.state == "open").write(
            {
                "state": "resolved",
                "resolved_by_id": self.env.uid,
                "resolved_on": fields.Date.context_today(self),
                "resolution": resolution,
            }
        )
