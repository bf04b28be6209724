from odoo import fields, models


class FusionRepairMaintenanceContract(models.Model):
    """Which visits of a unit a prepaid plan pays for."""

    _inherit = "fusion.repair.maintenance.contract"

    plan_subscription_ids = fields.Many2many(
        "fusion.repair.service.plan.subscription",
        "fusion_repair_plan_subscription_contract_rel",
        "contract_id",
        "subscription_id",
        string="Service Plans",
        readonly=True,
    )

    def _get_plans(self):
        """Return which plan pays for the next visit of each unit.

        :return: dict of plan by contract id; units that pay their fee are missing
        """
        prices = self._get_price_book()
        if not prices:
            return self._work_out_plans()
        units = self.filtered(lambda unit: unit.id not in prices.without_plans)
        return prices.look_up(("plans", units._ids), units._work_out_plans)

    def _work_out_plans(self):
        """Return what ``_get_plans`` promises, whatever is known already."""
        if not self:
            return {}
        plans = self.env["fusion.repair.service.plan.subscription"]
        return plans._allot(self, self[0].company_id._get_today())

    def _find_without_plans(self):
        """Return the ids of the units that no plan may pay for, asked in one go."""
        plans = self.env["fusion.repair.service.plan.subscription"]._find_open(self)
        clients, named = plans.partner_id, plans.contract_ids
        return frozenset(
            unit.id
            for unit in self
            if unit.sudo(False) not in named.sudo(False)
            and unit.partner_id not in clients
            and unit.partner_id.commercial_partner_id not in clients
        )

    def _get_visit_fees(self, plans=None):
        """Return what a visit booked now costs each unit, before tax.

        Units of one visit share what is left of a plan.

        :param plans: dict of plan by contract id, if known already
        :return: dict of amount by contract id
        """
        plans = self._get_plans() if plans is None else plans
        return {
            unit.id: 0.0 if unit.id in plans else unit.x_fc_maintenance_fee
            for unit in self
        }

    def _get_plan_text(self):
        """Return in a sentence that a plan pays for the next visit, or ''."""
        self.ensure_one()
        visit = self.current_visit_id.sudo()
        plan = visit.plan_subscription_id if visit else self._get_plans().get(self.id)
        if not plan:
            return ""
        return self.env._(
            "Covered by your plan %(plan)s: %(left)s of %(visits)s visits left.",
            plan=plan.plan_id.name,
            left=plan.balance,
            visits=plan.visits,
        )
