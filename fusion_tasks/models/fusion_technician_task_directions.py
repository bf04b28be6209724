from urllib.parse import quote

from odoo import api, models

PLACE_MARK = "{place}"


class FusionTechnicianTask(models.Model):
    """The way there, in the map service that the company prefers."""

    _inherit = "fusion.technician.task"

    @api.model
    def _get_map_url(self, query, agent):
        """Open the company's map service, else the device's own map."""
        pattern = self.company_id.x_fc_directions_url
        if not pattern:
            return super()._get_map_url(query, agent)
        return pattern.replace(PLACE_MARK, quote(query, safe=""))
