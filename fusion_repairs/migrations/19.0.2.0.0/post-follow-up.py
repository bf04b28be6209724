"""Every active contract has somebody who follows up, also those of before."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Give contracts that nobody follows up to the people of the office.

    :param cr: the cursor
    :param version: the version that is installed, None at a first installation
    """
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
    contracts = env["fusion.repair.maintenance.contract"]
    unheeded = contracts.search(
        [("state", "in", ("active", "paused")), ("user_id", "=", False)]
    )
    unheeded._give_to_responsible()
