from odoo.fields import Command

from ..common import RepairsCase


class EnrolmentCase(RepairsCase):
    """Orders that are confirmed, delivered, changed, sent back."""

    def confirmed(self, quantity=1, **line):
        """Return a confirmed order of units."""
        order = self.sell(quantity, **line)
        order.action_confirm()
        return order

    def sell(self, quantity=1, company=None, partner=None, **line):
        """Return a draft order of units, of another company or client if told."""
        vals = {"product_id": self.product.id, "product_uom_qty": quantity, **line}
        company = company or self.company
        return (
            self.env["sale.order"]
            .with_company(company)
            .create(
                {
                    "company_id": company.id,
                    "partner_id": (partner or self.client).id,
                    "order_line": [Command.create(vals)],
                }
            )
        )

    def in_care(self, order):
        """Return the current contracts of an order, by unit number."""
        contracts = order.x_fc_maintenance_contract_ids
        contracts = contracts.filtered(lambda c: c.state in ("active", "paused"))
        return contracts.sorted("x_fc_unit_index")

    def indexes(self, order):
        """Return the unit numbers under contract of an order."""
        return self.in_care(order).mapped("x_fc_unit_index")

    # Stock -----------------------------------------------------------------------

    def track_serials(self):
        """Make the lift a storable product with serials."""
        self.product.write({"is_storable": True, "tracking": "serial"})

    def make_lot(self, name, product=None):
        """Return a serial that lies in stock."""
        product = product or self.product
        lot = self.env["stock.lot"].create({"name": name, "product_id": product.id})
        stock = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        self.env["stock.quant"]._update_available_quantity(
            product, stock.lot_stock_id, 1, lot_id=lot
        )
        return lot

    def deliver(self, order, lots=(), quantity=None, when=None):
        """Carry out what of an order is to be delivered."""
        picking = order.picking_ids.filtered(
            lambda p: p.state not in ("done", "cancel")
        )[:1]
        self.carry_out(picking, lots, quantity)
        if when:
            picking.move_ids.date = when
        return picking

    def carry_out(self, picking, lots=(), quantity=None):
        """Validate a transfer of these serials, or of a quantity."""
        picking.action_assign()
        for move in picking.move_ids:
            if lots:
                move.move_line_ids.unlink()
                move.move_line_ids = [
                    Command.create(
                        {
                            "product_id": move.product_id.id,
                            "lot_id": lot.id,
                            "quantity": 1,
                            "location_id": move.location_id.id,
                            "location_dest_id": move.location_dest_id.id,
                        }
                    )
                    for lot in lots
                ]
            else:
                move.quantity = quantity or move.product_uom_qty
            move.picked = True
        result = picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(picking.state, "done", result)

    def send_back(self, picking, lots=(), quantity=1, to_refund=True):
        """Return units of a delivery by Odoo's own dialog."""
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({"picking_id": picking.id})
        )
        for line in wizard.product_return_moves:
            line.write({"quantity": len(lots) or quantity, "to_refund": to_refund})
        back = wizard._create_return()
        self.carry_out(back, lots, None if lots else quantity)
        return back
