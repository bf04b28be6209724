from odoo import models


class FusionRepairMaintenanceVisit(models.Model):
    """Parts that were used: from stock through the repair order, to the client's order.

    The flat fee is a line of its own; Odoo adds one line for each part to the order.
    """

    _inherit = "fusion.repair.maintenance.visit"

    def _consume_parts(self, repair):
        """Put the used parts on the repair order with their quantities done."""
        used = self.part_ids.filtered("quantity")
        for part in used.filtered(lambda part: part.move_id.state != "done"):
            move = part.move_id or self.env["stock.move"].create(
                self._prepare_part_move_vals(part, repair)
            )
            part.move_id = move
            if move.product_uom.compare(move.product_uom_qty, part.quantity) < 0:
                move.product_uom_qty = part.quantity
            move.quantity = part.quantity
        # Odoo leaves out what is not picked as soon as anything is.
        repair.move_ids.filtered("quantity").picked = True

    def _prepare_part_move_vals(self, part, repair):
        van = self.technician_id.x_fc_van_location_id
        if van.company_id and van.company_id != self.company_id:
            van = van.browse()
        return {
            "repair_id": repair.id,
            "repair_line_type": "add",
            "product_id": part.product_id.id,
            "product_uom": part.uom_id.id,
            "product_uom_qty": part.quantity,
            "company_id": self.company_id.id,
            "location_id": (van or repair.location_id).id,
            "location_dest_id": repair.location_dest_id.id,
            "picked": True,
        }

    def _tell_of_late_parts(self):
        """Have the office book parts of a report that came after its repair ended."""
        late = self.part_ids.filtered(
            lambda part: part.quantity and part.move_id.state != "done"
        )
        repair = self.repair_order_id
        if late and repair.state in ("done", "cancel", False):
            self.contract_id._notify_office(
                self.env._("Book the parts of visit %(visit)s", visit=self.name),
                ", ".join(late.mapped("display_name")),
            )
