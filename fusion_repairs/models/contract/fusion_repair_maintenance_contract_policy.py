from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from odoo.addons.fusion_tasks.button_context import without_button

from ...recurrence import MOST_MONTHS, first_due
from ...tools.money import format_amount
from ..equipment.fusion_repair_product_category import ANCHORS

# What a contract keeps of the policy, and the part of the policy that decides it.
POLICY_PARTS = {
    "x_fc_policy_category_id": "category",
    "interval_months": "interval",
    "anchor": "anchor",
    "duration": "duration",
    "x_fc_maintenance_fee": "fee",
    "next_due_date": "first_interval",
}


class FusionRepairMaintenanceContract(models.Model):
    """The policy as a contract keeps it, beside what the policy says today."""

    _inherit = "fusion.repair.maintenance.contract"

    # Policy, as it was when the unit was enrolled
    x_fc_policy_category_id = fields.Many2one(
        "fusion.repair.product.category",
        string="Equipment Category",
        compute="_compute_policy",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    interval_months = fields.Integer(
        string="Interval (Months)",
        compute="_compute_policy",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    anchor = fields.Selection(
        ANCHORS,
        string="Next Date Counts From",
        compute="_compute_policy",
        store=True,
        readonly=False,
        precompute=True,
    )
    duration = fields.Float(
        string="Time on Site",
        compute="_compute_policy",
        store=True,
        readonly=False,
        precompute=True,
    )
    no_charge_reason = fields.Selection(
        [
            ("included", "Included With the Unit"),
            ("warranty", "Warranty"),
            ("funded", "Paid by a Funding Program"),
            ("courtesy", "With Our Compliments"),
        ],
        string="Why No Charge",
        copy=False,
        help="What the client reads where a visit costs nothing.",
    )
    x_fc_maintenance_fee = fields.Monetary(
        string="Fee per Visit",
        compute="_compute_policy",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="Flat fee before tax, kept as it was when the unit was enrolled.",
    )

    _interval_positive = models.Constraint(
        "CHECK (interval_months > 0)",
        "The interval between two visits must be at least one month.",
    )
    _interval_credible = models.Constraint(
        f"CHECK (interval_months <= {MOST_MONTHS})",
        "The interval between two visits can be twenty years (240 months) at most.",
    )
    _fee_not_negative = models.Constraint(
        "CHECK (x_fc_maintenance_fee >= 0)", "The fee of a visit cannot be negative."
    )
    _duration_positive = models.Constraint(
        "CHECK (duration > 0 AND duration <= 24)",
        "The time on site must be more than zero and at most 24 hours.",
    )

    def action_refresh_policy(self):
        """Show what the policy says today beside what was agreed, to choose from."""
        self._check_office()
        wizard = without_button(self.env["fusion.repair.policy.wizard"]).create({})
        wizard._load_changes(self.filtered(lambda c: c.state != "cancelled"))
        return wizard._get_action()

    def _get_policy_changes(self):
        """Return where the policy says something else than the contract.

        :return: dict of field name to (value, source record)
        """
        self.ensure_one()
        policy = self.product_id.product_tmpl_id._get_maintenance_policy(
            self.company_id
        )
        if not policy.category:
            return {}
        values = {
            "x_fc_policy_category_id": policy.category,
            "interval_months": policy.interval_months,
            "anchor": policy.anchor,
            "duration": policy.duration,
            "x_fc_maintenance_fee": self.currency_id.round(policy.fee),
            "next_due_date": self._propose_due_date(policy),
        }
        return {
            name: (value, policy.sources[POLICY_PARTS[name]])
            for name, value in values.items()
            if value != self[name]
        }

    def _propose_due_date(self, policy):
        """Return when a unit that nothing happened to yet would be due first.

        Any other due date is a promise to a client, or a choice of the office.
        """
        day = self.start_date
        untouched = self._is_untouched() and not self.reminder_ids
        if not day or not untouched:
            return self.next_due_date
        first = policy.first_interval_months
        if self.next_due_date != first_due(day, first, self.interval_months):
            return self.next_due_date
        return first_due(day, first, policy.interval_months)

    def _apply_policy(self, names):
        """Take over what the policy says for these fields, and note the difference."""
        self.ensure_one()
        changes = self._get_policy_changes()
        if not set(names) <= changes.keys():
            raise UserError(
                self.env._("The policy was changed meanwhile: please look again.")
            )
        rows = [
            Markup("<li>%s</li>")
            % self.env._(
                "%(field)s: %(now)s → %(new)s (from %(where)s)",
                field=self._get_policy_label(name),
                now=self._format_policy_value(name, self[name]),
                new=self._format_policy_value(name, changes[name][0]),
                where=changes[name][1].display_name or self.env._("the default"),
            )
            for name in names
        ]
        vals = {name: changes[name][0] for name in names}
        if "x_fc_policy_category_id" in vals:
            vals["x_fc_policy_category_id"] = vals["x_fc_policy_category_id"].id
        if "next_due_date" in vals:
            vals["first_due_date"] = vals["next_due_date"]
            vals["next_due_basis"] = self._prepare_counted_basis(self.start_date)
        self.write(vals)
        body = Markup("%s<ul>%s</ul>") % (
            self.env._("Refreshed from policy:"),
            Markup("").join(rows),
        )
        self._message_log(body=body)

    def _get_policy_label(self, name):
        return self._fields[name]._description_string(self.env)

    def _format_policy_value(self, name, value):
        """Return a value of the policy as people read it."""
        field = self._fields[name]
        if field.type == "many2one":
            return value.display_name or ""
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "")
        if field.type == "date":
            return format_date(self.env, value)
        if field.type == "monetary":
            return format_amount(self.env, value, self.currency_id)
        return f"{value:g}"

    @api.depends("product_id")
    def _compute_policy(self):
        for contract in self:
            company = contract.company_id or self.env.company
            template = contract.product_id.product_tmpl_id
            policy = (template or template.new({}))._get_maintenance_policy(company)
            contract.x_fc_policy_category_id = policy.category
            contract.interval_months = policy.interval_months
            contract.anchor = policy.anchor
            contract.duration = policy.duration
            contract.x_fc_maintenance_fee = policy.fee
