from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError

OFFICE_USERS = "[('share', '=', False), ('company_ids', 'in', company_id)]"


class ResConfigSettings(models.TransientModel):
    """The company's booking rules, on the settings page."""

    _inherit = "res.config.settings"

    x_fc_slot_grid_minutes = fields.Integer(
        related="company_id.x_fc_slot_grid_minutes", readonly=False
    )
    x_fc_booking_lead_hours = fields.Integer(
        related="company_id.x_fc_booking_lead_hours", readonly=False
    )
    x_fc_booking_horizon_days = fields.Integer(
        related="company_id.x_fc_booking_horizon_days", readonly=False
    )
    x_fc_arrival_window_minutes = fields.Integer(
        related="company_id.x_fc_arrival_window_minutes", readonly=False
    )
    x_fc_travel_on_own_time = fields.Boolean(
        related="company_id.x_fc_travel_on_own_time", readonly=False
    )
    x_fc_rest_hours = fields.Integer(
        related="company_id.x_fc_rest_hours", readonly=False
    )
    x_fc_map_tile_url = fields.Char(
        related="company_id.x_fc_map_tile_url", readonly=False
    )
    x_fc_map_attribution = fields.Char(
        related="company_id.x_fc_map_attribution", readonly=False
    )
    x_fc_directions_url = fields.Char(
        related="company_id.x_fc_directions_url", readonly=False
    )
    x_fc_office_user_ids = fields.Many2many(
        related="company_id.x_fc_office_user_ids",
        readonly=False,
        domain=OFFICE_USERS,
    )
    x_fc_office_stand_in_id = fields.Many2one(
        related="company_id.x_fc_office_stand_in_id",
        readonly=False,
        domain=OFFICE_USERS,
    )
    x_fc_escalation_user_ids = fields.Many2many(
        related="company_id.x_fc_escalation_user_ids",
        readonly=False,
        domain=OFFICE_USERS,
    )
    x_fc_escalation_stand_in_id = fields.Many2one(
        related="company_id.x_fc_escalation_stand_in_id",
        readonly=False,
        domain=OFFICE_USERS,
    )

    x_fc_travel_provider = fields.Selection(
        [("estimate", "Estimate by distance"), ("osrm", "OSRM server")],
        string="Travel Times",
        default="estimate",
        config_parameter="fusion_tasks.travel_provider",
    )
    x_fc_osrm_url = fields.Char(
        string="OSRM Server",
        config_parameter="fusion_tasks.osrm_url",
        help="Address of the server without the service's path, for instance "
        "http://osrm:5000. Places of work are sent to it, rounded to some 10 metres.",
    )
    x_fc_geocoder = fields.Selection(
        [
            ("nominatim", "Nominatim (OpenStreetMap)"),
            ("photon", "Photon (OpenStreetMap)"),
            ("google", "Google Maps"),
        ],
        string="Geocoding Service",
        config_parameter="fusion_tasks.geocoder",
        help="Finds addresses on the map, in the background. Addresses are sent to it, "
        "names are not. Nothing is sent while no service is chosen.",
    )
    x_fc_geocoder_url = fields.Char(
        string="Address of the Service",
        config_parameter="fusion_tasks.geocoder_url",
        help="Only for a server of your own; empty: the public one.",
    )
    x_fc_geocoder_user_agent = fields.Char(
        string="Introduce Us As",
        config_parameter="fusion_tasks.geocoder_user_agent",
        help="Public services ask who is asking: a name and an address of contact. "
        "Empty: the address of this system.",
    )
    x_fc_geocoder_api_key = fields.Char(
        string="API Key", config_parameter="fusion_tasks.geocoder_api_key"
    )

    x_fc_clock_problems = fields.Text(
        string="Time Zone Rules", compute="_compute_x_fc_clock_problems"
    )

    def _compute_x_fc_clock_problems(self):
        self.x_fc_clock_problems = "\n".join(self.env["fusion.clock"]._get_problems())

    # Travel ------------------------------------------------------------------

    @api.constrains("x_fc_osrm_url", "x_fc_geocoder_url")
    def _check_server_urls(self):
        for settings in self:
            for url in (settings.x_fc_osrm_url, settings.x_fc_geocoder_url):
                if url and not self._is_server_url(url.strip()):
                    raise ValidationError(
                        self.env._(
                            "%(url)s is no address of a server: it begins with "
                            "http:// or https:// and has no ? or #.",
                            url=url,
                        )
                    )

    @api.model
    def _is_server_url(self, url):
        try:
            parts = urlsplit(url)
            port_is_good = parts.port is None or parts.port > 0
        except ValueError:
            return False
        return (
            port_is_good
            and parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and not (parts.query or parts.fragment or set(url) & set(" \t\n\\"))
        )

    @api.constrains("x_fc_travel_provider", "x_fc_osrm_url")
    def _check_osrm_has_server(self):
        for settings in self:
            if settings.x_fc_travel_provider == "osrm" and not settings.x_fc_osrm_url:
                raise ValidationError(
                    self.env._("Enter the address of the OSRM server.")
                )

    @api.constrains("x_fc_geocoder", "x_fc_geocoder_api_key")
    def _check_google_has_key(self):
        for settings in self:
            if settings.x_fc_geocoder == "google" and not (
                settings.x_fc_geocoder_api_key
            ):
                raise ValidationError(self.env._("Google Maps needs an API key."))

    def set_values(self):
        """Forget the legs of one server when another takes over."""
        travel = self.env["fusion.travel"]
        before = travel._get_osrm_url()
        result = super().set_values()
        if travel._get_osrm_url() != before:
            self.env["fusion.travel.leg"].sudo()._forget_all()
        return result
