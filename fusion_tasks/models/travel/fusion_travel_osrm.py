import logging
from collections import defaultdict
from urllib.parse import urlsplit

from odoo import api, models

from ...maps.circuit_breaker import PAUSE_SECONDS, CircuitBreaker
from ...maps.osrm import OsrmError, fetch_minutes
from .fusion_travel import MAX_PLACES

_logger = logging.getLogger(__name__)

UNITS_PER_DEGREE = 10_000

# One a server and process.
_breakers = defaultdict(CircuitBreaker)


class FusionTravel(models.AbstractModel):
    """Driving minutes by the roads, from an OSRM server that somebody runs.

    One query finds what is remembered, at most one request fetches what is missing.
    A server that is silent, slow or broken costs a search 3 seconds, thrice; then
    nobody asks it for some minutes.
    """

    _inherit = "fusion.travel"

    @api.model
    def _get_legs_osrm(self, legs):
        url = self._get_osrm_url()
        if not url or not legs:
            return {}
        keys = {leg: self._to_leg_key(leg) for leg in legs}
        # What is one place after rounding needs no road.
        wanted = dict.fromkeys(key for key in keys.values() if key[:2] != key[2:])
        known = self.env["fusion.travel.leg"]._look_up(wanted)
        missing = [key for key in wanted if key not in known or not known[key].is_fresh]
        minutes = {key: leg.minutes for key, leg in known.items()}
        minutes.update(self._fetch_osrm_legs(url, missing))
        return {
            leg: minutes[key]
            for leg, key in keys.items()
            if minutes.get(key) is not None
        }

    @api.model
    def _get_osrm_url(self):
        get_param = self.env["ir.config_parameter"].sudo().get_param
        return (get_param("fusion_tasks.osrm_url") or "").strip().rstrip("/")

    @api.model
    def _to_leg_key(self, leg):
        """Return the rounded coordinates of a leg, as the cache knows it."""
        return tuple(round(degrees * UNITS_PER_DEGREE) for p in leg for degrees in p)

    @api.model
    def _fetch_osrm_legs(self, url, keys):
        """Return and remember the minutes of legs by key, as far as one request goes.

        :return: empty if the server is not to be asked, or does not answer
        """
        keys = self._limit_places(keys)
        breaker = _breakers[url]
        if (
            not keys
            or self.env.context.get("fusion_travel_offline")
            or not breaker.allows()
        ):
            return {}
        legs = {key: self._to_degrees(key) for key in keys}
        try:
            answers = fetch_minutes(url, legs.values())
        except OsrmError as error:
            self._log_osrm_failure(url, error, breaker.note_failure())
            return {}
        breaker.note_success()
        minutes = {key: answers[leg] for key, leg in legs.items()}
        self.env["fusion.travel.leg"]._keep(minutes)
        return minutes

    @api.model
    def _limit_places(self, keys):
        """Return the first legs that get by with the places of one request."""
        places, chosen = set(), []
        for key in keys:
            ends = {key[:2], key[2:]}
            if len(places | ends) <= MAX_PLACES:
                places |= ends
                chosen.append(key)
        return chosen

    @api.model
    def _to_degrees(self, key):
        """Return the two places of a leg's key."""
        degrees = [units / UNITS_PER_DEGREE for units in key]
        return tuple(degrees[:2]), tuple(degrees[2:])

    @api.model
    def _log_osrm_failure(self, url, error, closed):
        host = urlsplit(url).hostname
        if closed:
            _logger.warning(
                "OSRM server %s failed again (%s): travel times are estimated, and "
                "it is not asked for %d minutes",
                host,
                error,
                PAUSE_SECONDS // 60,
            )
        else:
            _logger.warning(
                "OSRM server %s gave no travel times (%s): they are estimated",
                host,
                error,
            )
