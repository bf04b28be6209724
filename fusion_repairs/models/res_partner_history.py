from odoo import models


class ResPartner(models.Model):
    """What was done for a client."""

    _name = "res.partner"
    _inherit = ["res.partner", "fusion.repair.history.mixin"]

    def _get_history_path(self):
        return "partner_id"
