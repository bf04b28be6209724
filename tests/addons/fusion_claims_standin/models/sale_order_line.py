from odoo import fields, models


class SaleOrderLine(models.Model):
    """Which funded device a line sells."""

    _inherit = "sale.order.line"

    x_fc_adp_device_type = fields.Char()
