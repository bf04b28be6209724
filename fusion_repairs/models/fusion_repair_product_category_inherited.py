from odoo import models

INHERITED_FROM = {"x_fc_maintenance_enabled", "parent_id"}


class FusionRepairProductCategory(models.Model):
    """Products follow their category: those that say otherwise themselves stay."""

    _inherit = "fusion.repair.product.category"

    def _get_looked_after(self, vals):
        """Return what products may have to follow when values are written.

        :return: whether they are looked after, by category, those below included;
            empty if the values have nothing to do with it
        """
        if not INHERITED_FROM & vals.keys():
            return {}
        below = self.with_context(active_test=False).search(
            [("id", "child_of", self.ids)]
        )
        return {category: category._is_looked_after() for category in below}

    def _let_products_follow(self, before):
        """Let products that are looked after as their category says follow a change.

        :param before: what ``_get_looked_after`` returned before it
        """
        categories = self.browse(category.id for category in before)
        for looked_after in (True, False):
            changed = categories.filtered(
                lambda c, now=looked_after: (
                    c._is_looked_after() is now and before[c] is not now
                )
            )
            changed._tell_products(looked_after)

    def _is_looked_after(self):
        """Tell whether units of the category are looked after, by itself or above."""
        self.ensure_one()
        return any(self._get_lineage().mapped("x_fc_maintenance_enabled"))

    def _tell_products(self, looked_after):
        """Tick or untick the products that were as their category was before."""
        if not self:
            return
        # Whoever keeps categories need not have rights on products, or see them all.
        products = self.env["product.template"].sudo().with_context(active_test=False)
        products.search(
            [
                ("x_fc_repair_category_id", "in", self.ids),
                ("x_fc_maintenance_enabled", "=", not looked_after),
            ]
        ).x_fc_maintenance_enabled = looked_after
