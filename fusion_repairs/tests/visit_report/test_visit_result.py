import io

import pypdf

from odoo.tests import tagged

from ...tools.mail_text import html_to_text
from ..common import SIGNATURE, RepairsCase


@tagged("post_install", "-at_install", "fusion")
class TestVisitResult(RepairsCase):
    """What was found, and what it costs, in the same words everywhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract()

    def setUp(self):
        super().setUp()
        self.visit = self.book(self.contract)

    def report(self, brake="pass"):
        """Send the report, and have its document made and queued."""
        lines = self.visit.checklist_line_ids
        lines[0].result = "pass"
        lines[1].result = brake
        lines[2].write({"result": "pass", **lines._prepare_reading("25")})
        visit = self.visit.with_user(self.visit.technician_id)
        visit._save_draft(
            {
                "labour_minutes": 42,
                "signature": SIGNATURE,
                "signed_by": "Margaret Example",
                "technician_signature": SIGNATURE,
            }
        )
        visit._submit_report()
        if self.visit.report_pdf_state != "ready":
            self.visit._try_report_document()

    def read_pdf(self):
        """Return the words of the report."""
        content = self.visit.report_attachment_id.raw
        self.pages = pypdf.PdfReader(io.BytesIO(content)).pages
        return " ".join(" ".join(page.extract_text().split()) for page in self.pages)

    def mails(self):
        """Return the newest mail."""
        return self.env["mail.mail"].search([], order="id desc", limit=1)

    def test_mail_page_and_paper_say_the_same_of_one_result(self):
        for brake, outcome, classes, said in (
            ("pass", "pass", [], "is in good order."),
            ("fail", "pass_with_findings", ["days_90"], "we will send you a quote."),
            ("fail", "pass_with_findings", ["advisory"], "some advice for you"),
            ("fail", "unsafe", ["stop_now"], "We will call you about the repair."),
        ):
            with self.subTest(said=said), self.env.cr.savepoint() as undo:
                self.report(brake=brake)
                self.visit.sudo().outcome = outcome
                for defect in self.visit.defect_ids:
                    defect.sudo().defect_class = classes[0]
                self.visit.contract_id.unsafe = outcome == "unsafe"
                text = self.visit._get_result_text()
                self.assertIn(said, text)
                self.assertIs(said == "we will send you a quote.", "quote" in text)
                self.visit._make_report_document()
                self.assertIn(text, self.read_pdf())
                page = self.env["fusion.repair.public.page"]
                self.assertEqual(page._prepare_result(self.visit)["text"], text)
                sample = self.env["fusion.repair.mail.sample"]
                mail = sample._render("report", "en_CA", self.visit)
                self.assertIn(text, " ".join(mail["text"].split()))
                undo.rollback()
            self.env.invalidate_all()

    def test_the_mail_names_certificate_next_date_and_amount(self):
        self.report()
        mail = self.mails()
        text = html_to_text(mail.body_html)
        due = self.contract.next_due_date
        self.assertIn(f"due by: {due:%B} {due.day}, {due.year}", text)
        self.assertIn("Total with tax: $202.27", text)
        certificate = self.visit.inspection_certificate_id
        if certificate:
            self.assertIn(certificate._get_full_number(), text)

    def test_no_placeholder_of_a_logo_and_no_minutes(self):
        self.company.logo = False
        self.assertTrue(self.company.uses_default_logo)
        self.report()
        self.read_pdf()
        drawn = sum(len(page.images) for page in self.pages)
        self.assertEqual(drawn, 1, "the signatures, which are one picture here")
        self.assertNotIn("minutes", self.read_pdf())
