from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...recurrence import MOST_MONTHS
from ...recurrence.new_fee import KEEP, MOST_PERCENT, PERCENT, SET, new_fee
from ...tools.savepoints import attempt


class FusionRepairFeeChange(models.Model):
    """Fees and intervals of many units changed from a day on, and back if need be."""

    _name = "fusion.repair.fee.change"
    _description = "Change of Fees"
    _inherit = ["mail.thread", "fusion.form.access.mixin"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        string="Takes Effect On",
        required=True,
        tracking=True,
        help="On the morning of this day the new fees and intervals are taken over.",
    )
    category_ids = fields.Many2many(
        "fusion.repair.product.category",
        "fusion_repair_fee_change_category_rel",
        "change_id",
        "category_id",
        string="Equipment Categories",
        required=True,
        help="Includes their subcategories.",
    )
    fee_mode = fields.Selection(
        [(KEEP, "Keep"), (SET, "New Fee"), (PERCENT, "Change by Percent")],
        string="Fee",
        default=SET,
        required=True,
    )
    fee = fields.Monetary(string="New Fee")
    percent = fields.Float(digits=(5, 2), help="Negative lowers the fees.")
    round_to = fields.Float(
        default=1.0,
        digits=(6, 2),
        help="A fee that is changed by percent is rounded to a multiple of this.",
    )
    interval_months = fields.Integer(
        string="New Interval (Months)",
        help="Zero keeps the intervals. Next due dates stay: the interval counts from "
        "the next visit on.",
    )
    keep_agreed = fields.Boolean(
        string="Keep Individually Agreed Fees",
        default=True,
        help="Units whose fee is not what their category or product says today.",
    )
    change_policy = fields.Boolean(
        string="For New Units Too",
        default=True,
        help="The equipment categories take over the new fee and interval as well.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("scheduled", "Scheduled"),
            ("applied", "Applied"),
            ("undone", "Undone"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    policy_before = fields.Json(
        readonly=True, copy=False, help="What the categories stated before."
    )
    line_ids = fields.One2many(
        "fusion.repair.fee.change.line", "change_id", string="Affected", copy=False
    )
    line_count = fields.Integer(string="Units", compute="_compute_sums")
    booked_count = fields.Integer(
        string="Booked",
        compute="_compute_sums",
        help="Their booked visit keeps the fee that was agreed for it.",
    )
    yearly_difference = fields.Monetary(
        string="Per Year",
        compute="_compute_sums",
        help="What the change brings in twelve months: fee times visits a year.",
    )

    _fee_not_negative = models.Constraint(
        "CHECK (fee >= 0)", "A fee cannot be negative."
    )
    _percent_credible = models.Constraint(
        f"CHECK (percent BETWEEN -{MOST_PERCENT} AND {MOST_PERCENT})",
        f"Fees can change by {MOST_PERCENT} percent at most.",
    )
    _round_to_positive = models.Constraint(
        "CHECK (round_to > 0)", "Fees are rounded to more than zero."
    )
    _interval_credible = models.Constraint(
        f"CHECK (interval_months BETWEEN 0 AND {MOST_MONTHS})",
        f"An interval has {MOST_MONTHS} months at most.",
    )

    @api.depends("line_ids.fee_after", "line_ids.interval_after")
    def _compute_sums(self):
        for change in self:
            lines = change.line_ids
            change.line_count = len(lines)
            change.booked_count = len(lines.filtered("is_booked"))
            change.yearly_difference = sum(
                line._get_yearly_difference() for line in lines
            )

    # Buttons -----------------------------------------------------------------------

    def action_preview(self):
        """List whom the change affects, without changing anything."""
        for change in self._with_right_to_change():
            change._check_state("draft", "scheduled")
            change._list_units()
        return True

    def action_schedule(self):
        """Have the change take place on its day; at once if that has come."""
        for change in self._with_right_to_change():
            change._check_state("draft")
            change._list_units()
            if not change.line_ids and not change.change_policy:
                raise UserError(self.env._("No unit is affected by this change."))
            change.state = "scheduled"
            if change._is_due():
                change._apply()
        return True

    def action_draft(self):
        """Take a scheduled change back before its day."""
        for change in self._with_right_to_change():
            change._check_state("scheduled")
            change.state = "draft"
        return True

    def action_undo(self):
        """Give units and categories back what they had, where it was not changed."""
        for change in self._with_right_to_change():
            change._check_state("applied")
            change._undo()
        return True

    def action_view_lines(self):
        """Open the list of affected units."""
        self.ensure_one()
        own = [("change_id", "=", self.id)]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Affected Units"),
            "res_model": "fusion.repair.fee.change.line",
            "view_mode": "list",
            "domain": own,
        }

    def _with_right_to_change(self):
        """Return the same records for the system, which alone writes the lines.

        :raise AccessError: if the user may not change fees
        """
        self.check_access("write")
        return self.sudo()

    def _check_state(self, *states):
        if self.state not in states:
            raise UserError(
                self.env._(
                    "“%(name)s” is %(state)s, so this is not possible.",
                    name=self.name,
                    state=dict(self._fields["state"]._description_selection(self.env))[
                        self.state
                    ].lower(),
                )
            )

    # Whom it affects -----------------------------------------------------------------

    def _find_contracts(self):
        """Return the contracts that the change is about, special fees included."""
        return self.env["fusion.repair.maintenance.contract"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "in", ("draft", "active", "paused")),
                ("x_fc_policy_category_id", "child_of", self.category_ids.ids),
            ],
            order="partner_id, id",
        )

    def _list_units(self):
        """Lay out what changes for which unit."""
        self.ensure_one()
        rows = []
        for contract in self._find_contracts():
            after = self._get_values_after(contract)
            if any(contract[name] != value for name, value in after.items()):
                rows.append(self._prepare_line_vals(contract, after))
        self.line_ids = [Command.clear(), *map(Command.create, rows)]

    def _get_values_after(self, contract):
        """Return fee and interval of a unit after the change."""
        fee = contract.x_fc_maintenance_fee
        agreed = self.keep_agreed and contract._has_agreed_fee()
        if not agreed:
            fee = self._get_new_fee(fee)
        interval = self.interval_months or contract.interval_months
        return {"x_fc_maintenance_fee": fee, "interval_months": interval}

    def _get_new_fee(self, fee):
        value = self.fee if self.fee_mode == SET else self.percent
        step = max(self.round_to, self.currency_id.rounding)
        return self.currency_id.round(new_fee(fee, self.fee_mode, value, step))

    def _prepare_line_vals(self, contract, after):
        return {
            "contract_id": contract.id,
            "fee_before": contract.x_fc_maintenance_fee,
            "fee_after": after["x_fc_maintenance_fee"],
            "interval_before": contract.interval_months,
            "interval_after": after["interval_months"],
            "is_booked": contract.is_booked,
        }

    # Taking place --------------------------------------------------------------------

    def _is_due(self):
        return self.date_from <= self.company_id._get_today()

    @api.model
    def _cron_apply_fee_changes(self):
        """Apply the changes whose day has come, each whole or not at all."""
        scheduled = self.search([("state", "=", "scheduled")], order="date_from, id")
        for change in scheduled.filtered(lambda c: c._is_due()):
            attempt(
                self.env.cr,
                change._apply,
                f"Change of fees {change.name}",
                failed=lambda error, change=change: change._message_log(
                    body=self.env._("It could not be applied: %s", error)
                ),
            )

    def _apply(self):
        """Take over the new fees: for the units as they are on this day."""
        self.ensure_one()
        self._list_units()
        for line in self.line_ids:
            line._apply()
        if self.change_policy:
            self._change_categories()
        self.state = "applied"

    def _change_categories(self):
        """Give the categories that state a fee or interval themselves the new one."""
        notes = []
        for category in self._find_categories():
            vals = {}
            if category.x_fc_maintenance_fee and self.fee_mode != KEEP:
                vals["x_fc_maintenance_fee"] = self._get_new_fee(
                    category.x_fc_maintenance_fee
                )
            if category.x_fc_maintenance_interval_months and self.interval_months:
                vals["x_fc_maintenance_interval_months"] = self.interval_months
            if vals:
                former = {name: category[name] for name in vals}
                notes.append({"category_id": category.id, **former})
                category.write(vals)
        self.policy_before = notes

    def _find_categories(self):
        return self.env["fusion.repair.product.category"].search(
            [("id", "child_of", self.category_ids.ids)]
        )

    def _undo(self):
        """Give back what was there before, where nobody changed it meanwhile."""
        kept = sum(not line._undo() for line in self.line_ids)
        for row in self.policy_before or []:
            category = self.env["fusion.repair.product.category"].browse(
                row["category_id"]
            )
            if category.exists():
                category.write({k: v for k, v in row.items() if k != "category_id"})
        self.state = "undone"
        if kept:
            self._message_log(
                body=self.env._(
                    "%(count)s units were changed since and stay as they are.",
                    count=kept,
                )
            )
