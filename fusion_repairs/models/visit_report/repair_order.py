from odoo import models
from odoo.fields import Command

LABOUR = "fusion_repairs.product_repair_labour"
FIRST = 1


class RepairOrder(models.Model):
    """The quotation of a repair that a visit found: what failed, parts and labour."""

    _inherit = "repair.order"

    def action_create_sale_order(self):
        """Quote what failed, with the part and the labour that usually mend it."""
        found = self.filtered(lambda repair: repair.sudo().x_fc_defect_ids)
        for repair in found:
            repair._plan_usual_parts()
        action = super().action_create_sale_order()
        for repair in found:
            repair._complete_quotation()
        return action

    def _get_defects_to_quote(self):
        """Return what is still wrong; whoever quotes need not know defects of units."""
        return self.sudo().x_fc_defect_ids.filtered(lambda one: one.state == "open")

    def _plan_usual_parts(self):
        """Plan the parts that usually mend what failed, unless some are planned."""
        if self.move_ids.filtered(lambda move: move.state != "cancel"):
            return
        parts = self._get_defects_to_quote().item_id.repair_part_id
        self.move_ids = [
            Command.create(
                {
                    "repair_line_type": "add",
                    "product_id": part.id,
                    "product_uom_qty": 1.0,
                }
            )
            for part in parts
        ]

    def _complete_quotation(self):
        """Put what failed and the labour on the quotation, in the client's words."""
        order = self.sale_order_id
        lines = [
            Command.create(
                {"display_type": "line_note", "name": text, "sequence": FIRST}
            )
            for text in self._get_quotation_notes()
        ]
        labour = self._get_labour_product()
        if labour:
            lines.append(Command.create(self._prepare_labour_vals(labour)))
        order.order_line = lines
        if labour and not self.under_warranty and not labour.lst_price:
            order._message_log(
                body=self.env._(
                    "%(product)s has no sales price yet: please put a price on the "
                    "labour, and on the product.",
                    product=labour.display_name,
                )
            )

    def _get_quotation_notes(self):
        """Return what failed, a text each, in the client's language."""
        unit = self.x_fc_maintenance_contract_id.sudo().product_id
        client = self.with_context(lang=self.partner_id.lang or self.env.lang)
        defects = client._get_defects_to_quote()
        return [
            client.env._(
                "Found on our visit: %(defect)s (%(unit)s)",
                defect=defect._get_finding_text(),
                unit=unit.with_env(client.env).name,
            )
            for defect in defects
        ]

    def _get_labour_product(self):
        product = self.company_id.sudo().x_fc_repair_labour_product_id
        return product or self.env.ref(LABOUR, raise_if_not_found=False)

    def _prepare_labour_vals(self, product):
        vals = {
            "product_id": product.id,
            "product_uom_qty": self._get_labour_hours(),
        }
        if self.under_warranty:
            vals["price_unit"] = 0.0
        return vals
