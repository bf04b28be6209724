from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...recurrence.plan_ledger import KEEP, REFUND

COVERAGES = [("unit", "One Unit"), ("household", "All Units at One Address")]
UNUSED_VISITS = [(KEEP, "Keep the Money"), (REFUND, "Refund Their Share")]
MOST_VISITS = 120
MOST_MONTHS = 120


class FusionRepairServicePlan(models.Model):
    """Visits that a client pays for in advance, sold as a product."""

    _name = "fusion.repair.service.plan"
    _description = "Service Plan"
    _inherit = ["mail.thread", "fusion.form.access.mixin"]
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one(
        "product.product",
        string="Sold As",
        required=True,
        ondelete="restrict",
        check_company=True,
        domain=[("type", "=", "service"), ("sale_ok", "=", True)],
        help="Confirming an order with this product starts a plan for its client.",
    )
    list_price = fields.Float(
        related="product_id.lst_price",
        string="Price",
        digits="Product Price",
        help="Of the product, before tax.",
    )
    visits = fields.Integer(
        default=2, required=True, tracking=True, help="How many visits are paid for."
    )
    validity_months = fields.Integer(
        string="Valid For (Months)",
        default=12,
        required=True,
        tracking=True,
        help="From the day of the sale. A visit that is booked within this time is "
        "covered, even if it takes place later.",
    )
    coverage = fields.Selection(
        COVERAGES,
        default="unit",
        required=True,
    )
    category_ids = fields.Many2many(
        "fusion.repair.product.category",
        "fusion_repair_service_plan_category_rel",
        "plan_id",
        "category_id",
        string="Equipment Categories",
        help="Whose units the plan covers. Empty: any unit.",
    )
    unused_visits = fields.Selection(
        UNUSED_VISITS,
        default=KEEP,
        required=True,
        tracking=True,
        help="What becomes of the visits that nobody took when the plan expires. Kept "
        "money becomes revenue on that day.",
    )
    subscription_count = fields.Integer(compute="_compute_subscription_count")

    _visits_credible = models.Constraint(
        f"CHECK (visits BETWEEN 1 AND {MOST_VISITS})",
        f"A plan has between 1 and {MOST_VISITS} visits.",
    )
    _validity_credible = models.Constraint(
        f"CHECK (validity_months BETWEEN 1 AND {MOST_MONTHS})",
        f"A plan is valid for 1 to {MOST_MONTHS} months.",
    )
    _product_unique = models.UniqueIndex(
        "(company_id, product_id) WHERE active",
        "This product is sold as another plan already.",
    )

    @api.constrains("product_id")
    def _check_product(self):
        for plan in self:
            if plan.product_id.type != "service":
                raise ValidationError(
                    self.env._(
                        "%(product)s is not a service. A plan is sold as a service.",
                        product=plan.product_id.display_name,
                    )
                )

    def _compute_subscription_count(self):
        counts = dict(
            self.env["fusion.repair.service.plan.subscription"]._read_group(
                [("plan_id", "in", self.ids)], ["plan_id"], ["__count"]
            )
        )
        for plan in self:
            plan.subscription_count = counts.get(plan, 0)

    def action_view_subscriptions(self):
        """Open the plans that were sold."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "fusion_repairs.fusion_repair_service_plan_subscription_action"
        )
        return action | {"domain": [("plan_id", "=", self.id)], "context": {}}

    def _covers_unit(self, contract):
        """Tell whether a unit is of a kind that the plan covers."""
        self.ensure_one()
        category = contract.x_fc_policy_category_id
        return not self.category_ids or category in self.category_ids
