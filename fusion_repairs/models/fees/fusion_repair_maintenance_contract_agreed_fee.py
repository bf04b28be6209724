from odoo import models

from ...tools.money import format_amount


class FusionRepairMaintenanceContract(models.Model):
    """The fee of a unit beside its policy and beside what its client paid last."""

    _inherit = "fusion.repair.maintenance.contract"

    def _has_agreed_fee(self):
        """Tell whether the fee was agreed for this unit, unlike its policy today."""
        self.ensure_one()
        policy = self.product_id.product_tmpl_id._get_maintenance_policy(
            self.company_id
        )
        fee = self.currency_id.round(policy.fee)
        return self.currency_id.compare_amounts(self.x_fc_maintenance_fee, fee) != 0

    def _get_fee_increase_text(self):
        """Return in a sentence that a visit costs more than the last one did, or ''."""
        self.ensure_one()
        done = self.visit_ids.filtered(lambda visit: visit.state == "done")
        last = done.sorted(lambda v: (v.service_date, v.id))[-1:]
        fee, currency = self._get_visit_fees()[self.id], self.currency_id
        if not last.x_fc_fee or currency.compare_amounts(fee, last.x_fc_fee) <= 0:
            return ""
        return self.env._(
            "The fee for a visit is now %(now)s before tax. Last time it was "
            "%(before)s.",
            now=format_amount(self.env, fee, currency),
            before=format_amount(self.env, last.x_fc_fee, currency),
        )
