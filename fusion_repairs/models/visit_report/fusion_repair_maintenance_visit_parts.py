from odoo import models
from odoo.tools.translate import LazyTranslate

from odoo.addons.fusion_tasks.button_context import without_button

_lt = LazyTranslate(__name__)


class FusionRepairMaintenanceVisit(models.Model):
    """Parts that a report names: taken from the van, or told to the office."""

    _inherit = "fusion.repair.maintenance.visit"

    def _consume_parts(self, repair):
        """Put on the repair order what was used of its parts, and nothing else.

        A planned part that was not used keeps no quantity: Odoo takes from stock what
        was reserved for it otherwise. The demand becomes what was used too, for the
        client's order follows the demand.
        """
        for part in self.part_ids.filtered(lambda part: part.move_id.state != "done"):
            move = part.move_id.filtered(lambda move: move.state != "cancel")
            if not move and not part.quantity:
                continue
            move = move or without_button(self.env["stock.move"]).create(
                self._prepare_part_move_vals(part, repair)
            )
            part.move_id = move
            if move.product_uom.compare(move.product_uom_qty, part.quantity):
                move.product_uom_qty = part.quantity
            move.write({"quantity": part.quantity, "picked": bool(part.quantity)})
        # Odoo leaves out what is not picked as soon as anything is.
        others = repair.move_ids.filtered(lambda move: move.repair_line_type != "add")
        others.filtered("quantity").picked = True

    def _get_undecided_moves(self, repair):
        """Return the moves of a repair of which nobody has said what was used.

        What stock reserved for a part is no word of anybody.
        """
        said = self.part_ids.filtered("quantity").move_id
        return (repair.move_ids - said).filtered(
            lambda move: (
                move.state not in ("done", "cancel")
                and (
                    move.product_uom.is_zero(move.quantity)
                    or (move.repair_line_type == "add" and not move.picked)
                )
            )
        )

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

    def _notify_office_late_parts(self):
        """Have the office book what a report says otherwise than its ended repair."""
        repair = self.repair_order_id
        if repair.state not in ("done", "cancel", False):
            return
        late = self.part_ids.filtered(
            lambda part: part.uom_id.compare(part.quantity, part._get_taken())
        )
        if late:
            self.contract_id._notify_office(
                _lt("Book the parts of visit %(visit)s", visit=self.name),
                ", ".join(part._get_late_part_text() for part in late),
                reason=f"book_parts:{self.id}",
            )
