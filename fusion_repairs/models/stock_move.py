from odoo import models


class StockMove(models.Model):
    """Moves that bring a unit to a client, or back."""

    _inherit = "stock.move"

    def _is_unit_delivery(self):
        """Tell whether the move brings goods to a client."""
        self.ensure_one()
        return (
            self.location_dest_id.usage == "customer"
            and self.location_id.usage != "customer"
        )

    def _is_unit_return(self):
        """Tell whether the move takes goods back from a client for good.

        What only comes in for a repair is not taken off the sale.
        """
        self.ensure_one()
        return self._is_from_client() and self.to_refund

    def _is_from_client(self):
        self.ensure_one()
        return (
            self.location_id.usage == "customer"
            and self.location_dest_id.usage != "customer"
        )

    # Contracts -----------------------------------------------------------------

    def _follow_sold_units(self):
        """Bring the contracts of the order line in step with this move."""
        self.ensure_one()
        line = self.sale_line_id
        if not (line.order_id.x_fc_units_enrolled or line._get_contracts()):
            self._follow_known_units()
            return line._get_contracts()
        if self._is_unit_return():
            self._end_returned_units()
        elif self._is_from_client():
            self._ask_about_units()
        elif not self._is_unit_delivery():
            return line._get_contracts()
        if line.order_id.x_fc_units_enrolled:
            return line._sync_maintenance_contracts()
        line._apply_deliveries()
        return line._get_contracts()

    def _end_returned_units(self):
        product = self.product_id
        line = self.sale_line_id
        for detail in self.move_line_ids:
            lot = detail.lot_id if product.tracking == "serial" else False
            line._end_returned(product, lot, int(detail.quantity_product_uom))
        if line.product_id != product and not line._get_contracts(product):
            # A kit that is looked after came back when one of its parts did.
            in_care = len(line._get_contracts_in_care(line.product_id))
            delivered = len(line._get_delivered_units(line.product_id))
            line._end_returned(line.product_id, False, max(0, in_care - delivered))

    def _follow_known_units(self):
        """Follow serials that move without a sale: to a new owner, or back."""
        self.ensure_one()
        if self.product_id.tracking != "serial":
            return
        for lot in self.lot_ids:
            if self._is_unit_return():
                lot._get_contracts_in_care(self.company_id)._end(
                    self.env._(
                        "The unit came back from the client (%(transfer)s).",
                        transfer=self.picking_id.name,
                    ),
                    "return",
                )
            elif self._is_unit_delivery():
                lot._give_to(self.picking_id)
        if self._is_from_client() and not self._is_unit_return():
            self._ask_about_units()

    def _ask_about_units(self):
        """Ask the office about units that came back without being taken off a sale."""
        for lot in self.lot_ids:
            lot._get_contracts_in_care(self.company_id)._notify_office(
                self.env._("The unit came in: does the client get it back?"),
                self.env._(
                    "Transfer %(transfer)s took it back without a refund.",
                    transfer=self.picking_id.name,
                ),
            )
