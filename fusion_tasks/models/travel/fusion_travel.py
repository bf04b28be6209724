from itertools import islice, pairwise, permutations

from odoo import api, models

from ...scheduling import TravelTable, estimate_minutes

MAX_PLACES = 100
"""Most places of one question to a server; OSRM's own default limit."""


class FusionTravel(models.AbstractModel):
    """Driving minutes between places: the one door to every provider of them.

    A provider is a method ``_get_legs_<provider>`` and an option of the setting.
    Whatever it does not know, is too slow to tell or gets wrong, is estimated.
    """

    _name = "fusion.travel"
    _description = "Travel Times"

    @api.model
    def _get_travel_table(self, places):
        """Return what tells the minutes from one place to another.

        Ask once for all places of a question: a provider answers for all of them
        together, and the table remembers its estimates.

        :param places: the known places between which somebody may drive; of more
            than 100 only so many are looked up
        :return: a callable of two places (None: unknown) that returns minutes
        """
        if self._get_provider() == "estimate":
            return TravelTable()
        return TravelTable(
            self._get_legs(list(permutations(islice(places, MAX_PLACES), 2)))
        )

    @api.model
    def _get_drives_table(self, legs):
        """Return what tells the minutes of these drives.

        :param legs: pairs of places (None: unknown), most important first
        :return: a callable of two places (None: unknown) that returns minutes
        """
        if self._get_provider() == "estimate":
            return TravelTable()
        known = [leg for leg in legs if None not in leg and leg[0] != leg[1]]
        return TravelTable(self._get_legs(list(dict.fromkeys(known))))

    @api.model
    def _get_plans_table(self, plans, place):
        """Return what tells the minutes that a search for a visit asks for.

        These are the legs to and from the visit, nearest first, and those between
        neighbouring stops. Without a place nothing is fetched: what is known by
        heart, or estimated, has to do.

        :param plans: DayPlans
        :param place: of the visit, or None
        :return: a callable of two places (None: unknown) that returns minutes
        """
        if self._get_provider() == "estimate":
            return TravelTable()
        others, drives = {}, {}
        for plan in plans:
            day = [plan.start_place]
            day += [stop.place for stop in sorted(plan.stops, key=lambda s: s.start)]
            others.update(dict.fromkeys(day))
            drives.update(dict.fromkeys(pairwise(day)))
        legs = [leg for leg in drives if None not in leg and leg[0] != leg[1]]
        if place is None:
            travel = self.with_context(fusion_travel_offline=True)
            return TravelTable(travel._get_legs(legs))
        near = sorted(
            (other for other in others if other not in (None, place)),
            key=lambda other: (estimate_minutes(place, other), other),
        )
        visits = [leg for other in near for leg in ((other, place), (place, other))]
        return TravelTable(self._get_legs(list(dict.fromkeys(visits + legs))))

    @api.model
    def _get_provider(self):
        """Return the provider that the system uses."""
        get_param = self.env["ir.config_parameter"].sudo().get_param
        provider = get_param("fusion_tasks.travel_provider") or "estimate"
        return provider if hasattr(self, f"_get_legs_{provider}") else "estimate"

    @api.model
    def _get_legs(self, legs):
        """Return known minutes by (from, to); the estimate serves for all others.

        With ``fusion_travel_offline`` in the context no provider asks anybody.

        :param legs: pairs of places that will be asked for, most important first
        """
        return getattr(self, f"_get_legs_{self._get_provider()}")(legs)

    @api.model
    def _get_legs_estimate(self, _legs):
        return {}
