from odoo import models

from ...tools.savepoints import attempt


class StockPicking(models.Model):
    """Deliveries and returns tell which unit a client has, and since when."""

    _inherit = "stock.picking"

    def _action_done(self):
        result = super()._action_done()
        for picking in self.filtered(lambda p: p.state == "done"):
            # Who delivers need not have rights on contracts.
            picking = picking.sudo().with_company(picking.company_id)
            picking._follow_units()
        return result

    def _follow_units(self):
        """Bring the contracts in step with what was delivered or came back.

        A delivery never fails because of it: what goes wrong is put to the office.
        """
        self.ensure_one()
        moves = self.move_ids.filtered(lambda m: m.state == "done")
        for move in moves.filtered("sale_line_id"):
            line = move.sale_line_id
            line.order_id._attempt_enrolment(line, move._follow_sold_units)
        others = moves.filtered(lambda m: not m.sale_line_id)
        for move in others.filtered(lambda m: m._is_to_client() or m._is_from_client()):
            attempt(
                self.env.cr,
                move._follow_known_units,
                f"Following the units of {self.name}",
            )
