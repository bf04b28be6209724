from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import SIGNATURE, RepairsCase

OWN = (
    "fusion.repair.maintenance.contract",
    "fusion.repair.maintenance.visit",
    "fusion.repair.maintenance.checklist.line",
    "fusion.repair.maintenance.reminder",
    "fusion.repair.product.category",
    "fusion.repair.checklist.item",
)


@tagged("post_install", "-at_install", "fusion")
class TestAccess(RepairsCase):
    """Who sees and changes what, from the weakest user up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract()
        offer = cls.contract._get_booking_slots()[0]
        cls.visit = cls.contract._book_slot(offer.value)
        cls.line = cls.visit.checklist_line_ids[0]
        cls.reminder = cls.env["fusion.repair.maintenance.reminder"].create(
            {
                "contract_id": cls.contract.id,
                "cycle_due_date": cls.contract.next_due_date,
                "band": 30,
            }
        )
        cls.records = (
            cls.contract,
            cls.visit,
            cls.line,
            cls.reminder,
            cls.category,
            cls.category.checklist_item_ids[0],
        )

    def allowed(self, user):
        """Return for each model the operations that a user may do on its record."""
        self.env.flush_all()
        self.env.invalidate_all()
        return {
            record._name: "".join(
                operation[0]
                for operation in ("read", "write", "create", "unlink")
                if self.env[record._name]
                .with_user(user)
                .browse(record.id)
                .has_access(operation)
            )
            for record in self.records
        }

    def test_role_matrix(self):
        outsiders = {
            "base.group_public": ("", "", "", "", "", ""),
            "base.group_portal": ("", "", "", "", "", ""),
            "base.group_user": ("", "", "", "", "r", "r"),
        }
        expected = {
            self.visit.technician_id: ("r", "r", "r", "", "r", "r"),
            self.reader: ("r", "r", "r", "r", "r", "r"),
            self.dispatcher: ("rwc", "rwc", "r", "r", "r", "r"),
            self.manager: ("rwcu", "rwcu", "r", "r", "rwcu", "rwcu"),
        }
        for group, operations in outsiders.items():
            user = new_test_user(self.env, f"fr_{group}", groups=group)
            expected[user] = operations
        for user, operations in expected.items():
            with self.subTest(user=user.login):
                matrix = dict(zip(OWN, operations, strict=True))
                self.assertEqual(self.allowed(user), matrix)

    def test_technician_sees_own_visits_only(self):
        other = (self.technician | self.technician_2) - self.visit.technician_id
        self.assertEqual(self.allowed(other)["fusion.repair.maintenance.visit"], "")
        self.assertEqual(self.allowed(other)["fusion.repair.maintenance.contract"], "")
        visits = self.env["fusion.repair.maintenance.visit"].with_user(other)
        self.assertFalse(visits.search([]))

    def test_a_technician_of_the_office_reports_own_visits_only(self):
        """Who reads all visits may not report them all."""
        both = (self.technician | self.technician_2) - self.visit.technician_id
        both.group_ids += self.env.ref("fusion_tasks.fusion_tasks_group_user")
        visit = self.visit.with_user(both)
        self.assertTrue(visit.has_access("read"))
        report = self.env["fusion.repair.visit.report.wizard"].with_user(both)
        for attempt in (
            visit.action_fill_in_report,
            lambda: visit._save_draft({"findings_text": "x"}),
            visit._submit_report,
            lambda: visit._add_photo(visit.checklist_line_ids[0], SIGNATURE),
            lambda: report.create({"visit_id": visit.id}),
        ):
            with self.assertRaisesRegex(AccessError, "of another technician"):
                attempt()
        self.assertFalse(self.visit.findings_text or self.visit.photo_ids)
        self.visit.with_user(self.visit.technician_id)._save_draft({"signed_by": "M"})
        self.visit.with_user(self.dispatcher)._save_draft({"signed_by": "M"})

    def test_a_technician_sees_photos_of_own_visits_only(self):
        own = self.visit.technician_id
        other = (self.technician | self.technician_2) - own
        photo = self.visit.with_user(own)._add_photo(self.line, SIGNATURE)
        self.env.flush_all()
        for user, seen in (
            (own, True),
            (other, False),
            (self.reader, True),
            (self.dispatcher, True),
        ):
            self.env.invalidate_all()
            found = photo.with_user(user)
            with self.subTest(user=user.login):
                self.assertEqual(found.has_access("read"), seen)
                self.assertEqual(bool(found.search([])), seen)
                self.assertFalse(found.has_access("write"))
        with self.assertRaises(AccessError):
            photo.with_user(other).read(["image"])

    def test_other_company_sees_nothing(self):
        company = self.env["res.company"].create({"name": "Other Dealer"})
        stranger = new_test_user(
            self.env,
            "fr_stranger",
            groups="fusion_tasks.fusion_tasks_group_manager",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        matrix = self.allowed(stranger)
        for model in OWN[:4]:
            with self.subTest(model=model):
                records = self.env[model].with_user(stranger)
                self.assertFalse(records.search([]))
                self.assertFalse(set(matrix[model]) & set("rwu"))
        self.category.company_id = self.company
        categories = self.env["fusion.repair.product.category"].with_user(stranger)
        self.assertNotIn(self.category, categories.search([]))

    def test_every_own_model_has_a_company_rule(self):
        for model in OWN:
            rules = self.env["ir.rule"].search([("model_id.model", "=", model)])
            domains = rules.filtered(lambda r: not r.groups).mapped("domain_force")
            self.assertTrue(any("company_ids" in text for text in domains), model)

    def test_buttons_of_the_office_refuse_others(self):
        buttons = (
            "action_book_maintenance",
            "action_activate",
            "action_pause",
            "action_resume",
            "action_cancel",
            "action_copy_booking_link",
            "action_same_unit",
            "action_different_unit",
        )
        for user in (self.visit.technician_id, self.reader):
            for name in buttons:
                with self.subTest(user=user.login, button=name):
                    with self.assertRaises(AccessError):
                        getattr(self.contract.with_user(user), name)()

    def test_books_in_the_company_of_the_contract(self):
        company = self.env["res.company"].create({"name": "Second Dealer"})
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )
        if not warehouse:
            self.env["stock.warehouse"].create(
                {"name": "Second", "code": "SEC", "company_id": company.id}
            )
        technician = self.make_technician("technician", "fr_second")
        technician.write({"company_ids": [(4, company.id)], "company_id": company.id})
        technician.invalidate_recordset()
        self.service.taxes_id = False
        contract = self.make_contract(company_id=company.id, user_id=False)
        self.assertEqual(contract._get_bookable_technicians(), technician)
        offers = contract._get_booking_slots()
        self.assertTrue(offers)
        visit = contract._book_slot(offers[0].value, source="client_portal")
        for record in (
            visit,
            visit.technician_task_id,
            visit.repair_order_id,
            visit.sale_order_id,
            visit.repair_order_id.picking_type_id,
        ):
            self.assertEqual(record.company_id, company, record)
