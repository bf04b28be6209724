from odoo import fields, models


class ProductTemplate(models.Model):
    """What a certificate says about a kind of unit."""

    _inherit = "product.template"

    x_fc_maker = fields.Char(string="Maker")
    x_fc_model_number = fields.Char(
        string="Model", help="As on the plate of the unit; empty: the product's name."
    )
    x_fc_rated_load = fields.Char(
        string="Rated Load", help="With its unit, as on the plate, e.g. 300 lb."
    )
