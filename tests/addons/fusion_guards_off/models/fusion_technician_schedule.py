from odoo import api, models


class FusionTechnicianSchedule(models.Model):
    """A schedule that nobody waits for and whose version never rises."""

    _inherit = "fusion.technician.schedule"

    @api.model
    def _queue(self, spans):
        """Let rivals for one technician go on at the same time."""

    @api.model
    def _begin_in_turn(self, spans):
        """Let rivals for one technician begin at the same time."""

    @api.model
    def _bump(self, spans):
        """Let a rival's booking go unnoticed."""
