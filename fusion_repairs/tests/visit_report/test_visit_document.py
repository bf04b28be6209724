import base64
import hashlib
import io
from unittest.mock import patch

import pypdf

from odoo.tests import tagged

from ...reports.visit_report_pdf import VisitReportDocument
from ...tools.mail_text import html_to_text
from ..common import SIGNATURE, RepairsCase, draw

ROOM = "odoo.addons.fusion_repairs.models.visit_report"
RENDER = "odoo.addons.fusion_repairs.reports.visit_report_pdf.VisitReportDocument.build"


@tagged("post_install", "-at_install", "fusion")
class TestVisitDocument(RepairsCase):
    """The report on paper: what the client reads, and what becomes of a failure."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract(x_fc_device_serial="SN-77")

    def setUp(self):
        super().setUp()
        self.visit = self.book(self.contract)

    def report(self, brake="pass", made=True, **vals):
        lines = self.visit.checklist_line_ids
        lines[0].write({"result": "na", "note": "no rail <here>"})
        lines[1].write({"result": brake, "note": "slips" if brake == "fail" else False})
        lines[2].write({"result": "pass", **lines._prepare_reading("25,2")})
        user = self.visit.technician_id
        visit = self.visit.with_user(user)
        visit._save_draft(
            {
                "findings_text": "Chain oiled.\n<script>alert(1)</script> & more",
                "parts_note": "To order: gasket",
                "labour_minutes": 42,
                "signature": SIGNATURE,
                "signed_by": "Margaret Example",
                "technician_signature": SIGNATURE,
                **vals,
            }
        )
        visit._submit_report()
        if made:
            # As the job does, at once.
            self.visit._try_report_document()
        return self.visit

    def read_pdf(self):
        content = self.visit.report_attachment_id.raw
        self.pages = pypdf.PdfReader(io.BytesIO(content)).pages
        return " ".join(" ".join(page.extract_text().split()) for page in self.pages)

    def run_job(self):
        with self.enter_registry_test_mode():
            job = self.env.ref("fusion_repairs.ir_cron_make_visit_reports")
            job.method_direct_trigger()
        self.env.invalidate_all()

    def mails(self):
        return self.env["mail.mail"].search([("subject", "ilike", "visit to your")])

    def test_everything_reported_stands_on_it(self):
        belt = self.env["product.product"].create({"name": "Belt", "type": "consu"})
        self.visit.part_ids = [(0, 0, {"product_id": belt.id, "quantity": 2})]
        self.visit._add_photo(self.visit.checklist_line_ids[0], draw((800, 600)))
        self.report()
        text = self.read_pdf()
        for words in (
            self.visit.name,
            "Margaret Example",
            "Stair Lift",
            "SN-77",
            "Rail clean",
            "Not Applicable",
            "no rail <here>",
            "Brake holds (critical)",
            "25.2 V (≥ 24 V)",
            "Your Stair Lift is in good order.",
            "Chain oiled.",
            "<script>alert(1)</script> & more",
            "Belt 2",
            "To order: gasket",
            "Photos",
            self.visit.technician_id.name,
            str(self.contract.next_due_date.year),
        ):
            with self.subTest(words=words):
                self.assertIn(words, text)
        pictures = sum(len(page.images) for page in self.pages)
        self.assertGreaterEqual(pictures, 2, "a photo and the signatures")

    def test_defects_and_refusal(self):
        self.report(
            brake="fail",
            signature=False,
            signature_state="refused",
            signature_reason="Angry",
        )
        text = self.read_pdf()
        self.assertIn("Please do not use your Stair Lift: it is not safe", text)
        self.assertIn("Brake holds: slips", text)
        self.assertIn("Stop Using It Now", text)
        self.assertIn("Refused to Sign: Angry", text)

    def test_kept_with_its_hash_and_offered_to_the_client(self):
        visit = self.report()
        attachment = visit.report_attachment_id
        self.assertEqual(visit.report_pdf_state, "ready")
        self.assertEqual(visit.report_hash, hashlib.sha256(attachment.raw).hexdigest())
        self.assertFalse(attachment.public)
        self.assertEqual(visit._get_done_document("report"), attachment)
        self.assertFalse(visit._get_done_document("reports"))

    def test_queued_for_the_client_once(self):
        visit = self.report()
        self.assertEqual(len(self.mails()), 1)
        mail = self.mails()
        self.assertEqual(mail.state, "outgoing")
        self.assertFalse(mail.model, "no chatter shows the client's link")
        self.assertEqual(mail.recipient_ids, self.client)
        self.assertEqual(mail.attachment_ids.mapped("mimetype"), ["application/pdf"])
        self.assertIn("Your Stair Lift is in good order.", mail.body_html)
        visit._queue_report_mail()
        self.run_job()
        self.assertEqual(len(self.mails()), 1)
        self.assertNotIn("script>", mail.body_html)

    def test_unsafe_is_said_in_the_mail(self):
        self.report(brake="fail")
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertEqual(mail.subject, "Please do not use your Stair Lift")
        text = html_to_text(mail.body_html)
        lines = [line for line in text.splitlines() if line]
        said = lines.index("Please do not use your Stair Lift")
        self.assertLess(said, lines.index("Hello Margaret,"))
        self.assertIn(self.company.phone, "".join(lines[said : said + 3]))
        self.assertNotIn("Thank you", text)
        call = self.contract._find_open_activities(f"danger_call:{self.visit.id}")
        self.assertIn("must not be used", call.summary)
        self.assertEqual(call.date_deadline, self.contract._get_today())

    def test_client_without_an_address(self):
        self.client.email = False
        visit = self.report()
        self.assertFalse(self.mails())
        self.assertEqual(visit.report_pdf_state, "ready")
        self.assertFalse(visit.report_mailed_at)
        activity = self.contract.activity_ids
        self.assertEqual(
            activity.summary, f"Hand over the report on visit {visit.name}"
        )
        self.assertIn("no email address", activity.note)
        self.run_job()
        self.assertEqual(self.contract.activity_ids, activity, "said once")

    def test_failure_undoes_nothing_and_is_made_good(self):
        due = self.contract.next_due_date
        with (
            patch(RENDER, side_effect=ValueError("no font")),
            self.assertLogs(level="ERROR"),
        ):
            visit = self.report()
        self.assertEqual((visit.state, visit.outcome), ("done", "pass"))
        self.assertGreater(self.contract.next_due_date, due)
        self.assertEqual(visit.report_pdf_state, "pending")
        self.assertFalse(visit.report_attachment_id or self.mails())
        self.run_job()
        self.assertEqual(visit.report_pdf_state, "ready")
        self.assertEqual(len(self.mails()), 1)

    def test_a_mail_that_fails_costs_no_document(self):
        broken = patch.object(
            type(self.env["mail.template"]), "send_mail", side_effect=ValueError("no")
        )
        with broken, self.assertLogs(level="ERROR"):
            visit = self.report()
        self.assertEqual(visit.report_pdf_state, "ready")
        self.assertTrue(visit._get_done_document("report"))
        kept = visit.report_attachment_id
        self.assertFalse(visit.report_mailed_at or self.mails())
        self.run_job()
        self.assertEqual(len(self.mails()), 1)
        self.assertEqual(visit.report_attachment_id, kept, "made once")
        self.assertFalse(visit.report_mail_pending)

    def test_what_cannot_be_made_keeps_nothing_waiting(self):
        """The office is told after a while, and the others get theirs."""
        with patch(RENDER, side_effect=ValueError("no font")), self.assertLogs():
            first = self.report()
            self.visit = self.book(self.make_contract())
            second = self.report()
        second._write_document({"report_attempts": first.report_attempts})
        render = VisitReportDocument.build

        def fail_for_the_first(document):
            if document.visit == first:
                raise ValueError("no font")
            return render(document)

        with (
            patch(RENDER, fail_for_the_first),
            patch(f"{ROOM}.fusion_repair_maintenance_visit_document.BATCH", 1),
            self.assertLogs(level="ERROR"),
        ):
            for _turn in range(2):
                self.run_job()
        self.assertEqual(second.report_pdf_state, "ready")
        with patch(RENDER, side_effect=ValueError("no font")), self.assertLogs():
            for _turn in range(12):
                self.run_job()
        self.assertEqual(first.report_attempts, 10, "given up")
        asked = self.contract.activity_ids.filtered(
            lambda activity: "Hand over the report" in activity.summary
        )
        self.assertIn("technical error", asked.note)

    def test_two_hundred_checks_in_french_paginate_and_wrap(self):
        for lang in ("en_US", "fr_CA"):
            self.env["res.lang"]._activate_lang(lang)
        self.client.lang = "fr_CA"
        line = self.visit.checklist_line_ids[0]
        word = "anticonstitutionnellement"
        long_word = word * 12
        for number in range(200):
            line.copy(
                {
                    "visit_id": self.visit.id,
                    "sequence": 100 + number,
                    "name": f"Check {number}",
                    "translations": {"name": {"fr_CA": f"Contrôle n° {number} fini"}},
                    "result": "pass",
                    "note": long_word if number % 50 == 0 else "état vérifié",
                }
            )
        self.report()
        text = self.read_pdf()
        self.assertGreater(len(self.pages), 4)
        self.assertIn("Contrôle n° 0 fini", text)
        self.assertIn("Contrôle n° 199 fini", text)
        for page in self.pages:
            self.assertIn(self.visit.name, page.extract_text())
        letters = "".join(text.split())
        # A page that ends within one of the four may part one of its twelve words.
        self.assertGreaterEqual(letters.count(word), 44, "wrapped, nothing cut off")

    def test_names_of_every_script(self):
        self.client.name = "مارغريت 王小明 מרגרט 😀"
        self.report(signed_by="王小明")
        self.assertIn("王小明", self.read_pdf())

    def test_a_logo_that_is_none(self):
        self.company.logo = base64.b64encode(
            b"<svg xmlns='http://www.w3.org/2000/svg'/>"
        )
        self.assertEqual(self.report().report_pdf_state, "ready")
