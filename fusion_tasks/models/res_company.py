from odoo import fields, models


class ResCompany(models.Model):
    """How a company offers visits."""

    _inherit = "res.company"

    x_fc_slot_grid_minutes = fields.Integer(
        string="Visits Start Every (minutes)",
        default=30,
        help="Visits start at multiples of this on the technician's clock: "
        "5, 10, 15, 20, 30 or 60.",
    )
    x_fc_booking_lead_hours = fields.Integer(
        string="Notice (hours)",
        default=24,
        help="No visit is offered that starts sooner than this from now.",
    )
    x_fc_booking_horizon_days = fields.Integer(
        string="Horizon (days)",
        default=21,
        help="No visit is offered further ahead than this.",
    )
    x_fc_arrival_window_minutes = fields.Integer(
        string="Arrival Window (minutes)",
        default=60,
        help="Clients are told that the technician arrives within this time of the "
        "planned start.",
    )
    x_fc_travel_on_own_time = fields.Boolean(
        string="First Drive on Own Time",
        help="The drive from the start place to the first visit comes before the "
        "working day instead of being part of it.",
    )
    x_fc_directions_url = fields.Char(
        string="Map Service",
        help="The link behind an address on a technician's phone, with {place} where "
        "the place goes, such as "
        "https://www.google.com/maps/dir/?api=1&destination={place}. "
        "Without one, the phone's own map opens.",
    )

    x_fc_map_tile_url = fields.Char(
        string="Map Tiles",
        help="Where the browser gets pictures of the map, such as "
        "https://tiles.example.com/{z}/{x}/{y}.png. Without it the stops are drawn on "
        "a plain grid, and no other server is asked for anything.",
    )
    x_fc_map_attribution = fields.Char(
        string="Map Attribution",
        help="Whose map it is: shown in its corner, as the provider asks.",
    )

    _map_tile_url_known = models.Constraint(
        "CHECK (x_fc_map_tile_url IS NULL OR x_fc_map_tile_url = ''"
        " OR x_fc_map_tile_url ~* '^(https?:/)?/[^[:space:]]*$')",
        "Map tiles have an address that begins with https:// or http://.",
    )
    _slot_grid_known = models.Constraint(
        "CHECK (x_fc_slot_grid_minutes IN (5, 10, 15, 20, 30, 60))",
        "Visits start every 5, 10, 15, 20, 30 or 60 minutes.",
    )
    _booking_lead_positive = models.Constraint(
        "CHECK (x_fc_booking_lead_hours BETWEEN 0 AND 8760)",
        "The notice is between 0 hours and a year.",
    )
    _booking_horizon_range = models.Constraint(
        "CHECK (x_fc_booking_horizon_days BETWEEN 1 AND 366)",
        "The horizon is between 1 day and a year.",
    )
    _arrival_window_range = models.Constraint(
        "CHECK (x_fc_arrival_window_minutes BETWEEN 0 AND 480)",
        "The arrival window is between 0 minutes and 8 hours.",
    )
    _directions_url_form = models.Constraint(
        "CHECK (x_fc_directions_url ~ '^(https://|geo:)[^[:space:]]*[{]place[}]')",
        "The link of the map service begins with https:// or geo: and has {place} "
        "in it.",
    )
