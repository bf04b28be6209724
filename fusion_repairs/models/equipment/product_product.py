from collections import Counter

from odoo import models


class ProductProduct(models.Model):
    """What a kit is made of, where kits are known at all."""

    _inherit = "product.product"

    def _get_kit_quantities(self, company, quantity):
        """Return the components of so many kits by product; nothing for other goods.

        :param company: res.company whose bill of materials counts
        :param quantity: number of kits in the product's own unit of measure
        :return: Counter of products, in each product's own unit of measure
        """
        self.ensure_one()
        quantities = Counter()
        if "mrp.bom" not in self.env:
            return quantities
        kits = self.env["mrp.bom"]._bom_find(
            self, company_id=company.id, bom_type="phantom"
        )
        kit = kits[self]
        if kit:
            times = self.uom_id._compute_quantity(
                quantity / kit.product_qty, kit.product_uom_id, round=False
            )
            for component, values in kit.explode(self, times)[1]:
                unit = component.product_id
                quantities[unit] += component.product_uom_id._compute_quantity(
                    values["qty"], unit.uom_id, round=False
                )
        return quantities
