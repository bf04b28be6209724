from odoo import api, fields, models
from odoo.exceptions import UserError

from ...recurrence import RecurrenceError, plan_ledger


class FusionRepairServicePlanMove(models.Model):
    """One row of a plan's ledger. Rows are added by the system, never changed."""

    _name = "fusion.repair.service.plan.move"
    _description = "Move of a Service Plan"
    _order = "id desc"
    _rec_name = "kind"

    subscription_id = fields.Many2one(
        "fusion.repair.service.plan.subscription",
        string="Plan",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="subscription_id.company_id", store=True)
    currency_id = fields.Many2one(related="subscription_id.currency_id")
    date = fields.Datetime(
        string="On", required=True, readonly=True, default=fields.Datetime.now
    )
    kind = fields.Selection(
        [
            (plan_ledger.GRANT, "Sold"),
            (plan_ledger.RESERVE, "Booked"),
            (plan_ledger.BURN, "Used"),
            (plan_ledger.GIVE_BACK, "Given Back"),
            (plan_ledger.EXPIRE, "Ended"),
            (plan_ledger.CORRECT, "Corrected"),
        ],
        required=True,
        readonly=True,
    )
    visits = fields.Integer(
        string="Change", readonly=True, help="Of the visits that can still be booked."
    )
    taken_back = fields.Boolean(
        readonly=True, help="The visit was reopened: its use of the plan is undone."
    )
    amount = fields.Monetary(
        string="Earned", readonly=True, help="Revenue that the move earned."
    )
    visit_id = fields.Many2one(
        "fusion.repair.maintenance.visit",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    user_id = fields.Many2one(
        "res.users", string="By", readonly=True, ondelete="set null"
    )
    note = fields.Char(readonly=True)

    _visit_is_named = models.Constraint(
        "CHECK (visit_id IS NOT NULL OR kind NOT IN ('reserve', 'burn', 'give_back'))",
        "An entry that books, uses or gives back a visit must name that visit.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Add moves; their sign is checked, whoever writes them."""
        for vals in vals_list:
            try:
                plan_ledger.check_move(vals.get("kind"), vals.get("visits") or 0)
            except RecurrenceError as error:
                raise UserError(
                    self.env._("This move does not fit a plan's ledger.")
                ) from error
        return super().create(vals_list)

    def write(self, vals):
        """Refuse: a wrong move is corrected by another one."""
        if self and vals:
            raise UserError(self.env._("The ledger of a plan cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The ledger of a plan cannot be deleted."))
