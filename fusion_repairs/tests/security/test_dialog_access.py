from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.fusion_tasks.tests.dialog_access import (
    find_readable,
    find_unguarded,
    get_dialogs,
    get_forms,
    get_pointers,
    is_openable,
    make_dialog,
)

from ..common import GROUP, RepairsCase

ADDON = "fusion_repairs"
CONTRACT = "fusion.repair.maintenance.contract"
VISIT = "fusion.repair.maintenance.visit"
LINE = "fusion.repair.maintenance.checklist.line"
PART = "fusion.repair.visit.part"
REPORT = "fusion.repair.visit.report.wizard"


@tagged("post_install", "-at_install", "fusion")
class TestDialogAccess(RepairsCase):
    """A dialog shows nothing that its user may not read, whatever it is pointed at."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = (cls.technician, cls.reader, cls.dispatcher, cls.manager)
        cls.company_2 = cls.env["res.company"].create({"name": "Other Dealer"})
        company = {"company_id": cls.company_2.id}
        env = cls.env
        cls.foreign = {"res.company": cls.company_2}
        for record in (
            env["res.partner"].create({"name": "Foreign Client", **company}),
            env["product.product"].create({"name": "Foreign Lift", **company}),
            env["fusion.repair.product.category"].create(
                {"name": "Foreign Kind", **company}
            ),
        ):
            cls.foreign[record._name] = record
        cls.foreign |= cls.make_visit(cls.foreign, **company)
        certificate = env["fusion.repair.inspection.certificate"].create(
            {
                "visit_id": cls.foreign[VISIT].id,
                "contract_id": cls.foreign[CONTRACT].id,
                "partner_id": cls.foreign["res.partner"].id,
                **company,
            }
        )
        cls.foreign[certificate._name] = certificate
        cls.foreign |= cls.make_plan(cls.foreign, **company)
        cls.add_dialogs(cls.foreign)
        cls.colleagues = {
            "res.partner": cls.client,
            "product.product": cls.product,
        }
        cls.colleagues |= cls.make_visit(
            cls.colleagues, company_id=cls.company.id, technician=cls.technician_2
        )
        cls.add_dialogs(cls.colleagues)
        env.flush_all()

    @classmethod
    def make_visit(cls, records, technician=None, **vals):
        """Return by model a visit with its unit, a check and a part."""
        env = cls.env
        unit = {
            "partner_id": records["res.partner"].id,
            "product_id": records["product.product"].id,
            **vals,
        }
        contract = env[CONTRACT].create(
            {**unit, "next_due_date": fields.Date.today(), "user_id": False}
        )
        task = env["fusion.technician.task"].create(
            {
                "partner_id": unit["partner_id"],
                "technician_id": technician and technician.id,
                **vals,
            }
        )
        visit = env[VISIT].create(
            {
                **unit,
                "contract_id": contract.id,
                "visit_date": fields.Datetime.now(),
                "technician_id": technician and technician.id,
            }
        )
        check = env[LINE].create({"visit_id": visit.id, "name": "Foreign Check"})
        part = env[PART].create(
            {"visit_id": visit.id, "product_id": unit["product_id"]}
        )
        return {r._name: r for r in (contract, task, visit, check, part)}

    @classmethod
    def make_plan(cls, records, **company):
        """Return by model a service plan, and one that was sold."""
        product = cls.env["product.product"].create(
            {"name": "Foreign Plan", "type": "service", **company}
        )
        plan = cls.env["fusion.repair.service.plan"].create(
            {"name": "Foreign Plan", "product_id": product.id, **company}
        )
        sold = cls.env["fusion.repair.service.plan.subscription"].create(
            {
                "plan_id": plan.id,
                "partner_id": records["res.partner"].id,
                "address_id": records["res.partner"].id,
                "visits": 2,
                "date_start": fields.Date.today(),
                "date_end": fields.Date.today(),
                **company,
            }
        )
        return {plan._name: plan, sold._name: sold}

    @classmethod
    def add_dialogs(cls, records):
        """Add dialogs of somebody else, as far as there is what they are about."""
        for dialog in sorted(
            get_dialogs(cls.env, ADDON), key=lambda d: d._name.count(".")
        ):
            needed = {
                field.comodel_name
                for field in dialog._fields.values()
                if field.required and field.type == "many2one"
            }
            if needed <= records.keys() and dialog._name not in records:
                records[dialog._name] = make_dialog(dialog, records)

    def try_all(self, users, records):
        """Point every dialog at records; return how many pairs were tried."""
        tried = 0
        for dialog in (
            *get_dialogs(self.env, ADDON),
            *get_forms(self.env, ADDON, self.users),
        ):
            for user in users:
                if not is_openable(dialog, user):
                    continue
                for field in get_pointers(dialog):
                    record = records.get(field.comodel_name)
                    if record is None or record.with_user(user).has_access("read"):
                        continue
                    tried += 1
                    found = find_readable(dialog.with_user(user), field, record)
                    with self.subTest(field=str(field), user=user.login):
                        self.assertEqual(found, [])
        return tried

    def test_every_dialog_checks_what_it_is_pointed_at(self):
        self.assertEqual(find_unguarded(self.env, ADDON, self.users), [])

    def test_every_kind_of_record_is_tried(self):
        """Something new that a dialog can be pointed at gets its record above."""
        models = {
            field.comodel_name
            for dialog in get_dialogs(self.env, ADDON)
            for field in get_pointers(dialog)
            if any(is_openable(dialog, user) for user in self.users)
        }
        # Odoo shows every employee to every other.
        self.assertEqual(models - self.foreign.keys() - {"res.users"}, set())
        for model in models - {"res.users"}:
            record = self.foreign[model].with_user(self.manager)
            self.assertFalse(record.has_access("read"), model)

    def test_nobody_looks_into_another_company(self):
        self.assertGreater(self.try_all(self.users, self.foreign), 60)

    def test_a_technician_looks_into_no_visit_of_a_colleague(self):
        self.assertGreater(self.try_all(self.technician, self.colleagues), 6)

    def test_nobody_looks_through_the_lines_of_a_form(self):
        dialogs = {
            CONTRACT: ("visit_ids", "contract_id", CONTRACT),
            VISIT: ("checklist_line_ids", "visit_id", VISIT),
            "fusion.repair.policy.wizard": ("line_ids", "contract_id", CONTRACT),
            REPORT: ("line_ids", "checklist_line_id", LINE),
            "fusion.repair.booking.wizard": ("unit_ids", "contract_id", CONTRACT),
        }
        for model, (lines, name, pointed) in dialogs.items():
            form = self.env[model].with_user(self.dispatcher)
            fields_of_line = form[lines].fields_get()
            spec = {lines: {"fields": {key: {} for key in fields_of_line}}}
            line = {name: self.foreign[pointed].id}
            for value in ([[0, "virtual_1", line]], [line]):
                for names in ([], [lines]):
                    with self.subTest(model=model), self.assertRaises(AccessError):
                        form.onchange({lines: value}, names, spec)

    def own_report(self):
        visit = self.colleagues[VISIT].with_user(self.technician_2)
        action = visit.action_fill_in_report()
        report = self.env[REPORT].with_user(self.technician_2)
        return report.browse(action["res_id"])

    def test_a_technician_reports_the_own_visit(self):
        report = self.own_report()
        spec = {name: {} for name in report._fields}
        shown = report.web_read({**spec, "line_ids": {"fields": {"name": {}}}})[0]
        self.assertEqual(shown["product_id"], self.product.id)
        self.assertIn("Brake holds", str(shown["line_ids"]))
        values = {"findings": "Oiled."}
        report.onchange(values, ["findings"], spec)
        report.web_save(values, {"findings": {}})
        self.assertEqual(self.colleagues[VISIT].findings_text, "Oiled.")

    def test_a_report_is_closed_when_the_visit_goes_to_a_colleague(self):
        report = self.own_report()
        self.assertTrue(report.read())
        self.colleagues[VISIT].technician_id = self.technician
        self.env.flush_all()
        self.env.invalidate_all()
        for look in (
            report.read,
            report.line_ids.read,
            lambda: report.findings,
            lambda: report.line_ids[0].name,
            lambda: report.onchange({"findings": "x"}, ["findings"], {"serial": {}}),
            lambda: report.search([("serial", "!=", "x")]).read(["serial"]),
        ):
            with self.assertRaises(AccessError):
                look()

    def test_merging_contacts_needs_the_right_to_change_both(self):
        clerk = new_test_user(
            self.env, "fc_clerk", groups=f"base.group_partner_manager,{GROUP % 'user'}"
        )
        foreign = self.foreign["res.partner"]
        foreign.sudo().x_fc_opt_out_token = "x" * 43
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(clerk)
        partners = (foreign | self.client).with_user(clerk)
        with self.assertRaises(AccessError):
            wizard._update_values(partners[0], partners[1])
        self.assertEqual(foreign.sudo().x_fc_opt_out_token, "x" * 43)


@tagged("post_install", "-at_install", "fusion")
class TestLinkDialog(RepairsCase):
    """The client's link is shown once the note of it is written."""

    def test_a_form_in_memory_shows_no_link(self):
        contract = self.make_contract()
        other = self.make_contract()
        dialogs = self.env["fusion.repair.booking.link.wizard"]
        dialogs = dialogs.with_user(self.dispatcher)
        spec = {"url": {}, "contract_id": {}}
        token = contract.sudo().booking_token
        opened = dialogs.with_context(default_contract_id=contract.id)
        for shown in (
            opened.onchange({}, [], spec),
            dialogs.onchange({"contract_id": contract.id}, [], spec),
            dialogs.onchange({"contract_id": contract.id}, ["contract_id"], spec),
        ):
            self.assertNotIn(token, str(shown))
        self.assertNotIn(self.dispatcher.name, str(contract.message_ids.mapped("body")))
        noted = dialogs.create({"contract_id": other.id})
        values = {"contract_id": contract.id}
        shown = noted.onchange(values, ["contract_id"], spec)
        self.assertNotIn(token, str(shown))
        self.assertNotIn(token, str(noted.web_save(values, spec)))
        self.assertIn(other.sudo().booking_token, str(noted.read(["url"])))
        self.assertIn(self.dispatcher.name, str(other.message_ids.mapped("body")))
