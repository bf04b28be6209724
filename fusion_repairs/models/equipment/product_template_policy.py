from markupsafe import Markup

from odoo import fields, models

from ...tools.money import format_amount
from .maintenance_policy import MaintenancePolicy

DEFAULT_INTERVAL_MONTHS = 12
DEFAULT_DURATION_HOURS = 1.0


class ProductTemplate(models.Model):
    """How often, how long, for how much: the product says, else its category."""

    _inherit = "product.template"

    def _get_maintenance_policy_text(self):
        policy = self._get_maintenance_policy(self.env.company)
        if not policy.enabled:
            return self._get_not_maintained_reason(policy)
        return self.env._(
            "Every %(months)s months (from %(interval_source)s), %(hours).2f h on "
            "site, %(fee)s before tax (from %(fee_source)s).",
            months=policy.interval_months,
            interval_source=policy.sources["interval"].display_name,
            hours=policy.duration,
            fee=format_amount(self.env, policy.fee, self.env.company.currency_id),
            fee_source=policy.sources["fee"].display_name,
        )

    def _get_not_maintained_reason(self, policy):
        """Return in a sentence why units of this product are not maintained."""
        no = self.env._("Units of this product are not maintained:")
        if not self.x_fc_repair_category_id:
            why = self.env._("it has no equipment category.")
        elif (
            self.x_fc_repair_category_id._is_looked_after()
            or self.x_fc_maintenance_interval_months
        ):
            why = self.env._("the product itself says so.")
        else:
            why = self.env._(
                "neither the category %(category)s nor one above it is maintained, "
                "and the product gives no interval.",
                category=policy.category.display_name,
            )
        return f"{no} {why}"

    def _show_maintenance_policy(self):
        """Return a table of what applies, part by part, and who decided it."""
        policy = self._get_maintenance_policy(self.env.company)
        if not policy.enabled:
            return False
        contract = self.env["fusion.repair.maintenance.contract"]
        currency = self.env.company.currency_id
        anchors = dict(contract._fields["anchor"]._description_selection(self.env))
        first = policy.first_interval_months or policy.interval_months
        parts = (
            ("interval", self.env._("Months between visits"), policy.interval_months),
            ("first_interval", self.env._("Months to the first visit"), first),
            ("anchor", self.env._("Next date counts from"), anchors[policy.anchor]),
            ("fee", self.env._("Fee"), format_amount(self.env, policy.fee, currency)),
            ("duration", self.env._("Hours on site"), f"{policy.duration:g}"),
            ("service", self.env._("Invoiced as"), policy.service.display_name),
        )
        default = self.env._("the default")
        rows = Markup("").join(
            Markup("<tr><th>%s</th><td>%s</td><td>%s</td></tr>")
            % (label, value, policy.sources[part].display_name or default)
            for part, label, value in parts
        )
        heads = (self.env._("What"), self.env._("Applies"), self.env._("Because of"))
        head = Markup("<tr><th>%s</th><th>%s</th><th>%s</th></tr>") % heads
        return Markup(
            '<table class="table table-sm"><thead>%s</thead><tbody>%s</tbody></table>'
        ) % (head, rows)

    def _get_maintenance_policy(self, company):
        """Resolve how units of this product are maintained by a company.

        The product decides first, then its category, then the category's parents:
        for each part the nearest one that says something.

        :return: a MaintenancePolicy, its fee in the currency of the company
        """
        self.ensure_one()
        lineage = self.x_fc_repair_category_id._get_lineage()
        rule = lineage.filtered("x_fc_maintenance_enabled")[:1] or lineage[:1]
        invoiced = self._get_invoiced_category()
        by_product = self.x_fc_maintenance_interval_months
        fee, fee_source = self._get_maintenance_fee(rule, company)
        return MaintenancePolicy(
            enabled=bool(
                self.x_fc_maintenance_enabled
                and (rule.x_fc_maintenance_enabled or by_product)
            ),
            interval_months=by_product
            or rule.x_fc_maintenance_interval_months
            or DEFAULT_INTERVAL_MONTHS,
            first_interval_months=rule.x_fc_maintenance_first_interval_months,
            anchor=rule.x_fc_maintenance_anchor or "due_date",
            fee=fee,
            duration=rule.x_fc_maintenance_duration or DEFAULT_DURATION_HOURS,
            category=self.x_fc_repair_category_id,
            service=self._get_maintenance_service(),
            sources={
                "enabled": rule if self.x_fc_maintenance_enabled else self,
                "category": self,
                "interval": self if by_product else rule,
                "first_interval": rule,
                "anchor": rule,
                "fee": fee_source,
                "duration": rule,
                "service": invoiced,
            },
        )

    def _get_invoiced_category(self):
        """Return the nearest category that names the service of a visit, or none."""
        lineage = self.x_fc_repair_category_id._get_lineage()
        return lineage.filtered("x_fc_maintenance_service_product_id")[:1]

    def _get_maintenance_service(self):
        """Return the service that a visit to units of this product is sold as."""
        invoiced = self._get_invoiced_category()
        return invoiced.x_fc_maintenance_service_product_id or self.env.ref(
            "fusion_repairs.product_maintenance_visit"
        )

    def _get_maintenance_fee(self, rule, company):
        """Return the fee in the company's currency, and the record it came from."""
        if self.x_fc_maintenance_fee:
            source, fee = self, self.x_fc_maintenance_fee
        else:
            source, fee = rule, rule.x_fc_maintenance_fee
        currency = source.currency_id or company.currency_id
        today = fields.Date.context_today(self)
        return currency._convert(fee, company.currency_id, company, today), source
