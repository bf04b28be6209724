from odoo import models


class StockMove(models.Model):
    """Moves that bring a unit to a client, or back."""

    _inherit = "stock.move"

    def _is_unit_delivery(self):
        """Tell whether the move brings goods to a client that were not theirs yet."""
        self.ensure_one()
        return self._is_to_client() and not self._is_unit_given_back()

    def _is_unit_given_back(self):
        """Tell whether the move sends out again what only came in, for a repair say.

        It was not taken off the sale when it came in, so it is not delivered anew.
        """
        self.ensure_one()
        came_in = self.origin_returned_move_id
        return bool(
            came_in
            and self._is_to_client()
            and came_in._is_from_client()
            and not came_in._is_unit_return()
        )

    def _is_unit_return(self):
        """Tell whether the move takes goods back from a client for good.

        What only comes in for a repair is not taken off the sale. Without a sale the
        mark says nothing: Odoo sets it on every move.
        """
        self.ensure_one()
        return self._is_from_client() and bool(self.sale_line_id) and self.to_refund

    def _is_to_client(self):
        self.ensure_one()
        return (
            self.location_dest_id.usage == "customer"
            and self.location_id.usage != "customer"
        )

    def _is_from_client(self):
        self.ensure_one()
        return (
            self.location_id.usage == "customer"
            and self.location_dest_id.usage != "customer"
        )

    def _get_unit_lots(self):
        """Return the serials that were moved: other lots do not name one unit."""
        self.ensure_one()
        is_serial = self.product_id.tracking == "serial"
        return self.lot_ids._filter_named() if is_serial else self.lot_ids.browse()

    def _get_units_moved(self):
        """Return how many units were moved, in the product's own unit of measure."""
        self.ensure_one()
        return sum(self.move_line_ids.mapped("quantity_product_uom"))

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
            self._schedule_returned_units_activity()
        elif self._is_unit_given_back():
            self._schedule_other_serial_activity()
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
            lot = (
                detail.lot_id._filter_named() if product.tracking == "serial" else False
            )
            line._end_returned(product, lot, int(detail.quantity_product_uom))
        if line.product_id != product and not line._get_contracts(product):
            # Parts of a kit that is maintained: all of them are judged together.
            returned = self.picking_id.move_ids.filtered(
                lambda m: (
                    m.state == "done" and m.sale_line_id == line and m._is_unit_return()
                )
            )
            if self == returned[:1]:
                line._end_returned_kits(returned)

    def _follow_known_units(self):
        """Follow units that move without a sale that is followed: to a new owner, or
        back. Only what is taken off a sale came back for good."""
        self.ensure_one()
        lots = self._get_unit_lots()
        if lots and self._is_unit_return():
            for lot in lots:
                lot._get_contracts_in_care(self.company_id)._end(
                    self.env._(
                        "The unit came back from the client (%(transfer)s).",
                        transfer=self.picking_id.name,
                    ),
                    "return",
                )
        elif self._is_from_client():
            self._schedule_returned_units_activity()
        elif self._is_to_client():
            sold_to = self.sale_line_id.order_id.partner_id
            for lot in lots:
                lot._give_to(sold_to or self.picking_id.partner_id, self.picking_id)

    # Questions to the office -----------------------------------------------------

    def _schedule_returned_units_activity(self):
        """Ask the office about units that came back without being taken off a sale."""
        self._get_units_that_came_in()._notify_office(
            self.env._("The unit came in: does the client get it back?"),
            self.env._(
                "Transfer %(transfer)s took it back without a refund.",
                transfer=self.picking_id.name,
            ),
        )

    def _get_units_that_came_in(self):
        """Return the contracts of units that a client gave in, as far as is known.

        By serial; else those of the order line, or of the client, that the office
        would end: the last ones.
        """
        self.ensure_one()
        contracts = self.env["fusion.repair.maintenance.contract"]
        lots = self._get_unit_lots()
        if lots:
            return contracts.union(
                *(lot._get_contracts_in_care(self.company_id) for lot in lots)
            )
        line, product = self.sale_line_id, self.product_id
        found = line and (
            line._get_contracts_in_care(product)
            or line._get_contracts_in_care(line.product_id)
        )
        if not found:
            client = self.sale_line_id.order_id.partner_id or self.picking_id.partner_id
            found = contracts._get_in_care(self.company_id, client, product)
        return found._sort_least_known()[: int(self._get_units_moved())]

    def _schedule_other_serial_activity(self):
        """Ask the office about a serial that went out instead of the one that came in.

        Whether the client keeps it, until the own unit is repaired or for good, no
        transfer tells.
        """
        for lot in self._get_unit_lots() - self.origin_returned_move_id.lot_ids:
            if lot._get_contracts_in_care(self.company_id):
                continue
            self.origin_returned_move_id._get_units_that_came_in()._notify_office(
                self.env._("Which serial does the client have?"),
                self.env._(
                    "It came in, and serial %(serial)s went out for it (transfer "
                    "%(transfer)s).",
                    serial=lot.name,
                    transfer=self.picking_id.name,
                ),
            )
