from odoo import api, models

from ..scheduling import TravelTable


class FusionTravel(models.AbstractModel):
    """Driving minutes between places: the one door to every provider of them."""

    _name = "fusion.travel"
    _description = "Travel Times"

    @api.model
    def _get_travel_table(self, places):
        """Return what tells the minutes from one place to another.

        Ask once for a whole search: a provider answers for all places together, and
        the table remembers its estimates.

        :param places: the known places between which somebody may drive
        :return: a callable of two places (None: unknown) that returns minutes
        """
        return TravelTable(self._get_legs(places))

    @api.model
    def _get_legs(self, places):
        """Return known minutes by (from, to); the estimate serves for all others.

        A hook for providers that know the roads; there is none by default.
        """
        return {}
