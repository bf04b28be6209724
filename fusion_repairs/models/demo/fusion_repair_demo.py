import contextlib
import csv

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools.misc import file_open

QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "mail_auto_subscribe_no_notify": True,
    "mail_activity_quick_update": True,
    "mail_notify_force_send": False,
    "no_reset_password": True,
}
# Clients who would rather read French; and those who want no reminders by email.
FRENCH_CLIENTS = ("02", "06", "10", "13", "16", "19", "22", "26", "30", "32")
OPTED_OUT_CLIENTS = ("17", "25")
LAST_DAY_OF_EVERY_MONTH = 28


class FusionRepairDemo(models.AbstractModel):
    """Fills a database with units in every state of the cycle, relative to today.

    The tables stand in the demo folder. Everything goes through the real models, and
    what is there already (by its XML id) is left alone: loading twice is harmless.
    """

    _name = "fusion.repair.demo"
    _description = "Demo Data Loader"

    @api.model
    def _load(self):
        """Load the demo data that depends on today; called by the demo XML file."""
        company = self.env.ref("base.main_company")
        context = QUIET | {"tz": "America/Toronto", "lang": "en_US"}
        demo = self.sudo().with_company(company).with_context(**context)
        with demo._keep_mail_queue():
            demo._load_languages()
            demo._silence_odoobot()
            demo._load_consent()
            demo._load_contracts()
            demo._load_tasks()
            demo._load_bookings()
            demo._load_reports()
            demo._load_sales()
            self.env.flush_all()

    @api.model
    def _silence_odoobot(self):
        """Keep OdooBot's greeting off the demo users' screens: it covers a phone's."""
        users = self.env["res.users"].search([("share", "=", False)])
        if "odoobot_state" in users._fields:
            users.odoobot_state = "disabled"

    # Tables and names ----------------------------------------------------------

    @api.model
    def _read_table(self, name):
        """Return the rows of a table of the demo folder, as dictionaries."""
        with file_open(f"fusion_repairs/demo/{name}") as handle:
            return list(csv.DictReader(handle))

    @api.model
    def _get(self, name, module="fusion_repairs"):
        """Return the demo record of that name, or None."""
        return self.env.ref(f"{module}.demo_{name}", raise_if_not_found=False)

    @api.model
    def _remember(self, name, record):
        """Give a record its name among the demo data."""
        xml_id = f"fusion_repairs.demo_{name}"
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": xml_id, "record": record, "noupdate": True}]
        )

    @api.model
    def _get_client(self, number):
        return self._get(f"client_{number}", "fusion_tasks")

    @api.model
    def _get_product(self, name):
        return self._get(f"product_{name}").product_variant_id

    @api.model
    def _get_user(self, name):
        return self._get(f"user_{name}", "fusion_tasks")

    @api.model
    def _get_units(self):
        """Yield (row, contract) of the table of units."""
        for row in self._read_table("units.csv"):
            yield row, self._get(f"contract_{row['unit']}")

    @api.model
    def _today(self):
        return fields.Date.context_today(self)

    @contextlib.contextmanager
    def _keep_mail_queue(self):
        """Leave no mail behind: demo bookings must not write to anybody.

        The ledger says that they did, as it would in a shop that is at work.
        """
        Mail = self.env["mail.mail"]
        last = Mail.search([], order="id desc", limit=1).id or 0
        yield
        messages = self.env["fusion.repair.visit.message"]
        messages.search([("state", "=", "queued")])._record_delivery()
        Mail.search([("id", ">", last), ("state", "=", "outgoing")]).unlink()

    # Clients and products ------------------------------------------------------

    @api.model
    def _load_languages(self):
        installed = dict(self.env["res.lang"].get_installed())
        if "en_CA" in installed:
            people = self.env["res.partner"].search([("name", "like", "(Demo")])
            people.lang = "en_CA"
        if "fr_CA" in installed:
            for number in FRENCH_CLIENTS:
                self._get_client(number).lang = "fr_CA"
            for row in self._read_table("product_names_fr.csv"):
                product = self._get(f"product_{row['product']}")
                product.update_field_translations("name", {"fr_CA": row["name"]})

    @api.model
    def _load_consent(self):
        for number in OPTED_OUT_CLIENTS:
            self._get_client(number)._fc_opt_out(self.env._("demo data"))

    # Contracts -----------------------------------------------------------------

    @api.model
    def _load_contracts(self):
        """Enrol the units, and let them live until today."""
        rows = [
            row
            for row in self._read_table("units.csv")
            if not self._get(f"contract_{row['unit']}")
        ]
        windows = self._get_past_windows() if rows else {}
        for row in rows:
            vals = self._prepare_contract_vals(row)
            contract = self.env["fusion.repair.maintenance.contract"].create(vals)
            self._remember(f"contract_{row['unit']}", contract)
            self._load_past_visits(row, contract, windows)
            self._load_sent_reminders(row, contract)
            contract.state = row["state"]

    def _prepare_contract_vals(self, row):
        product = self._get_product(row["product"])
        policy = product.product_tmpl_id._get_maintenance_policy(self.env.company)
        months = int(row["interval"] or policy.interval_months)
        due = self._today() + relativedelta(days=int(row["due"]))
        # No month-end dates: counting back and forth from those is not symmetric.
        due = due.replace(day=min(due.day, LAST_DAY_OF_EVERY_MONTH))
        first_due = due - relativedelta(months=months * int(row["visits"]))
        vals = {
            "partner_id": self._get_client(row["client"]).id,
            "product_id": product.id,
            "company_id": self.env.company.id,
            "interval_months": months,
            "start_date": first_due - relativedelta(months=months),
            "first_due_date": first_due,
            "next_due_date": due,
            "x_fc_source": row["source"],
            "state": "active",
        }
        if row["serial"] and product.tracking == "serial":
            vals["lot_id"] = self._make_lot(product, row["serial"]).id
        vals["x_fc_device_serial"] = row["serial"]
        return vals

    def _make_lot(self, product, serial):
        domain = [("name", "=", serial), ("product_id", "=", product.id)]
        vals = {"name": serial, "product_id": product.id}
        return self.env["stock.lot"].search(domain, limit=1) or self.env[
            "stock.lot"
        ].create(vals)

    @api.model
    def _load_sent_reminders(self, row, contract):
        """Write the ledger rows of the mails that went out before today."""
        bands = [int(band) for band in row["bands"].split()]
        Reminder = self.env["fusion.repair.maintenance.reminder"]
        Reminder.create([self._prepare_reminder_vals(contract, band) for band in bands])
        if bands:
            contract.last_reminder_band = min(bands)

    def _prepare_reminder_vals(self, contract, band):
        sent = contract.next_due_date - relativedelta(days=band)
        return {
            "contract_id": contract.id,
            "cycle_due_date": contract.next_due_date,
            "band": band,
            "sent_at": f"{sent} 13:00:00",
            "email": contract.partner_id.email,
            "outcome": "sent" if contract.partner_id.email else "call",
        }

    # Sales ---------------------------------------------------------------------

    @api.model
    def _load_sales(self):
        """Confirm a few fresh orders: their units enrol themselves."""
        rows = self._read_table("sales.csv")
        for number in sorted({row["order"] for row in rows}):
            if self._get(f"sale_{number}"):
                continue
            lines = [row for row in rows if row["order"] == number]
            order = self.env["sale.order"].create(self._prepare_sale_vals(lines))
            self._remember(f"sale_{number}", order)
            order.action_confirm()

    def _prepare_sale_vals(self, rows):
        delivery = self._today() + relativedelta(days=int(rows[0]["days"]))
        return {
            "partner_id": self._get_client(rows[0]["client"]).id,
            "company_id": self.env.company.id,
            "user_id": self._get_user("dispatcher").id,
            "commitment_date": f"{delivery} 15:00:00",
            "order_line": [
                fields.Command.create(
                    {
                        "product_id": self._get_product(row["product"]).id,
                        "product_uom_qty": float(row["quantity"]),
                        "x_fc_serial_number": "\n".join(row["serials"].split()),
                    }
                )
                for row in rows
            ],
        }
