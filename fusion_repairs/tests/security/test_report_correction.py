from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from ..certificates.certificate_case import CertificateCase
from ..common import SIGNATURE

VISIT = "fusion.repair.maintenance.visit"


@tagged("post_install", "-at_install", "fusion")
class TestReportCorrection(CertificateCase, HttpCase):
    """Files of a report stand, too; a correction keeps what it takes back."""

    def setUp(self):
        super().setUp()
        self.visit = self.report()
        self.env.flush_all()
        self.users = (
            self.technician,
            self.reader,
            self.dispatcher,
            self.manager,
            self.env.ref("base.user_admin"),
        )

    # Files -----------------------------------------------------------------------

    def test_nobody_changes_report_or_signature_as_a_file(self):
        files = self.env["ir.attachment"].sudo()
        signature = files.search(
            [
                ("res_model", "=", VISIT),
                ("res_id", "=", self.visit.id),
                ("res_field", "=", "signature"),
            ]
        )
        report = self.visit.report_attachment_id
        certificate = self.visit.inspection_certificate_id.attachment_id
        self.assertTrue(signature and report and certificate)
        new = {
            "name": "signature",
            "res_model": VISIT,
            "res_id": self.visit.id,
            "res_field": "signature",
            "datas": SIGNATURE,
        }
        for user in self.users:
            for file in (signature, report, certificate):
                mine = file.with_user(user)
                for attempt in (
                    lambda mine=mine: mine.write({"raw": b"%PDF forged"}),
                    lambda mine=mine: mine.unlink(),
                    lambda mine=mine: mine.write({"res_id": 0, "res_model": False}),
                ):
                    with self.subTest(user=user.login, file=file.name):
                        with self.assertRaises(AccessError):
                            attempt()
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                files.with_user(user).create(new)
            own = files.with_user(user).create({"name": "x", "datas": SIGNATURE})
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                own.write({k: v for k, v in new.items() if k != "datas"})
                self.env.flush_all()
        plain = {"name": "note.txt", "res_model": VISIT, "res_id": self.visit.id}
        note = files.with_user(self.dispatcher).create({**plain, "raw": b"note"})
        note.unlink()

    def test_a_changed_file_is_not_given_and_it_is_said(self):
        visit, certificate = self.visit, self.visit.inspection_certificate_id
        self.assertFalse(visit.is_report_altered)
        self.assertEqual(len(visit._get_done_documents()), 2)
        visit.report_attachment_id.raw = b"%PDF changed on the disk"
        certificate.attachment_id.raw = b"%PDF changed on the disk"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(visit.with_user(self.dispatcher).is_report_altered)
        self.assertEqual(visit._get_done_documents(), [])
        url = visit._get_done_url()
        page = self.url_open(url)
        self.assertIn("was changed after it was made", page.text)
        for key in ("report", "certificate"):
            self.assertEqual(self.url_open(f"{url}/document/{key}").status_code, 404)
        with self.assertRaisesRegex(UserError, "Do not rely on it"):
            certificate.with_user(self.dispatcher).action_download()
        visit._write_document({"report_mailed_at": False})
        with self.assertRaisesRegex(UserError, "changed after it was made"):
            visit._queue_report_mail()

    # The way that there is ---------------------------------------------------------

    def correct(self, user, reason="The wrong reading was entered."):
        wizard = (
            self.env["fusion.repair.report.correction.wizard"]
            .with_user(user)
            .create({"visit_id": self.visit.id, "reason": reason})
        )
        return wizard.action_confirm()

    def test_a_correction_keeps_what_was_said_and_revises_the_certificate(self):
        visit, first = self.visit, self.visit.inspection_certificate_id
        file, digest = visit.report_attachment_id, visit.report_hash
        line = visit.checklist_line_ids[0]
        content = file.raw
        due = visit.contract_id.next_due_date
        action = self.correct(self.dispatcher)
        self.assertEqual(action["res_model"], "fusion.repair.visit.report.wizard")
        kept = visit.correction_ids
        self.assertEqual(kept.user_id, self.dispatcher)
        self.assertEqual(kept.reason, "The wrong reading was entered.")
        self.assertEqual(kept.outcome, "pass")
        self.assertEqual(kept.values["checklist"][0]["result"], line.result)
        self.assertEqual(kept.report_attachment_id, file)
        self.assertEqual(kept.report_hash, digest)
        self.assertFalse(kept._is_file_altered("report_attachment_id"))
        self.assertTrue(visit.report_missing)
        self.assertEqual(first.state, "revoked")
        self.report(visit, findings_text="Corrected")
        second = visit.inspection_certificate_id
        self.assertEqual(second.name, first.name)
        self.assertEqual(second.revision, first.revision + 1)
        self.assertEqual(second.revision_reason, kept.reason)
        self.assertEqual(second.state, "issued")
        self.assertEqual((visit.state, visit.contract_id.next_due_date), ("done", due))
        self.assertNotEqual(visit.report_attachment_id, file)
        self.assertEqual(file.raw, content)

    def test_the_office_corrects_for_a_reason_that_stays(self):
        visit = self.visit
        for user in (self.technician, self.reader):
            with self.assertRaises(AccessError):
                visit.with_user(user)._correct_report("No right to")
        with self.assertRaises(UserError):
            visit.with_user(self.dispatcher)._correct_report("  ")
        visit.with_user(self.dispatcher)._correct_report("Misread")
        kept = visit.correction_ids
        with self.assertRaises(UserError):
            kept.write({"reason": "Another"})
        with self.assertRaises(UserError):
            kept.unlink()
        with self.assertRaisesRegex(UserError, "no report"):
            visit.with_user(self.dispatcher)._correct_report("Again")

    def test_a_reopened_visit_keeps_what_was_said(self):
        task = self.visit.technician_task_id.with_user(self.dispatcher)
        task.action_reopen()
        kept = self.visit.correction_ids
        self.assertIn("reopened", kept.reason)
        self.assertEqual((kept.user_id, kept.outcome), (self.dispatcher, "pass"))
        self.assertTrue(kept.report_attachment_id)
