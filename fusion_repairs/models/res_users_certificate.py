from odoo import fields, models


class ResUsers(models.Model):
    """What a technician is qualified for, as certificates say it."""

    _inherit = "res.users"

    x_fc_qualification = fields.Char(
        string="Qualification",
        help="Stands beside the technician's name on certificates, e.g. the number of "
        "a mechanic's licence.",
    )
