from odoo import api, models
from odoo.exceptions import UserError
from odoo.http import request

from ...maps.addresses import Address, get_queries, needs_door
from ...maps.geocoding import Service, find_place


class FusionGeocoder(models.AbstractModel):
    """The one door to the service that finds addresses on the map.

    It is off until a service is chosen in the settings, and no client's request ever
    waits for it: jobs ask, and people of the office.
    """

    _name = "fusion.geocoder"
    _description = "Geocoder"

    @api.model
    def _is_on(self):
        """Tell whether a service is chosen."""
        return bool(self._get_service().provider)

    @api.model
    def _get_service(self):
        """Return the service that the system uses; without provider there is none."""
        get_param = self.env["ir.config_parameter"].sudo().get_param
        names = ("geocoder", "geocoder_url", "geocoder_user_agent", "geocoder_api_key")
        provider, url, agent, api_key = (
            (get_param(f"fusion_tasks.{name}") or "").strip() for name in names
        )
        base_url = get_param("web.base.url") or ""
        return Service(
            provider=provider,
            url=url.rstrip("/"),
            user_agent=agent or f"Fusion Tasks ({base_url})",
            api_key=api_key,
        )

    @api.model
    def _locate(self, partner):
        """Return latitude and longitude of an address, or None if nobody knows it.

        Only the address is sent, never a name.

        :raise GeocodingError: when the service has no usable answer in time
        :raise UserError: for a visitor of public pages, or without a service
        """
        # Code that serves clients may act as the system: ask who is at the door.
        if request and (not request.env.uid or request.env.user.share):
            raise UserError(
                self.env._("Addresses are not looked up for visitors of public pages.")
            )
        service = self._get_service()
        if not service.provider:
            raise UserError(
                self.env._("No geocoding service is chosen in the settings.")
            )
        address = self._to_address(partner)
        for query in get_queries(address):
            self.env["fusion.geocoder.turn"]._wait(service)
            place = find_place(
                service, query, address.country_code, needs_door(address)
            )
            if place:
                return place
        return None

    @api.model
    def _to_address(self, partner):
        # Names of countries and states in the language that services know best.
        partner = partner.with_context(lang="en_US")
        return Address(
            street=partner.street or "",
            street2=partner.street2 or "",
            city=partner.city or "",
            state=partner.state_id.name or "",
            zip=partner.zip or "",
            country=partner.country_id.name or "",
            country_code=partner.country_id.code or "",
        )
