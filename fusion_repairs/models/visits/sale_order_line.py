from odoo import api, fields, models


class SaleOrderLine(models.Model):
    """The fee of a visit is delivered when the visit is done, and not before."""

    _inherit = "sale.order.line"

    x_fc_fee_visit_ids = fields.One2many(
        "fusion.repair.maintenance.visit",
        "sale_line_id",
        string="Visits Charged",
        groups="fusion_tasks.fusion_tasks_group_user",
    )

    @api.depends("x_fc_fee_visit_ids.state", "product_uom_qty")
    def _compute_qty_delivered(self):
        return super()._compute_qty_delivered()

    def _prepare_qty_delivered(self):
        quantities = super()._prepare_qty_delivered()
        # Whoever reads the order need not know visits.
        for line in self.sudo().filtered("x_fc_fee_visit_ids"):
            # What stock or timesheets deliver is theirs to count.
            if line.qty_delivered_method == "manual":
                done = "done" in line.x_fc_fee_visit_ids.mapped("state")
                quantities[line.sudo(False)] = line.product_uom_qty if done else 0.0
        return quantities
