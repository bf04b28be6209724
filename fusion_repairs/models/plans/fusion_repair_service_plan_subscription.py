from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...recurrence import UNDER_CONTRACT, plan_ledger
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

    def _find_units(self):
        """Name the unit that a plan for one unit covers; ask the office if unsure."""
        contracts = self.env["fusion.repair.maintenance.contract"].sudo()
        for plan in self.filtered(lambda p: p.coverage == "unit"):
            units = contracts.search(
                [
                    ("partner_id", "child_of", plan.partner_id.ids),
                    ("company_id", "=", plan.company_id.id),
                    ("state", "in", UNDER_CONTRACT),
                ]
            ).filtered(
                lambda c, plan=plan: (
                    c._has_owner(plan.partner_id) and plan.plan_id._covers_unit(c)
                )
            )
            if len(units) == 1:
                plan.contract_ids = units
            else:
                plan._ask_office(
                    self.env._("Which unit does this service plan cover?"),
                    self.env._("%(count)s units would fit.", count=len(units)),
                )

    # Whom it covers ------------------------------------------------------------------

    def _covers(self, contract):
        """Tell whether the plan pays for visits to a unit, as long as any are left."""
        self.ensure_one()
        if not contract._has_owner(self.partner_id):
            return False
        if self.coverage == "unit" or self.contract_ids:
            return contract in self.contract_ids
        return contract.address_id == self.address_id and self.plan_id._covers_unit(
            contract
        )

    @api.model
    def _find_open(self, contracts):
        """Return the plans that may pay for visits to units, the first to end first."""
        clients = contracts.sudo().partner_id
        clients |= clients.commercial_partner_id
        theirs = Domain("partner_id", "in", clients.ids)
        named = Domain("contract_ids", "in", contracts.ids)
        is_open = Domain("state", "=", "active") & Domain("balance", ">", 0)
        # A client may ask: sudo
        return self.sudo().search(is_open & (theirs | named), order="date_end, id")

    @api.model
    def _allot(self, contracts, day):
        """Return which plan pays for the next visit of each unit.

        The plan that ends first is used first. Units of one visit share what is left.

        :param contracts: units, in the order in which they are booked
        :param day: local day of the booking
        :return: dict of plan by contract id; units without a plan are missing
        """
        plans = self._find_open(contracts)
        plans = plans.filtered(lambda plan: plan.date_start <= day <= plan.date_end)
        taken, allotted = defaultdict(int), {}
        for contract in contracts:
            if contract.currency_id.is_zero(contract.x_fc_maintenance_fee):
                continue  # it costs nothing anyway
            for plan in plans:
                if plan.company_id != contract.company_id:
                    continue
                if plan.balance > taken[plan] and plan._covers(contract):
                    taken[plan] += 1
                    allotted[contract.id] = plan
                    break
        return allotted
