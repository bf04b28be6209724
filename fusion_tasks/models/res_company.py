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
