from odoo.fields import Command

from ..common import RepairsCase


class PlanCase(RepairsCase):
    """A dealer that sells two visits a year in advance."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan_product = cls.env["product.product"].create(
            {
                "name": "Care Plan",
                "type": "service",
                "list_price": 300.0,
                "invoice_policy": "order",
                "taxes_id": [Command.set(cls.tax.ids)],
            }
        )
        cls.plan = cls.env["fusion.repair.service.plan"].create(
            {
                "name": "Two visits",
                "product_id": cls.plan_product.id,
                "visits": 2,
                "validity_months": 12,
            }
        )
        cls.contract = cls.make_contract()

    @classmethod
    def sell_plan(cls, quantity=1, client=None):
        """Return the plans that a confirmed order has started."""
        line = {"product_id": cls.plan_product.id, "product_uom_qty": quantity}
        order = cls.env["sale.order"].create(
            {
                "partner_id": (client or cls.client).id,
                "order_line": [Command.create(line)],
            }
        )
        order.action_confirm()
        return cls.env["fusion.repair.service.plan.subscription"].search(
            [("sale_line_id", "in", order.order_line.ids)]
        )

    def complete(self, visit):
        """Have the technician complete a visit."""
        task = visit.technician_task_id
        task.action_start()
        task.action_complete()

    def prove(self):
        """Run the nightly job."""
        self.let_time_end_after(100)
        self.env["fusion.repair.service.plan.subscription"]._cron_prove_plans()

    def kinds(self, plan):
        """Return the ledger of a plan, first to last."""
        return plan.move_ids.sorted("id").mapped("kind")


class BooksCase(PlanCase):
    """A dealer whose books keep the money of plans as a debt; one plan is sold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        accounts = cls.env["account.account"]
        cls.debt = accounts.create(
            {
                "name": "Prepaid plans",
                "code": "209900",
                "account_type": "liability_current",
            }
        )
        cls.income = accounts.create(
            {"name": "Plans", "code": "419900", "account_type": "income"}
        )
        cls.plan_product.property_account_income_id = cls.income
        cls.company.x_fc_plan_liability_account_id = cls.debt
        cls.sold = cls.sell_plan()

    def invoice(self, plan):
        moves = plan.sale_order_id._create_invoices()
        moves.action_post()
        return moves

    def balance(self, account):
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", account.id),
                ("parent_state", "=", "posted"),
                ("tax_line_id", "=", False),
            ]
        )
        return round(sum(lines.mapped("balance")), 2)
