"""Technicians open their day after signing in."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Give those who are technicians already what new ones get."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    technicians = env["res.users"].search([("x_fc_is_technician", "=", True)])
    technicians._fc_land_on_my_day()
