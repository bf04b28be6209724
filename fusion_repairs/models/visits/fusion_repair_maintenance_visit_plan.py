from odoo import fields, models


class FusionRepairMaintenanceVisit(models.Model):
    """Which prepaid plan pays for a visit, through the states of the visit."""

    _inherit = "fusion.repair.maintenance.visit"

    plan_subscription_id = fields.Many2one(
        "fusion.repair.service.plan.subscription",
        string="Service Plan",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Pays for this visit, so that the client does not.",
    )

    def _use_plans(self, plans):
        """Take the visits of plans that pay for these visits.

        :param plans: dict of plan by contract id
        :raise UserError: if a plan has no visit left any more
        """
        for visit in self:
            plan = plans.get(visit.contract_id.id)
            if plan:
                visit.plan_subscription_id = plan
                plan._reserve(visit)

    def _burn_plan(self):
        """Note on the plan that the visit was served."""
        for visit in self.filtered("plan_subscription_id"):
            visit.plan_subscription_id._burn(visit)

    def _give_back_plan(self):
        """Return to the plan what a visit took that does not take place."""
        for visit in self.filtered("plan_subscription_id"):
            visit.plan_subscription_id._give_back(visit)

    def _reopen_plan(self):
        """Take the plan's visit again for a visit that is reopened.

        Called before its state changes. Where the plan has nothing left any more, the
        visit costs its fee, and the office hears of it.
        """
        self.ensure_one()
        plan = self.plan_subscription_id
        if not plan:
            return
        if self.state == "done":
            plan._take_back_burn(self)
            return
        plan._lock()
        if plan.state == "active" and plan.balance > 0:
            plan._reserve(self)
            return
        fee = self.contract_id.x_fc_maintenance_fee
        self.write({"plan_subscription_id": False, "x_fc_fee": fee})
        self.sale_line_id.price_unit = fee
        self.contract_id._notify_office(
            self.env._("%(visit)s is no longer covered by a plan", visit=self.name),
            self.env._(
                "%(plan)s has no visit left. Tell the client what the visit costs.",
                plan=plan.display_name,
            ),
        )
