from odoo import models


class StockLot(models.Model):
    """What was done to a unit, whoever owned it."""

    _name = "stock.lot"
    _inherit = ["stock.lot", "fusion.repair.history.mixin"]

    def _get_history_path(self):
        return "lot_id"
