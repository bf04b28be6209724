"""The demo database: our addons and our demo data, without Odoo's own demo data."""

import json
import shutil
import time

from . import instance, postgres, server
from .common import ADDONS, lock, say, step

DATABASE = "demo"
PRISTINE = "fusion_demo"
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
env.ref("fusion_repairs.ir_cron_send_maintenance_reminders").method_direct_trigger()
env["mail.mail"].process_email_queue()
env.cr.commit()
star = env.ref("fusion_repairs.demo_contract_star")
print("PREPARED " + json.dumps({
    "link": star.sudo()._get_booking_url(),
    "contract": star.name,
    "client": star.partner_id.name,
    "unit": star.product_id.name,
    "due": str(star.next_due_date),
    "reminders": env["fusion.repair.maintenance.reminder"].search_count([]),
}))
"""


def ensure_pristine(ready):
    """Keep a demo database nobody works in, to copy others from; of today's dates."""
    wanted = f"{instance.code_fingerprint()} {time.strftime('%Y-%m-%d')}"
    with lock("pristine"):
        exists = PRISTINE in postgres.databases()
        if exists and instance.stamp(PRISTINE) == wanted:
            return
        instance.replace(ready, PRISTINE)
        with step("loading the demo data (about a minute)"):
            instance.shell(ready, PRISTINE, LOAD)
        instance.set_stamp(PRISTINE, wanted)


def replace(ready, database):
    """Make a demo database anew; the mails caught for the old one go with it."""
    ensure_pristine(ready)
    instance.drop(database)
    shutil.rmtree(server.mail_folder(database), ignore_errors=True)
    instance.copy(PRISTINE, database)


def ensure(ready, fresh=False):
    """Make the demo database, or bring an older one up to the code.

    :param ready: Instance
    :param fresh: throw an existing one away first
    """
    wanted = instance.code_fingerprint()
    have, _, made = instance.stamp(DATABASE).partition(" ")
    if fresh or not have or DATABASE not in postgres.databases():
        replace(ready, DATABASE)
        made = str(time.time())
    elif have != wanted:
        with step("the code changed: upgrading the demo database"):
            instance.install(ready, DATABASE, "-u", ADDONS)
    instance.set_stamp(DATABASE, f"{wanted} {made}")
    _warn_if_old(float(made))


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
