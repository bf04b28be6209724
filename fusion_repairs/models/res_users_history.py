from odoo import models


class ResUsers(models.Model):
    """What a technician did."""

    _name = "res.users"
    _inherit = ["res.users", "fusion.repair.history.mixin"]

    def _get_history_path(self):
        return "technician_id"
