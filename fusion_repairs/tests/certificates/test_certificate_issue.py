import hashlib
from datetime import date, timedelta
from unittest.mock import patch

from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .certificate_case import CertificateCase, read_pdf

MODEL = "fusion.repair.inspection.certificate"
ISSUE = (
    "odoo.addons.fusion_repairs.models.certificates"
    ".fusion_repair_inspection_certificate_pdf"
)


@tagged("post_install", "-at_install", "fusion")
class TestCertificateIssue(CertificateCase):
    def test_a_good_report_of_a_lift_earns_a_certificate(self):
        visit = self.report()
        certificate = visit.inspection_certificate_id
        self.assertEqual((certificate.state, certificate.status), ("issued", "valid"))
        self.assertEqual(certificate.safe_to_operate, "yes")
        self.assertEqual(certificate.examined_on, visit.service_date)
        self.assertEqual(
            certificate.expires_on, visit.service_date + relativedelta(months=12)
        )
        self.assertEqual(certificate.next_due_on, visit.contract_id.next_due_date)
        self.assertEqual(len(certificate.lines), 3)
        self.assertFalse(visit.certificate_refusal)
        content = certificate.attachment_id.raw
        self.assertEqual(certificate.file_hash, hashlib.sha256(content).hexdigest())
        self.assertFalse(certificate.attachment_id.public)
        self.assertEqual(certificate.digest, certificate._compute_digest())
        self.assertTrue(certificate._is_unaltered())

    def test_findings_that_are_not_critical_are_listed(self):
        visit = self.report(failed=["Rail clean"])
        certificate = visit.inspection_certificate_id
        self.assertEqual(certificate.safe_to_operate, "conditions")
        self.assertEqual(certificate.defects[0]["name"], "Rail clean")
        self.assertIn("Rail clean", read_pdf(certificate.attachment_id))

    def test_no_certificate_and_why(self):
        cases = (
            ({"failed": ["Brake holds"]}, {}, "critical check failed"),
            (
                {"na": ["Rail clean", "Brake holds", "Battery voltage"]},
                {},
                "could be tested",
            ),
            ({}, {"certificate_validity_months": 0}, "this kind"),
            ({}, {"equipment_class": "standard"}, "this kind"),
        )
        for number, (answers, policy, refusal) in enumerate(cases):
            with self.subTest(refusal=refusal, policy=policy):
                self.category.write(policy)
                contract = self.make_contract(x_fc_device_serial=f"NO-{number}")
                visit = self.report(self.book(contract), **answers)
                self.assertEqual(visit.state, "done")
                self.assertFalse(visit.inspection_certificate_id)
                self.assertIn(refusal, visit.certificate_refusal)

    def test_none_is_issued_while_the_unit_is_marked_unsafe(self):
        visit = self.report()
        certificate = visit.inspection_certificate_id
        visit.contract_id.unsafe = True
        with self.assertRaisesRegex(UserError, "marked unsafe"):
            certificate.with_user(self.manager)._supersede("Serial misread")
        self.assertEqual(visit.certificate_ids, certificate)
        certificate._end("revoked", "Test")
        self.assertIn("marked unsafe", visit.certificate_refusal)
        visit._settle_certificate()
        self.assertEqual(visit.certificate_ids, certificate)

    def test_a_visit_without_report_has_none_until_it_is_reported(self):
        visit = self.book(self.make_contract())
        visit._complete()
        self.assertEqual(visit.state, "done")
        self.assertFalse(visit.inspection_certificate_id)
        self.assertIn("no report", visit.certificate_refusal)

    def test_numbers_are_without_gap_per_company(self):
        numbers = []
        for serial in ("A", "B", "C"):
            contract = self.make_contract(x_fc_device_serial=serial)
            certificate = self.report(self.book(contract)).inspection_certificate_id
            numbers.append(int(certificate.name.rpartition("/")[2]))
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 3)))
        other = self.env["res.company"].create({"name": "Second Dealer"})
        self.assertEqual(self.env[MODEL]._next_number(other), "CI/00001")
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.env[MODEL]._next_number(other)
            _ = 1 / 0
        self.env.invalidate_all()
        self.assertEqual(self.env[MODEL]._next_number(other), "CI/00002")

    def test_the_unit_found_unsafe_ends_its_certificates(self):
        contract = self.make_contract()
        good = self.report(self.book(contract)).inspection_certificate_id
        visit = self.report(self.book(contract), failed=["Brake holds"])
        self.assertEqual(good.state, "revoked")
        self.assertIn(visit.name, good.end_reason)

    def test_the_next_certificate_replaces_the_last(self):
        contract = self.make_contract()
        first = self.report(self.book(contract)).inspection_certificate_id
        second = self.report(self.book(contract)).inspection_certificate_id
        self.assertEqual(first.state, "superseded")
        self.assertEqual(first.superseded_by_id, second)
        self.assertNotEqual(first.name, second.name)

    def test_a_late_report_of_an_older_visit_leaves_the_newer_valid(self):
        contract = self.make_contract()
        older = self.book(contract)
        older.technician_task_id.action_start()
        older.technician_task_id.action_complete()
        older.service_date = date.today() - timedelta(days=40)
        newer = self.report(self.book(contract)).inspection_certificate_id
        late = self.report(older).inspection_certificate_id
        self.assertEqual((late.state, newer.state), ("superseded", "issued"))
        self.assertEqual(late.superseded_by_id, newer)
        self.assertFalse(self.is_offered(older))

    def test_reopening_revokes_and_the_next_report_is_a_revision(self):
        contract = self.make_contract()
        visit = self.report(self.book(contract))
        first = visit.inspection_certificate_id
        visit.technician_task_id.with_user(self.dispatcher).action_reopen()
        self.assertEqual(visit.state, "scheduled")
        self.assertEqual(first.state, "revoked")
        self.assertIn("reopened", first.end_reason)
        self.assertFalse(self.is_offered(visit))
        visit.technician_task_id.action_schedule()
        self.report(visit)
        second = visit.inspection_certificate_id
        self.assertEqual((second.name, second.revision), (first.name, 2))
        self.assertEqual(second.previous_id, first)
        self.assertIn(first.name + "-R2", read_pdf(second.attachment_id))

    def test_it_keeps_what_it_said(self):
        visit = self.report()
        certificate = visit.inspection_certificate_id
        before = certificate.attachment_id.raw
        self.client.write({"name": "Somebody Else", "street": "Elsewhere"})
        self.product.x_fc_maker = "Another"
        self.technician.name = "New Name"
        visit.contract_id.write({"partner_id": self.company.partner_id.id})
        self.assertEqual(certificate.client_name, "Margaret Example")
        self.assertEqual(certificate.maker, "Handicare")
        self.assertTrue(certificate._is_unaltered())
        self.assertEqual(certificate.attachment_id.raw, before)

    def test_the_standard_text_claims_no_compliance(self):
        certificate = self.report().inspection_certificate_id
        text = read_pdf(certificate.attachment_id).lower()
        self.assertNotIn("complian", text)
        self.assertFalse(certificate.standard)
        self.category.parent_id.certificate_standard = "Maker's manual, chapter 7"
        contract = self.make_contract(x_fc_device_serial="SN-2")
        other = self.report(self.book(contract)).inspection_certificate_id
        self.assertIn("Maker's manual, chapter 7", read_pdf(other.attachment_id))


@tagged("post_install", "-at_install", "fusion")
class TestCertificateGuards(CertificateCase):
    def setUp(self):
        super().setUp()
        self.certificate = self.report().inspection_certificate_id

    def test_an_issued_one_is_never_edited(self):
        for user in (self.env.user, self.manager):
            certificate = self.certificate.with_user(user).sudo()
            for vals in (
                {"client_name": "X"},
                {"state": "draft"},
                {"expires_on": "2099-01-01"},
                {"lines": []},
                {"partner_id": self.company.partner_id.id},
            ):
                with self.subTest(user=user.login, vals=vals):
                    with self.assertRaises(UserError):
                        certificate.write(vals)
            with self.assertRaises(UserError):
                certificate.unlink()
        forged = self.certificate.with_context(certificate_transition=True)
        with self.assertRaises(UserError):
            forged.write({"state": "revoked"})

    def test_only_managers_revoke_and_only_with_a_reason(self):
        for user in (self.technician, self.reader, self.dispatcher):
            certificate = self.certificate.with_user(user)
            for name in ("action_revoke", "action_supersede"):
                with self.subTest(user=user.login, name=name):
                    with self.assertRaises(AccessError):
                        getattr(certificate, name)()
        wizards = self.env["fusion.repair.certificate.wizard"].with_user(self.manager)
        vals = {"certificate_id": self.certificate.id, "kind": "revoke"}
        with self.assertRaises(UserError):
            wizards.create({**vals, "reason": "   "}).action_confirm()
        wizards.create({**vals, "reason": "Issued to the wrong unit"}).action_confirm()
        self.assertEqual(self.certificate.state, "revoked")
        self.assertEqual(self.certificate.ended_by_id, self.manager)
        self.assertEqual(self.certificate.end_reason, "Issued to the wrong unit")
        with self.assertRaises(UserError):
            self.certificate.with_user(self.manager)._supersede("again")

    def test_a_revision_says_what_the_records_say_now(self):
        self.client.name = "Margaret Correct"
        wizard = self.env["fusion.repair.certificate.wizard"].with_user(self.manager)
        action = wizard.create(
            {
                "certificate_id": self.certificate.id,
                "kind": "supersede",
                "reason": "Name misspelt",
            }
        ).action_confirm()
        revision = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(self.certificate.state, "superseded")
        self.assertEqual(self.certificate.client_name, "Margaret Example")
        self.assertEqual(self.certificate.superseded_by_id, revision)
        self.assertEqual((revision.revision, revision.state), (2, "issued"))
        self.assertEqual(revision.visit_id.inspection_certificate_id, revision)
        text = read_pdf(revision.attachment_id)
        self.assertIn("Margaret Correct", text)
        self.assertIn("Name misspelt", text)

    def test_a_pdf_that_fails_undoes_nothing_and_is_made_later(self):
        broken = patch(
            ISSUE + ".CertificateDocument.build", side_effect=OSError("disk")
        )
        contract = self.make_contract(x_fc_device_serial="SN-3")
        visit = self.book(contract)
        with broken, mute_logger("odoo.addons.fusion_repairs.tools.savepoints"):
            self.report(visit)
        certificate = visit.inspection_certificate_id
        self.assertEqual((visit.state, certificate.state), ("done", "issued"))
        self.assertEqual(certificate.pdf_state, "pending")
        self.assertFalse(certificate.attachment_id or self.is_offered(visit))
        self.assertTrue(certificate._is_unaltered())
        with self.enter_registry_test_mode():
            self.env.ref(
                "fusion_repairs.ir_cron_make_pending_certificates"
            ).method_direct_trigger()
        self.assertEqual(certificate.pdf_state, "done")
        self.assertTrue(self.is_offered(visit))

    def test_expiry(self):
        cron = self.env.ref("fusion_repairs.ir_cron_watch_certificates")
        contract = self.certificate.contract_id
        before = self.certificate.expires_on - timedelta(days=31)
        summary = "Book a visit: the certificate expires"

        def told():
            return contract.activity_ids.filtered(lambda a: a.summary == summary)

        self.patch_day(before)
        self.assertEqual(self.certificate.status, "valid")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertFalse(told())
        self.patch_day(before + timedelta(days=1))
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
            cron.method_direct_trigger()
        self.assertEqual(len(told()), 1)
        self.patch_day(self.certificate.expires_on + timedelta(days=2))
        self.certificate.invalidate_recordset(["status"])
        self.assertEqual(self.certificate.status, "expired")
        found = self.env[MODEL].search([("status", "=", "expired")])
        self.assertIn(self.certificate, found)

    def patch_day(self, day):
        """Let today be another day."""
        self.startPatcher(
            patch("odoo.fields.Date.context_today", lambda *_args, **_kw: day)
        )
