from odoo import models


class SaleOrderLine(models.Model):
    """What was agreed for a visit stays so, whatever the office changes on the line."""

    _inherit = "sale.order.line"

    def _compute_price_unit(self):
        agreed = self._get_agreed_lines()
        return super(SaleOrderLine, self - agreed)._compute_price_unit()

    def _compute_discount(self):
        agreed = self._get_agreed_lines()
        return super(SaleOrderLine, self - agreed)._compute_discount()

    def _get_agreed_lines(self):
        """Return the lines whose price no price list decides.

        Those of the fee of a visit, and those of parts that a visit gives under
        warranty: Odoo would charge for them as soon as their quantity changes.
        """
        line_ids = self._origin.ids
        if not line_ids:
            return self.browse()
        # Whoever sells need not know visits or repairs.
        visits = self.env["fusion.repair.maintenance.visit"].sudo()
        fees = visits.search([("sale_line_id", "in", line_ids)]).sale_line_id
        free = (
            self.env["stock.move"]
            .sudo()
            .search(
                [
                    ("sale_line_id", "in", line_ids),
                    ("repair_id.under_warranty", "=", True),
                    ("repair_id.x_fc_maintenance_contract_id", "!=", False),
                ]
            )
            .sale_line_id
        )
        agreed = set((fees | free).ids)
        return self.filtered(lambda line: line._origin.id in agreed)
