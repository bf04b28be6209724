from odoo import fields, models


class ResUsers(models.Model):
    """What a technician brings to every report: a signature, and a van with parts."""

    _inherit = "res.users"

    x_fc_signature = fields.Image(
        string="Signature for Reports",
        max_width=1024,
        max_height=1024,
        copy=False,
        groups=fields.NO_ACCESS,
        help="Drawn once on a visit report, and proposed on the next ones.",
    )
    x_fc_van_location_id = fields.Many2one(
        "stock.location",
        string="Van Stock",
        domain="[('usage', '=', 'internal')]",
        help="Parts used on visits are taken from here; empty: from the warehouse.",
    )
