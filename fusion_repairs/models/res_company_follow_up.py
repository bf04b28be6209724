from odoo import fields, models


class ResCompany(models.Model):
    """What the office is asked about clients who do not book, one set per company."""

    _inherit = "res.company"

    x_fc_unbooked_enabled = fields.Boolean(
        string="Call Unbooked Clients",
        default=True,
        help="Ask the office to call a client who was reminded and did not book. The "
        "call comes back after as many days, as long as nothing is booked.",
    )
    x_fc_overdue_enabled = fields.Boolean(
        string="Escalate Overdue Units",
        default=True,
        help="Tell a manager of units whose due date passed without a visit, and ask "
        "the office about booked visits that nobody closed.",
    )
    x_fc_overdue_after_days = fields.Integer(
        string="Escalate After (Days)",
        default=14,
        help="Days after the due date until a manager is told. A client who was "
        "reminded late gets the same time to answer.",
    )

    _x_fc_overdue_after_not_negative = models.Constraint(
        "CHECK (x_fc_overdue_after_days >= 0)",
        "The days until an overdue unit is escalated cannot be negative.",
    )
