from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from ..certificates.certificate_case import CertificateCase

MIXIN = "fusion.repair.document.mixin"
VISIT = "fusion.repair.maintenance.visit"
CERTIFICATE = "fusion.repair.inspection.certificate"
FORGED = {
    "char": "0" * 64,
    "boolean": True,
    "integer": 0,
    "datetime": "2026-01-01 00:00:00",
}


@tagged("post_install", "-at_install", "fusion")
class TestDocumentFields(CertificateCase, HttpCase):
    """No role puts a file of the database before the public; none is deleted."""

    def setUp(self):
        super().setUp()
        self.visit = self.report()
        self.certificate = self.visit.inspection_certificate_id
        other = self.report(self.book(self.make_contract(x_fc_device_serial="SN-2")))
        self.payslip = self.env["ir.attachment"].create(
            {
                "name": "payslip.pdf",
                "raw": b"%PDF salary of somebody",
                "res_model": "res.partner",
                "res_id": self.company.partner_id.id,
            }
        )
        self.targets = {
            "ir.attachment": self.payslip,
            CERTIFICATE: other.inspection_certificate_id,
        }
        self.env.flush_all()

    def forge(self, record):
        """Return for each field of a record's documents a value that it has not."""
        for name in sorted(record._document_fields):
            field = record._fields[name]
            if field.type == "many2one":
                yield name, self.targets[field.comodel_name].id
            elif field.type == "selection":
                values = field.get_values(self.env)
                yield name, next(v for v in values if v != record[name])
            else:
                yield name, FORGED[field.type]

    def test_every_field_of_a_file_is_written_by_our_code_alone(self):
        for model_name, model in self.env.registry.items():
            for field in model._fields.values():
                if (
                    model_name.startswith("fusion.")
                    and field.type in ("many2one", "many2many")
                    and field.comodel_name == "ir.attachment"
                    and field.store
                    and field._module in ("fusion_tasks", "fusion_repairs")
                ):
                    with self.subTest(field=str(field)):
                        self.assertTrue(issubclass(model, self.env.registry[MIXIN]))
                        self.assertIn(field.name, model._document_fields)

    def test_nobody_writes_them(self):
        system = self.env.ref("base.user_admin")
        for record in (self.visit, self.certificate):
            self.assertTrue(record._document_fields)
            for user in (self.technician, self.dispatcher, self.manager, system):
                for name, value in self.forge(record):
                    before = record[name]
                    for way in (
                        lambda r, vals: r.write(vals),
                        lambda r, vals: r.web_save(vals, {}),
                        lambda r, vals: r.with_context(
                            certificate_transition=True, su=True
                        ).write(vals),
                        lambda r, vals: r.copy(vals),
                        lambda r, vals: r.sudo().write(vals),
                    ):
                        with (
                            self.subTest(field=name, user=user.login),
                            self.assertRaises(UserError),
                        ):
                            way(record.with_user(user), {name: value})
                    self.assertEqual(record[name], before)

    def test_nobody_writes_them_by_way_of_the_unit(self):
        contract = self.visit.contract_id.with_user(self.manager)
        for records, record in (
            ("visit_ids", self.visit),
            ("certificate_ids", self.certificate),
        ):
            for name, value in self.forge(record):
                command = Command.update(record.id, {name: value})
                with self.subTest(field=name), self.assertRaises(UserError):
                    contract.write({records: [command]})

    def prepare_visit(self):
        return {
            "contract_id": self.make_contract().id,
            "partner_id": self.client.id,
            "product_id": self.product.id,
            "visit_date": "2026-01-05 15:00:00",
            "state": "done",
        }

    def test_nobody_creates_a_visit_with_a_file(self):
        visits = self.env[VISIT].with_user(self.dispatcher)
        for name, value in self.forge(self.visit):
            with self.subTest(field=name), self.assertRaises(AccessError):
                visits.create({**self.prepare_visit(), name: value})
            opened = visits.with_context(**{f"default_{name}": value})
            made = opened.create(self.prepare_visit())
            self.assertFalse(made[name], "by the context of a link")
            self.env["ir.default"].with_user(self.dispatcher).set(
                VISIT, name, value, user_id=True
            )
            self.assertFalse(visits.create(self.prepare_visit())[name], "by a default")

    # A file that stands there all the same, from before it was refused ---------------

    def put_payslip(self):
        """Point visit and certificate at the file of somebody else."""
        self.visit._write_document({"report_attachment_id": self.payslip.id})
        self.certificate._write_document({"attachment_id": self.payslip.id})
        self.env.flush_all()

    def test_no_page_gives_a_file_of_somebody_else(self):
        portal = new_test_user(
            self.env, "fr_payslip", groups="base.group_portal", password="fr_payslip"
        )
        self.certificate.sudo()._transition({"partner_id": portal.partner_id.id})
        url = self.visit._get_done_url()
        for key in ("report", "certificate"):
            answer = self.url_open(f"{url}/document/{key}")
            self.assertTrue(answer.content.startswith(b"%PDF"), key)
        self.put_payslip()
        self.assertEqual(self.visit._get_done_documents(), [])
        page = self.url_open(url)
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("/document/", page.text)
        for key in ("report", "certificate"):
            answer = self.url_open(f"{url}/document/{key}")
            self.assertEqual(answer.status_code, 404)
            self.assertNotIn(b"salary", answer.content)
        self.authenticate("fr_payslip", "fr_payslip")
        answer = self.url_open(f"/my/certificates/{self.certificate.id}/pdf")
        self.assertNotIn(b"salary", answer.content)
        with self.assertRaises(UserError):
            self.certificate.action_download()
        self.assertFalse(self.certificate._is_unaltered())

    def test_a_certificate_of_another_visit_is_not_given(self):
        other = self.targets[CERTIFICATE]
        self.visit._write_document({"inspection_certificate_id": other.id})
        self.assertFalse(self.is_offered(self.visit))

    def test_no_mail_takes_a_file_of_somebody_else_along(self):
        self.put_payslip()
        self.visit._write_document({"report_mailed_at": False})
        last = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertTrue(self.visit._try_report_document())
        mail = self.env["mail.mail"].search([("id", ">", last.id)])
        self.assertEqual(len(mail.attachment_ids), 1)
        self.assertNotIn(b"salary", mail.attachment_ids.raw)

    def test_the_job_deletes_no_file_of_somebody_else(self):
        own = self.visit.report_attachment_id
        self.put_payslip()
        self.visit._write_document({"report_pdf_state": "pending"})
        with self.enter_registry_test_mode():
            self.env.ref(
                "fusion_repairs.ir_cron_make_visit_reports"
            ).method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.payslip.exists().raw, b"%PDF salary of somebody")
        made = self.visit.report_attachment_id
        self.assertNotIn(made, self.payslip | own)
        self.assertEqual(self.visit._get_done_document("report"), made)
