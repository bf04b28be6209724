from odoo import models


class ProductTemplate(models.Model):
    """What was done to units of this kind."""

    _name = "product.template"
    _inherit = ["product.template", "fusion.repair.history.mixin"]

    def _get_history_path(self):
        return "product_id.product_tmpl_id"
