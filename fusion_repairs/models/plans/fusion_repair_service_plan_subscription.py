from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...recurrence import plan_ledger
from ...recurrence.plan_ledger import (
    GRANT,
)
from .fusion_repair_service_plan import COVERAGES, UNUSED_VISITS

# What people may change on a plan that was sold; Odoo's own fields of the chatter too.
EDITABLE = {
    "activity_ids",
    "contract_ids",
    "date_end",
    "message_follower_ids",
    "message_ids",
    "message_main_attachment_id",
    "received_on",
    "signed_at_home",
}


class FusionRepairServicePlanSubscription(models.Model):
    """A plan that was sold: its visits, who may use them, and its ledger."""

    _name = "fusion.repair.service.plan.subscription"
    _description = "Sold Service Plan"
    _inherit = [
        "fusion.numbered.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "fusion.form.access.mixin",
    ]
    _order = "date_end desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        default=lambda self: self.env._("New"), readonly=True, copy=False, index=True
    )
    plan_id = fields.Many2one(
        "fusion.repair.service.plan",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Client",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    address_id = fields.Many2one(
        "res.partner",
        string="Place",
        required=True,
        readonly=True,
        ondelete="restrict",
        help="Where the units are that the plan covers.",
    )
    contract_ids = fields.Many2many(
        "fusion.repair.maintenance.contract",
        "fusion_repair_plan_subscription_contract_rel",
        "subscription_id",
        "contract_id",
        string="Units",
        domain="[('partner_id', 'child_of', partner_id), ('state', '!=', 'cancelled')]",
        help="Whose visits the plan pays for. With a plan for all units at one "
        "address, leave it empty.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Order Line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    sale_order_id = fields.Many2one(related="sale_line_id.order_id", string="Order")
    visits = fields.Integer(string="Visits Sold", readonly=True, required=True)
    price = fields.Monetary(
        readonly=True, help="As sold, before tax. Each visit earns its share of it."
    )
    unused_visits = fields.Selection(
        UNUSED_VISITS, readonly=True, help="As it was when the plan was sold."
    )
    coverage = fields.Selection(COVERAGES, readonly=True)
    date_start = fields.Date(string="From", required=True, readonly=True)
    date_end = fields.Date(string="Until", required=True, tracking=True)
    state = fields.Selection(
        [("active", "Active"), ("expired", "Expired"), ("cancelled", "Cancelled")],
        default="active",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    balance = fields.Integer(
        string="Visits Left",
        readonly=True,
        copy=False,
        help="Those that can still be booked. Kept with every move, so that two "
        "bookings at the same moment never take the same visit.",
    )
    used_count = fields.Integer(string="Used", compute="_compute_counts")
    unserved_count = fields.Integer(
        string="Owed", compute="_compute_counts", help="Left and booked together."
    )
    earned = fields.Monetary(compute="_compute_counts")
    move_ids = fields.One2many(
        "fusion.repair.service.plan.move", "subscription_id", string="Ledger"
    )
    visit_ids = fields.One2many(
        "fusion.repair.maintenance.visit", "plan_subscription_id", string="Visits Paid"
    )

    _balance_not_negative = models.Constraint(
        "CHECK (balance >= 0)", "The plan has no visit left."
    )
    _price_not_negative = models.Constraint(
        "CHECK (price >= 0)", "The price of a plan cannot be negative."
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_end >= date_start)", "A plan cannot end before it starts."
    )

    def write(self, vals):
        """Let people change whom a plan covers and how long, never its ledger."""
        refused = set(vals) - EDITABLE
        if refused and not self.env.su:
            labels = [
                self._fields[name]._description_string(self.env)
                for name in sorted(refused & set(self._fields))
            ]
            raise UserError(
                self.env._(
                    "%(fields)s of a sold plan cannot be changed.",
                    fields=", ".join(labels),
                )
            )
        return super().write(vals)

    @api.depends("move_ids")
    def _compute_counts(self):
        for plan in self:
            moves = plan._get_moves()
            plan.used_count = plan_ledger.count_burned(moves)
            plan.unserved_count = plan_ledger.unserved(moves)
            plan.earned = sum(plan.move_ids.mapped("amount"))

    # Sold ------------------------------------------------------------------------

    @api.model
    def _prepare_from_sale(self, line, plan):
        """Return the values of a plan that an order line sold.

        :param line: confirmed sale.order.line of the plan's product
        """
        order = line.order_id
        start = order._get_local_day(order.date_order)
        price = order.currency_id._convert(
            line.price_subtotal / (line.product_uom_qty or 1.0),
            order.company_id.currency_id,
            order.company_id,
            start,
        )
        months = relativedelta(months=plan.validity_months)
        return {
            "plan_id": plan.id,
            "partner_id": order.partner_id._fc_get_owner().id,
            "address_id": order.partner_shipping_id.id or order.partner_id.id,
            "company_id": order.company_id.id,
            "sale_line_id": line.id,
            "visits": plan.visits,
            "unused_visits": plan.unused_visits,
            "coverage": plan.coverage,
            "price": price,
            "date_start": start,
            "date_end": start + months - relativedelta(days=1),
        }

    def _grant(self):
        """Give new plans their visits."""
        for plan in self:
            plan._add_move(GRANT, plan.visits)
