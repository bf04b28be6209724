from odoo import fields, models


class ResCompany(models.Model):
    """Settings of the client's page, one set per company."""

    _inherit = "res.company"

    x_fc_bundle_days = fields.Integer(
        string="Offer Units Together (Days)",
        default=45,
        help="Units of one client at one place that are due within so many days of "
        "each other are offered on one visit. Zero: never.",
    )
    x_fc_done_page_days = fields.Integer(
        string="Keep the Page of a Visit (Days)",
        default=90,
        help="How long after a visit its link still shows how it went, with the "
        "documents. Zero: only on the same day.",
    )

    _x_fc_bundle_days_not_negative = models.Constraint(
        "CHECK (x_fc_bundle_days >= 0)",
        "The days within which units are offered together cannot be negative.",
    )
    _x_fc_done_page_days_not_negative = models.Constraint(
        "CHECK (x_fc_done_page_days >= 0)",
        "The days for which the page of a visit is kept cannot be negative.",
    )
