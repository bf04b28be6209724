"""What was stopped before holds for the email address now, as the law has it."""

from odoo import SUPERUSER_ID, api

FIELDS = ("x_fc_maintenance_opt_out", "x_fc_appointment_opt_out")


def migrate(cr, version):
    """Stop for whoever shares an address what somebody stopped there.

    :param cr: the cursor
    :param version: the version that is installed, None at a first installation
    """
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    for name in FIELDS:
        for partner in env["res.partner"].search([(name, "=", True)]):
            others = partner._fc_find_sharing_mailbox()
            others._fc_apply_stops({name: True}, partner)
