from odoo import fields, models

from ..recurrence import split_serials


class SaleOrderLine(models.Model):
    """Lines that sell units: their serials, and the contracts that follow."""

    _inherit = "sale.order.line"

    x_fc_serial_number = fields.Text(
        string="Serial Numbers",
        copy=False,
        help="One serial number a line, or separated by commas, one for each unit.",
    )

    def _get_maintained_unit_count(self):
        """Return how many units the line sells, whatever unit of measure it uses."""
        self.ensure_one()
        unit = self.product_id.uom_id
        quantity = self.product_uom_id._compute_quantity(self.product_uom_qty, unit)
        return max(0, int(quantity))

    def _prepare_maintenance_contracts_vals(self, policy, anchor_date):
        """Return the values of the contracts of this line, one dict a unit."""
        self.ensure_one()
        serials = split_serials(self.x_fc_serial_number or "").values
        order = self.order_id
        return [
            {
                "company_id": order.company_id.id,
                "partner_id": order.partner_id.id,
                "address_id": order.partner_shipping_id.id or order.partner_id.id,
                "product_id": self.product_id.id,
                "user_id": order.user_id.id if not order.user_id.share else False,
                "sale_order_id": order.id,
                "start_date": anchor_date,
                "state": "active",
                "x_fc_source": "sale",
                "x_fc_source_sale_line_id": self.id,
                "x_fc_unit_index": index,
                "x_fc_device_serial": serials[index - 1]
                if index <= len(serials)
                else False,
                "x_fc_maintenance_fee": policy.fee,
            }
            for index in range(1, self._get_maintained_unit_count() + 1)
        ]
