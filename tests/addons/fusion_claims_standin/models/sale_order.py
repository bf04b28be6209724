from odoo import fields, models


class SaleOrder(models.Model):
    """Who pays a sale, and when its devices were delivered."""

    _inherit = "sale.order"

    x_fc_sale_type = fields.Selection(
        [
            ("adp", "ADP"),
            ("adp_odsp", "ADP and ODSP"),
            ("march_of_dimes", "March of Dimes"),
            ("direct_private", "Private"),
        ]
    )
    x_fc_adp_delivery_date = fields.Date()
    x_fc_service_start_date = fields.Date()
