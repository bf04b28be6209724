"""One dealer, one technician, one client whose stair lift is due, over real HTTP."""

import re
from datetime import timedelta

from lxml import html

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user

TORONTO = "America/Toronto"
TABLES = (
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND (tablename LIKE"
    # Every form is counted, also one that is refused.
    " 'fusion%' AND tablename <> 'fusion_repair_public_post' OR tablename IN ("
    "'sale_order', 'sale_order_line', 'repair_order', 'calendar_event',"
    " 'mail_mail', 'mail_message', 'mail_activity', 'res_partner',"
    " 'res_users', 'ir_attachment')) ORDER BY 1"
)
SECRETS = ("Featherstone", "17 Quiet Lane", "416-555-0142", "SERIAL-4711", "M4M 4M4")


class PublicCase(HttpCase):
    """Everything from scratch; the client has no login and no cookie at first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in ("en_CA", "fr_CA"):
            cls.env["res.lang"]._activate_lang(lang)
        cls.env["ir.module.module"]._load_module_terms(["fusion_repairs"], ["fr_CA"])
        cls._make_company()
        cls._make_unit()
        cls.technician = cls._make_technician("fc_public_tech", "Alex Turner")
        cls.contract = cls._make_contract()

    @classmethod
    def _make_company(cls):
        cls.company = cls.env.company
        cls.company.write(
            {
                "name": "Maple Mobility",
                "phone": "416-555-0100",
                "email": "service@example.com",
                "street": "789 Yonge Street",
                "city": "Toronto",
                "x_fc_arrival_window_minutes": 60,
                "x_fc_change_cutoff_hours": 24,
            }
        )
        cls.company.partner_id.tz = TORONTO

    @classmethod
    def _make_unit(cls):
        tax = cls.env["account.tax"].create(
            {"name": "HST 13%", "amount": 13.0, "type_tax_use": "sale"}
        )
        service = cls.env["product.product"].create(
            {
                "name": "Maintenance of a lift",
                "type": "service",
                "taxes_id": [Command.set(tax.ids)],
            }
        )
        cls.category = cls.env["fusion.repair.product.category"].create(
            {
                "name": "Public test lifts",
                "x_fc_maintenance_enabled": True,
                "x_fc_maintenance_interval_months": 12,
                "x_fc_maintenance_fee": 200.0,
                "x_fc_maintenance_duration": 1.0,
                "x_fc_maintenance_service_product_id": service.id,
                "checklist_item_ids": [
                    Command.create({"name": name}) for name in ("Rail", "Belt", "Ride")
                ],
            }
        )
        cls.product = cls.env["product.product"].create(
            {
                "name": "Straight Stair Lift",
                "type": "consu",
                "x_fc_repair_category_id": cls.category.id,
            }
        )
        cls.product.with_context(lang="fr_CA").name = "Monte-escalier droit"
        cls.product.with_context(lang="en_CA").name = "Straight Stair Lift"

    @classmethod
    def _make_technician(cls, login, name):
        user = new_test_user(
            cls.env,
            login,
            groups="fusion_tasks.fusion_tasks_group_technician",
            name=name,
            tz=TORONTO,
        )
        calendar = cls.env["resource.calendar"].create(
            {
                "name": "Every day 8 to 17",
                "tz": TORONTO,
                "attendance_ids": [
                    Command.create(
                        {
                            "name": f"Day {day}",
                            "dayofweek": str(day),
                            "hour_from": 8,
                            "hour_to": 17,
                        }
                    )
                    for day in range(7)
                ],
            }
        )
        user.write({"x_fc_is_technician": True, "x_fc_repair_skills": cls.category.ids})
        user.resource_ids.write({"calendar_id": calendar.id, "tz": TORONTO})
        return user

    @classmethod
    def _make_contract(cls, **vals):
        partner = cls.env["res.partner"].create(
            {
                "name": "Margaret Featherstone",
                "street": "17 Quiet Lane",
                "city": "Toronto",
                "zip": "M4M 4M4",
                "phone": "416-555-0142",
                "email": "margaret@example.com",
                "lang": "en_CA",
            }
        )
        contract = cls.env["fusion.repair.maintenance.contract"].create(
            {
                "partner_id": partner.id,
                "product_id": cls.product.id,
                "x_fc_device_serial": "SERIAL-4711",
                "next_due_date": fields.Date.today() + timedelta(days=20),
                "state": "active",
                **vals,
            }
        )
        if not contract.sudo().booking_token:
            contract._renew_token()
        return contract

    # Talking to the server -------------------------------------------------------

    def path(self, action="", contract=None):
        """Return the path of the contract's page or of one of its actions."""
        return (contract or self.contract)._get_public_url() + action

    def get(self, path=None, **options):
        """Open a page as a stranger would."""
        self.env.cr.flush()
        response = self.url_open(path or self.path(), **options)
        self.env.invalidate_all()
        return response

    def post(self, action, page=None, **data):
        """Post a form of the page, without following the answer."""
        page = page or self.get()
        if "csrf_token" not in data:
            data["csrf_token"] = self.form_token(page)
        self.env.flush_all()
        response = self.url_open(self.path(action), data=data, allow_redirects=False)
        self.env.invalidate_all()
        return response

    def form_token(self, page):
        """Return the token that ties a form to this browser."""
        return re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]

    def slots(self, page):
        """Return the values of the times offered on a page."""
        return html.fromstring(page.content).xpath("//input[@name='slot']/@value")

    def words(self, page):
        """Return what a reader sees, blanks collapsed."""
        return " ".join(html.fromstring(page.content).text_content().split())

    def snapshot(self):
        """Return every row version of the tables a booking could touch."""
        self.env.cr.flush()
        cr = self.env.cr
        cr.execute(TABLES)
        found = {}
        for (table,) in cr.fetchall():
            # pylint: disable-next=sql-injection
            cr.execute(f'SELECT count(*), max(xmin::text::bigint) FROM "{table}"')
            found[table] = cr.fetchone()
        return found

    def book(self):
        """Book the first offered time over HTTP; return the visit."""
        page = self.get()
        answer = self.post(
            "/confirm", page, slot=self.slots(page)[0], note="Ring twice"
        )
        self.assertEqual(answer.status_code, 303)
        return self.contract.current_visit_id
