from datetime import datetime

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .certificate_case import CertificateCase

SAID = "It is fine"
MODELS = (
    "fusion.repair.maintenance.visit",
    "fusion.repair.maintenance.checklist.line",
    "fusion.repair.inspection.certificate",
    "fusion.repair.defect",
)


@tagged("post_install", "-at_install", "fusion")
class TestRolesCertificate(CertificateCase, HttpCase):
    """Each role with the records, files and pages of a reported visit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal_user = cls.make_portal("fr_portal", "Margaret Login")
        cls.client = cls.portal_user.partner_id
        cls.client.write({"partner_latitude": 43.67, "partner_longitude": -79.39})
        cls.stranger = cls.make_portal("fr_stranger", "Somebody Else")

    @classmethod
    def make_portal(cls, login, name):
        """Return a client with a login."""
        return new_test_user(
            cls.env, login, groups="base.group_portal", name=name, password=login
        )

    def setUp(self):
        super().setUp()
        contract = self.make_contract(x_fc_device_serial="SN-9")
        self.visit = self.report(self.book(contract), failed=["Rail clean"])
        self.certificate = self.visit.inspection_certificate_id
        self.records = {
            MODELS[0]: self.visit,
            MODELS[1]: self.visit.checklist_line_ids[0],
            MODELS[2]: self.certificate,
            MODELS[3]: self.visit.defect_ids,
        }
        self.env.flush_all()

    def may_read(self, user, record):
        """Tell whether a user reads a record and finds it."""
        record = record.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        )
        return record.has_access("read") and record in record.search([])

    def test_who_reads_what(self):
        own = self.visit.technician_id
        other = self.technician_2 if own == self.technician else self.technician
        company = self.env["res.company"].create({"name": "Second Dealer"})
        elsewhere = self.make_user("manager", "fr_elsewhere")
        elsewhere.write(
            {"company_ids": [(6, 0, company.ids)], "company_id": company.id}
        )
        readers = {own, self.reader, self.dispatcher, self.manager}
        for user in (*readers, other, elsewhere, self.portal_user, self.stranger):
            for name, record in self.records.items():
                with self.subTest(user=user.login, model=name):
                    expected = user in readers or (
                        user == self.portal_user and record == self.certificate
                    )
                    self.assertEqual(self.may_read(user, record), expected)

    def test_a_client_with_a_login_writes_nothing_under_a_certificate(self):
        before = self.certificate.message_ids
        self.certificate.with_user(self.reader).message_post(body=SAID)
        noted = self.certificate.message_ids - before
        self.assertTrue(noted)
        mine = self.certificate.with_user(self.portal_user)
        for values in (
            {},
            {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"},
        ):
            with self.assertRaises(AccessError):
                mine.message_post(body=SAID, **values)
        self.authenticate("fr_portal", "fr_portal")
        thread = {
            "thread_model": self.certificate._name,
            "thread_id": self.certificate.id,
        }
        with mute_logger("odoo.http"):
            self.url_open(
                "/mail/message/post",
                json={"params": {"post_data": {"body": SAID}, **thread}},
            )
        self.env.invalidate_all()
        self.assertEqual(self.certificate.message_ids, before | noted)

    def test_nobody_changes_a_certificate(self):
        for user in (self.visit.technician_id, self.dispatcher, self.manager):
            certificate = self.certificate.with_user(user)
            for operation in ("write", "create", "unlink"):
                with self.subTest(user=user.login, operation=operation):
                    self.assertFalse(certificate.has_access(operation))
            with self.assertRaises(AccessError):
                certificate.attachment_id.with_user(user).write({"raw": b"x"})

    def test_the_secret_of_the_page_is_unreadable(self):
        for user in (self.manager, self.portal_user, self.env.ref("base.user_admin")):
            certificate = self.certificate.with_user(user)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                certificate.read(["access_key"])
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                certificate.search([("access_key", "!=", False)])

    def test_files_over_http(self):
        url = f"/web/content/{self.certificate.attachment_id.id}"
        readers = {"fr_manager", "fr_user"}  # clients have their own page for it
        for login in ("fr_portal", "fr_stranger", "fr_manager", "fr_user", None):
            with self.subTest(login=login):
                self.authenticate(login, login)
                answer = self.url_open(url)
                self.assertEqual(answer.content.startswith(b"%PDF"), login in readers)
                if login not in readers:
                    self.assertIn(answer.status_code, (403, 404))

    def test_a_client_sees_own_units_visits_and_certificates(self):
        self.authenticate("fr_portal", "fr_portal")
        page = self.url_open("/my/repairs/equipment")
        self.assertIn("SN-9", page.text)
        page = self.url_open(f"/my/repairs/equipment/{self.visit.contract_id.id}")
        self.assertIn(self.certificate.name, page.text)
        self.assertIn("Good, With Findings", page.text)
        answer = self.url_open(f"/my/repairs/certificates/{self.certificate.id}/pdf")
        self.assertEqual(answer.content, self.certificate.attachment_id.raw)
        self.assertIn("/my/repairs/equipment", self.url_open("/my").text)

    def test_the_next_visit_is_on_the_day_of_the_place(self):
        """A client who travels in another zone is visited at home."""
        self.portal_user.tz = "Pacific/Kiritimati"
        visit = self.book(self.visit.contract_id)
        visit.technician_task_id.date_start = datetime(2027, 3, 2, 15, 0)
        self.authenticate("fr_portal", "fr_portal")
        page = self.url_open("/my/repairs/equipment").text
        self.assertIn("Tuesday, March 2", page)
        self.assertNotIn("March 3", page)

    def test_walking_ids_leads_home(self):
        ids = {self.certificate.id, self.visit.contract_id.id, 1, 2, 999999}
        for login in ("fr_stranger", None):
            self.authenticate(login, login)
            for path in ("/my/repairs/equipment/%s", "/my/repairs/certificates/%s/pdf"):
                for number in ids:
                    with self.subTest(login=login, path=path % number):
                        answer = self.url_open(path % number, allow_redirects=False)
                        self.assertEqual(answer.status_code, 303)
                        self.assertNotIn(b"%PDF", answer.content)
            self.assertNotIn("SN-9", self.url_open("/my/repairs/equipment").text)

    def test_the_new_owner_of_a_unit_sees_no_papers_of_the_former(self):
        contract = self.visit.contract_id
        contract.partner_id = self.stranger.partner_id
        self.env.flush_all()
        self.authenticate("fr_stranger", "fr_stranger")
        page = self.url_open(f"/my/repairs/equipment/{contract.id}")
        self.assertEqual(page.status_code, 200)
        self.assertNotIn(self.certificate.name, page.text)
        answer = self.url_open(
            f"/my/repairs/certificates/{self.certificate.id}/pdf", allow_redirects=False
        )
        self.assertEqual(answer.status_code, 303)

    def test_history_from_everywhere(self):
        lot = self.env["stock.lot"].create(
            {"name": "SN-10", "product_id": self.product.id}
        )
        self.product.tracking = "serial"
        contract = self.make_contract(lot_id=lot.id)
        visit = self.report(self.book(contract), failed=["Rail clean"])
        for record in (
            self.client,
            lot,
            self.product.product_tmpl_id,
            visit.technician_id,
        ):
            record = record.with_user(self.reader)
            with self.subTest(model=record._name):
                self.assertGreaterEqual(record.x_fc_visit_count, 1)
                self.assertGreaterEqual(record.x_fc_certificate_count, 1)
                self.assertGreaterEqual(record.x_fc_open_defect_count, 1)
                for action, own in (
                    (record.action_view_x_fc_visits(), visit),
                    (
                        record.action_view_x_fc_certificates(),
                        visit.inspection_certificate_id,
                    ),
                    (record.action_view_x_fc_defects(), visit.defect_ids),
                ):
                    model = self.env[action["res_model"]]
                    self.assertLessEqual(own, model.search(action["domain"]))
        self.assertEqual(lot.with_user(self.reader).x_fc_visit_count, 1)

    def test_readings_are_averaged_by_month(self):
        action = self.visit.contract_id.action_view_readings()
        lines = self.env[action["res_model"]].with_user(self.reader)
        groups = lines._read_group(
            action["domain"], ["service_date:month", "name"], ["reading:avg"]
        )
        self.assertEqual(
            [(row[1], round(row[2], 1)) for row in groups], [("Battery voltage", 25.1)]
        )
        self.assertEqual(lines._fields["reading"].aggregator, "avg")
