from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

from ...recurrence import UNDER_CONTRACT


class FusionRepairServicePlanSubscription(models.Model):
    """Which visits a sold plan pays for: whose, to which units, until when."""

    _inherit = "fusion.repair.service.plan.subscription"

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
