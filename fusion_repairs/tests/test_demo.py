from itertools import pairwise

import pytz

from odoo.modules.module import Manifest
from odoo.tests import TransactionCase, tagged
from odoo.tools.convert import convert_file

ADDONS = ("fusion_tasks", "fusion_repairs")
NAMED = {
    "client": ("res.partner", "fusion_tasks"),
    "user": ("res.users", "fusion_tasks"),
    "contract": ("fusion.repair.maintenance.contract", "fusion_repairs"),
    "visit": ("fusion.repair.maintenance.visit", "fusion_repairs"),
    "task": ("fusion.technician.task", "fusion_repairs"),
    "sale": ("sale.order", "fusion_repairs"),
}


@tagged("post_install", "-at_install", "fusion")
class TestDemo(TransactionCase):
    """Demo data that fails to load is only a warning: so it is loaded and counted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mails_before = cls.env["mail.mail"].search([]).ids
        if not cls.env.ref("fusion_repairs.demo_contract_star", False):
            cls._load_demo()

    @classmethod
    def _load_demo(cls):
        for addon in ADDONS:
            for path in Manifest.for_addon(addon)["demo"]:
                convert_file(cls.env, addon, path, {}, mode="init", noupdate=True)
        cls.env.flush_all()
        cls.env.invalidate_all()

    def _named(self, prefix):
        """Return the demo records whose names start like this."""
        model, module = NAMED[prefix]
        rows = self.env["ir.model.data"].search(
            [
                ("module", "=", module),
                ("model", "=", model),
                ("name", "=like", f"demo\\_{prefix}\\_%"),
            ]
        )
        return self.env[model].browse(rows.mapped("res_id"))

    def _count_all(self):
        models = (
            "res.partner",
            "product.template",
            "sale.order",
            "repair.order",
            "fusion.technician.task",
            "fusion.repair.maintenance.contract",
            "fusion.repair.maintenance.visit",
            "fusion.repair.maintenance.reminder",
            "calendar.event",
            "resource.calendar.attendance",
            "mail.mail",
        )
        return {
            name: self.env[name].with_context(active_test=False).search_count([])
            for name in models
        }

    def test_odoobot_leaves_the_screen_to_the_demo(self):
        users = self.env["res.users"].search([("share", "=", False)])
        if "odoobot_state" in users._fields:
            self.assertEqual(set(users.mapped("odoobot_state")), {"disabled"})

    def test_company_is_fictitious_and_complete(self):
        company = self.env.ref("base.main_company")
        self.assertEqual(company.name, "Maple Mobility (Demo)")
        self.assertEqual(company.partner_id.tz, "America/Toronto")
        self.assertTrue(company.phone and company.email.endswith("example.com"))

    def test_forty_clients_with_coordinates(self):
        clients = self._named("client")
        self.assertEqual(len(clients), 40)
        self.assertTrue(
            all(c.partner_latitude and c.partner_longitude for c in clients)
        )
        self.assertTrue(
            all(not c.email or c.email.endswith("@example.com") for c in clients)
        )
        self.assertTrue(all(c.phone.startswith("416-555-01") for c in clients))

    def test_logins_work_and_have_their_roles(self):
        for login, role in (
            ("manager", "manager"),
            ("dispatcher", "dispatcher"),
            ("technician", "technician"),
        ):
            user = self.env["res.users"].search([("login", "=", login)])
            self.assertTrue(user.has_group(f"fusion_tasks.fusion_tasks_group_{role}"))
            credential = {"login": login, "password": login, "type": "password"}
            checked = user.with_user(user)._check_credentials(
                credential, {"interactive": False}
            )
            self.assertEqual(checked["uid"], user.id)

    def test_five_technicians_differ(self):
        technicians = self._named("user").filtered("x_fc_is_technician")
        self.assertEqual(len(technicians), 5)
        calendars = technicians.resource_ids.calendar_id
        self.assertEqual(len(calendars), 5)
        self.assertEqual(len(technicians.x_fc_start_address_id), 5)
        self.assertTrue(
            all(technician.x_fc_repair_skills for technician in technicians)
        )
        self.assertEqual(
            set(technicians.resource_ids.mapped("tz")), {"America/Toronto"}
        )

    def test_sixty_units_in_all_states(self):
        contracts = self._named("contract")
        self.assertEqual(len(contracts), 60)
        self.assertEqual(
            set(contracts.mapped("state")), {"draft", "active", "paused", "cancelled"}
        )
        self.assertTrue(contracts.filtered("x_fc_device_serial"))
        self.assertTrue(contracts.filtered(lambda c: not c.x_fc_device_serial))
        states = set(contracts.mapped("due_state"))
        self.assertLessEqual({"overdue", "due_soon", "booked", "later"}, states)
        self.assertGreaterEqual(len(contracts.x_fc_policy_category_id), 8)
        active = contracts.filtered(lambda c: c.state == "active")
        places = [contract.address_id.id for contract in active]
        self.assertGreater(len(places), len(set(places)), "no two units at one place")

    def test_star_can_be_booked_now(self):
        star = self.env.ref("fusion_repairs.demo_contract_star")
        days = (star.next_due_date - star._get_today()).days
        self.assertTrue(0 < days <= 30)
        self.assertEqual(star.state, "active")
        self.assertFalse(star.is_booked)
        self.assertTrue(star.partner_id.email)
        self.assertFalse(star.reminder_ids)
        self.assertGreaterEqual(len(star._get_booking_slots()), 4)

    def test_past_visits_are_answered(self):
        done = self._named("contract").visit_ids.filtered(lambda v: v.state == "done")
        self.assertGreater(len(done), 50)
        lines = done.checklist_line_ids
        self.assertTrue(lines)
        self.assertFalse(lines.filtered(lambda line: not line.result))
        self.assertTrue(done.filtered(lambda v: v.outcome == "unsafe"))

    def test_visits_are_booked(self):
        visits = self._named("visit")
        self.assertEqual(len(visits), 11)
        self.assertTrue(all(v.technician_task_id.calendar_event_id for v in visits))
        self.assertTrue(all(v.sale_order_id and v.repair_order_id for v in visits))

    def test_tasks_lie_in_working_hours_and_apart(self):
        tasks = self._named("contract").visit_ids.technician_task_id
        tasks |= self._named("task").filtered("technician_id")
        self.assertGreater(len(tasks), 120)
        for technician, planned in tasks.grouped("technician_id").items():
            planned = planned.sorted("date_start")
            spans = [
                (pytz.utc.localize(task.date_start), pytz.utc.localize(task.date_end))
                for task in planned
            ]
            work, _calendars = technician.resource_ids._get_valid_work_intervals(
                spans[0][0], spans[-1][1]
            )
            windows = list(work[technician.resource_ids.id])
            for start, end in spans:
                inside = any(w[0] <= start and end <= w[1] for w in windows)
                self.assertTrue(inside, (technician.name, start))
            for before, after in pairwise(spans):
                self.assertLessEqual(before[1], after[0], technician.name)

    def test_fresh_sales_enrolled_only_the_units(self):
        contracts = self.env["fusion.repair.maintenance.contract"].search(
            [("sale_order_id", "in", self._named("sale").ids)]
        )
        self.assertEqual(len(contracts), 6)
        self.assertFalse(
            contracts.product_id.filtered(lambda p: not p.x_fc_maintenance_enabled)
        )

    def test_prices_with_and_without_tax_are_shown(self):
        contracts = self._named("contract")
        services = {contract._get_service_product() for contract in contracts}
        self.assertEqual(len(services), 2)
        scooter = self.env.ref("fusion_repairs.demo_contract_04")
        self.assertFalse(scooter._get_service_product().taxes_id)

    def test_no_mail_waits(self):
        waiting = self.env["mail.mail"].search(
            [("id", "not in", self.mails_before), ("state", "=", "outgoing")]
        )
        self.assertFalse(waiting)

    def test_loading_twice_changes_nothing(self):
        before = self._count_all()
        self._load_demo()
        self.assertEqual(self._count_all(), before)
