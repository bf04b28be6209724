"""The signatures that technicians reuse stand in a column of their own."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Take the signatures out of the files, where a search could ask for them.

    :param cr: the cursor
    :param version: the version that is installed, None at a first installation
    """
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    files = env["ir.attachment"].search(
        [("res_model", "=", "res.users"), ("res_field", "=", "x_fc_signature")]
    )
    for file in files:
        env["res.users"].browse(file.res_id).x_fc_signature = file.datas
    files.unlink()
