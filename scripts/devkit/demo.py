"""The demo database: our addons and our demo data, without Odoo's own demo data."""

import json
import time

from . import instance, postgres
from .common import ADDONS, say, step

DATABASE = "demo"
LOGINS = ("manager", "dispatcher", "technician")
OLD_AFTER_DAYS = 14

LOAD = """
from odoo.modules.module import Manifest
from odoo.tools.convert import convert_file
for addon in ("fusion_tasks", "fusion_repairs"):
    for path in Manifest.for_addon(addon)["demo"]:
        convert_file(env, addon, path, {}, mode="init", noupdate=True)
env.cr.commit()
"""

# The reminder job once, its mails out, and the link of the star of the demo.
PREPARE = """
import json
env.ref("fusion_repairs.ir_cron_send_reminders").method_direct_trigger()
env["mail.mail"].process_email_queue()
env.cr.commit()
star = env.ref("fusion_repairs.demo_contract_star")
print("PREPARED " + json.dumps({
    "link": star.sudo()._get_booking_url(),
    "client": star.partner_id.name,
    "unit": star.product_id.name,
    "due": str(star.next_due_date),
    "reminders": env["fusion.repair.maintenance.reminder"].search_count([]),
}))
"""


def ensure(ready, database=DATABASE, fresh=False):
    """Make the demo database, or bring an older one up to the code.

    :param ready: Instance
    :param fresh: throw an existing one away first
    """
    wanted = instance.code_fingerprint()
    exists = database in postgres.databases()
    have, _, made = instance.stamp(database).partition(" ")
    if exists and have == wanted and not fresh:
        _warn_if_old(float(made))
        return
    if exists and have and not fresh:
        with step("the code changed: upgrading the demo database"):
            instance.install(ready, database, "-u", ADDONS)
        instance.set_stamp(database, f"{wanted} {made}")
        return
    instance.drop(ready, database)
    instance.ensure_base(ready)
    with step("creating the demo database (about a minute)"):
        instance.create(ready, database)
        instance.shell(ready, database, LOAD)
    instance.set_stamp(database, f"{wanted} {time.time()}")


def _warn_if_old(made):
    days = (time.time() - made) / 86400
    if days > OLD_AFTER_DAYS:
        say(
            f"note: this demo database is {days:.0f} days old, and so are its dates. "
            "For a new one: scripts/run --fresh"
        )


def prepared(printed):
    """Return what PREPARE reported, from the output of the shell."""
    lines = [line for line in printed.splitlines() if "PREPARED " in line]
    return json.loads(lines[-1].partition("PREPARED ")[2])
