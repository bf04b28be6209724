from odoo import models

# More plans on one line are a typing mistake.
MOST_AT_ONCE = 50


class SaleOrderLine(models.Model):
    """Selling a plan starts it; its money waits until the visits are served."""

    _inherit = "sale.order.line"

    def _start_plans(self):
        """Start the plans that confirmed lines sell, each once.

        A quantity of three starts three plans.

        :return: the new plans
        """
        # Whoever confirms may be the client on the portal: sudo
        lines = self.sudo()
        subscriptions = lines.env["fusion.repair.service.plan.subscription"]
        known = subscriptions._read_group(
            [("sale_line_id", "in", lines.ids)], ["sale_line_id"], ["__count"]
        )
        started = dict(known)
        plans = lines._get_sold_plans()
        new = subscriptions
        for line in lines:
            plan = plans.get((line.company_id, line.product_id))
            wanted = round(line.product_uom_qty) if plan else 0
            missing = min(wanted, MOST_AT_ONCE) - started.get(line, 0)
            for _number in range(missing):
                new |= new.create(subscriptions._prepare_from_sale(line, plan))
        new._grant()
        new._find_units()
        return new

    def _withdraw_plans(self):
        """End the plans of a cancelled order; the office decides about used ones."""
        sold = self.env["fusion.repair.service.plan.subscription"].search(
            [("sale_line_id", "in", self.ids), ("state", "=", "active")]
        )
        note = self.env._("The sale was cancelled.")
        for plan in sold:
            if plan.used_count or plan._count_booked():
                plan._ask_office(
                    self.env._("The sale of a service plan in use was cancelled"), note
                )
            else:
                plan._cancel(note)

    def _get_sold_plans(self):
        """Return the plan that each product is sold as, by company and product."""
        plans = self.env["fusion.repair.service.plan"].search(
            [("product_id", "in", self.product_id.ids)]
        )
        return {(plan.company_id, plan.product_id): plan for plan in plans}

    def _prepare_invoice_line(self, **optional_values):
        vals = super()._prepare_invoice_line(**optional_values)
        # Whoever invoices need not know plans.
        sold = (
            self.sudo()
            .env["fusion.repair.service.plan.subscription"]
            .search([("sale_line_id", "=", self.id)], limit=1)
        )
        account = self.company_id.sudo().x_fc_plan_liability_account_id
        if sold and account:
            vals["account_id"] = account.id
        return vals
