from odoo import fields, models


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
    x_fc_map_tile_url = fields.Char(
        related="company_id.x_fc_map_tile_url", readonly=False
    )
    x_fc_map_attribution = fields.Char(
        related="company_id.x_fc_map_attribution", readonly=False
    )
    x_fc_directions_url = fields.Char(
        related="company_id.x_fc_directions_url", readonly=False
    )
