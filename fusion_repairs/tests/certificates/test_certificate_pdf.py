import io

import pypdf

from odoo.fields import Command
from odoo.tests import tagged

from .certificate_case import CertificateCase, read_pdf

LONG = "Anticonstitutionnellementintercommunications"


@tagged("post_install", "-at_install", "fusion")
class TestCertificatePdf(CertificateCase):
    def test_every_field_is_on_it(self):
        self.technician.name = "Alex Turner"
        contract = self.make_contract(
            x_fc_device_serial="SN-4711", installation_number="TSSA-64-1234"
        )
        battery = self.env["product.product"].create(
            {"name": "Battery", "type": "consu"}
        )
        visit = self.book(contract)
        visit.part_ids = [(0, 0, {"product_id": battery.id, "quantity": 2})]
        self.report(
            visit,
            failed=["Rail clean"],
            findings="<p>Rail &lt;dusty&gt; &amp; dry</p>",
        )
        certificate = visit.inspection_certificate_id
        text = read_pdf(certificate.attachment_id)
        for name in (
            "name", "dealer_name", "dealer_phone", "dealer_licence", "client_name",
            "device_class", "maker", "model", "serial", "installation_number",
            "rated_load", "technician_name", "technician_qualification",
            "witness_name", "parts_replaced", "findings",
        ):  # fmt: skip
            with self.subTest(field=name):
                self.assertTrue(certificate[name], name)
                self.assertIn(certificate[name], text)
        for name in ("installed_on", "examined_on", "next_due_on", "expires_on"):
            with self.subTest(field=name):
                self.assertIn(certificate._format_day(certificate[name]), text)
        for line in certificate.lines:
            with self.subTest(line=line["name"]):
                self.assertIn(line["name"], text)
        for expected in (
            "17 Quiet Lane",
            "25.1 V (≥ 24 V)",
            "Brake holds (critical)",
            "Yes, With Conditions",
            "Periodic",
            "without dismantling",
            certificate.digest[:16],
            certificate._get_verification_url(),
            "Page 1 of",
        ):
            with self.subTest(expected=expected):
                self.assertIn(expected, text)

    def test_both_signatures_and_the_code_are_drawn(self):
        visit = self.report()
        certificate = visit.inspection_certificate_id
        reader = pypdf.PdfReader(io.BytesIO(certificate.attachment_id.raw))
        images = [image for page in reader.pages for image in page.images]
        self.assertEqual(len(images), 2)
        self.assertFalse(certificate.not_signed)

    def test_not_signed_is_said(self):
        visit = self.report(
            signature=False,
            signed_by=False,
            signature_state="refused",
            signature_reason="Was in a hurry",
        )
        certificate = visit.inspection_certificate_id
        self.assertIn("Was in a hurry", certificate.not_signed)
        self.assertIn(certificate.not_signed, read_pdf(certificate.attachment_id))

    def test_in_the_language_of_the_client(self):
        self.env["res.lang"]._activate_lang("fr_CA")
        self.env["ir.module.module"]._load_module_terms(["fusion_repairs"], ["fr_CA"])
        self.client.lang = "fr_CA"
        certificate = self.report().inspection_certificate_id
        self.assertEqual(certificate.lang, "fr_CA")
        french = certificate.with_context(lang="fr_CA")
        text = read_pdf(certificate.attachment_id)
        self.assertIn(french._format_day(certificate.examined_on), text)
        self.assertNotIn(certificate._format_day(certificate.examined_on), text)

    def test_two_hundred_lines_of_long_words(self):
        self.category.checklist_item_ids = [
            Command.create({"name": f"{LONG * 3} {number}", "sequence": number})
            for number in range(200)
        ]
        visit = self.report()
        attachment = visit.inspection_certificate_id.attachment_id
        reader = pypdf.PdfReader(io.BytesIO(attachment.raw))
        self.assertGreater(len(reader.pages), 8)
        joined = "".join(read_pdf(attachment).split())
        self.assertEqual(joined.count(LONG * 3), 200)
        last = reader.pages[-1].extract_text()
        self.assertIn(f"Page {len(reader.pages)} of {len(reader.pages)}", last)

    def test_names_of_other_alphabets_and_markup(self):
        for name in ("王小明", "דוד כהן", "Żółć <b>Ω</b> &amp;", "Rosa 🦽"):
            with self.subTest(name=name):
                self.client.name = name
                contract = self.make_contract(x_fc_device_serial=name)
                visit = self.report(self.book(contract), signed_by=name)
                certificate = visit.inspection_certificate_id
                self.assertEqual(certificate.pdf_state, "done")
                shown = name.replace("🦽", "□")
                self.assertIn(shown, read_pdf(certificate.attachment_id))

    def test_a_draft_says_so_across_the_page(self):
        visit = self.report()
        certificates = self.env["fusion.repair.inspection.certificate"]
        vals = certificates._prepare_from_visit(visit)
        content = certificates.create(vals)._render_pdf()
        reader = pypdf.PdfReader(io.BytesIO(content))
        text = " ".join(page.extract_text() for page in reader.pages)
        self.assertIn("DRAFT", text)
        self.assertNotIn("/repairs/certificate/", text)
