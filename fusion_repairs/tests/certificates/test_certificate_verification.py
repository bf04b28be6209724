import json
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from ..client_pages.public_case import SECRETS, PublicCase
from .certificate_case import draw_signature

UNKNOWN = "A" * 43


@tagged("post_install", "-at_install", "fusion")
class TestCertificateVerification(PublicCase):
    """Anybody with the paper in hand asks the dealer whether it holds."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.category.write(
            {"equipment_class": "lift_elevating", "certificate_validity_months": 12}
        )
        for lang, name in (("fr_CA", "Appareils d'essai"), ("en_CA", "Test lifts")):
            cls.category.with_context(lang=lang).name = name

    def setUp(self):
        super().setUp()
        self.visit = self.report()
        self.certificate = self.visit.inspection_certificate_id
        self.link = f"/repairs/certificate/{self.certificate.sudo().access_key}"

    def report(self, failed=None):
        """Return a visit with its report.

        :param failed: note on a check that fails, but forbids nobody to use the unit
        """
        offer = self.contract._get_booking_slots()[0]
        visit = self.contract._book_slot(offer.value)
        lines = visit.checklist_line_ids
        lines.result = "pass"
        if failed:
            minor = lines.filtered(lambda line: not line.critical)[:1]
            minor.write({"result": "fail", "note": failed})
        own = visit.with_user(visit.technician_id)
        own._save_draft(
            {"signature": draw_signature(), "signed_by": "Margaret Featherstone"}
        )
        own._submit_report()
        return visit

    def give_code(self, certificate, code):
        """Give a certificate a code: what is issued cannot be edited otherwise."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET access_key = %s WHERE id = %s",
                SQL.identifier(certificate._table),
                code,
                certificate.id,
            )
        )
        self.env.invalidate_all()

    def test_a_code_that_was_typed_off_paper_or_copied(self):
        code = "oO0lI1sS5zZ2bB8-_x" + "Q" * 25
        self.give_code(self.certificate, code)
        alike = str.maketrans("oO0lI1sS5zZ2bB8_-", "0oOI1lS5sZ2zB8b-_")
        for typed in (
            *(code.lower(), code.upper(), code.translate(alike)),
            *(f"({code})", f"{code}.", f"{code[:20]}%20{code[20:]}", f"%20{code}%20"),
        ):
            answer = self.url_open(f"/repairs/certificate/{typed}")
            self.assertEqual(answer.status_code, 200, typed)
            self.assertIn(self.certificate._get_full_number(), answer.text, typed)
        for wrong in (code[:-1] + "P", code[1:], code[::-1]):
            answer = self.url_open(f"/repairs/certificate/{wrong}")
            self.assertEqual(answer.status_code, 404, wrong)

    def test_a_code_that_reads_like_two_certificates_opens_neither(self):
        twin = self.report().inspection_certificate_id
        keys = ("O" * 43, "0" * 43)
        self.give_code(self.certificate, keys[0])
        self.give_code(twin, keys[1])
        answer = self.url_open(f"/repairs/certificate/{'o' * 43}")
        self.assertEqual(answer.status_code, 404)
        answer = self.url_open(f"/repairs/certificate/{keys[0]}")
        self.assertEqual(answer.status_code, 200)

    def status(self, page):
        """Return what the page says, as its mark for tests says it."""
        return page.text.partition('data-status="')[2].partition('"')[0]

    def turn_dates(self, certificate, **values):
        """Write on a certificate as if it had been issued so.

        The clock cannot be turned in the server's thread: the dates are.
        """
        for name, value in values.items():
            value = json.dumps(value) if isinstance(value, list) else value
            self.env.cr.execute(
                SQL(
                    "UPDATE fusion_repair_inspection_certificate SET %s = %s "
                    "WHERE id = %s",
                    *(SQL.identifier(name), value, certificate.id),
                )
            )
        certificate.invalidate_recordset()
        self.env.cr.execute(
            "UPDATE fusion_repair_inspection_certificate SET digest = %s WHERE id = %s",
            (certificate._compute_digest(), certificate.id),
        )
        certificate.invalidate_recordset()

    def test_valid(self):
        page = self.get(self.link)
        self.assertEqual((page.status_code, self.status(page)), (200, "valid"))
        words = self.words(page)
        self.assertIn("Safe to operateYes", words)
        for shown in (
            self.certificate.name,
            "Test lifts",
            "Maple Mobility",
            self.certificate.digest[:16],
            self.certificate._format_day(self.certificate.expires_on),
        ):
            self.assertIn(shown, words)

    def test_it_shows_nothing_personal_and_changes_nothing(self):
        before = self.snapshot()
        page = self.get(self.link)
        for secret in (*SECRETS, "Margaret", "Alex", self.visit.name):
            self.assertNotIn(secret, page.text)
        self.assertEqual(self.snapshot(), before)
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
        self.assertIn("noindex", page.headers["X-Robots-Tag"])

    def test_expired(self):
        day = fields.Date.today() - timedelta(days=2)
        self.turn_dates(self.certificate, expires_on=day)
        page = self.get(self.link)
        self.assertEqual(self.status(page), "expired")
        self.assertIn("no longer shows", self.words(page))

    def test_revoked(self):
        self.certificate._revoke("Wrong unit: Margaret's other lift")
        page = self.get(self.link)
        self.assertEqual(self.status(page), "revoked")
        self.assertNotIn("Safe to operate", self.words(page))
        self.assertNotIn("Wrong unit", page.text, "a reason may name the client")

    def test_superseded_names_the_newer_one_only(self):
        newer = self.certificate._supersede("Name misspelt")
        page = self.get(self.link)
        self.assertEqual(self.status(page), "superseded")
        self.assertIn(newer._get_full_number(), page.text)
        self.assertNotIn(newer.sudo().access_key, page.text)

    def test_conditions_are_said_with_what_must_be_mended(self):
        visit = self.report(failed="Ask Margaret's daughter")
        certificate = visit.inspection_certificate_id
        self.assertEqual(certificate.safe_to_operate, "conditions")
        link = f"/repairs/certificate/{certificate.sudo().access_key}"
        page = self.get(link)
        self.assertEqual(self.status(page), "valid")
        words, defect = self.words(page), visit.defect_ids
        self.assertIn("valid, with conditions", words)
        self.assertIn(defect.line_id.name, words)
        self.assertIn(
            f"To be repaired by {certificate._format_day(defect.date_due)}", words
        )
        self.assertNotIn("fc-message-good", page.text)
        self.assertNotIn("daughter", page.text, "a note may name anybody")
        self.assertNotIn("was to be", words)
        self.turn_dates(
            certificate, defects=[{**certificate.defects[0], "due": "2020-01-02"}]
        )
        self.assertIn(
            "This was to be repaired by January 2, 2020", self.words(self.get(link))
        )
        french = self.words(self.get(link + "?lang=fr_CA"))
        self.assertIn("sous conditions", french)

    def test_a_newer_one_that_was_revoked_is_said_too(self):
        newer = self.certificate._supersede("Name misspelt")
        newer._revoke("Wrong unit")
        words = self.words(self.get(self.link))
        self.assertIn(f"{newer._get_full_number()}, which was revoked", words)

    def test_unknown_codes_are_not_to_be_relied_on(self):
        draft = self.certificate.create(
            self.certificate._prepare_from_visit(self.visit)
        )
        draft.sudo().access_key = "B" * 43
        for token in (
            UNKNOWN,
            "B" * 43,
            "x",
            self.certificate.name,
            "%00",
            "a" * 5000,
            "",
        ):
            with self.subTest(token=token[:50]):
                page = self.get(f"/repairs/certificate/{token}")
                self.assertEqual(page.status_code, 404)
                self.assertEqual(self.status(page), "unknown")
                self.assertIn("416-555-0100", page.text)
                self.assertIn("Do not rely on the paper", self.words(page))
                self.assertNotIn("Do not worry", page.text)

    def test_an_unknown_code_in_french(self):
        page = self.get(f"/repairs/certificate/{UNKNOWN}?lang=fr_CA")
        self.assertEqual(page.status_code, 404)
        self.assertIn("Ne vous fiez pas à ce document", self.words(page))

    def test_an_altered_file_or_record_cannot_be_confirmed(self):
        attachment = self.certificate.attachment_id
        original = attachment.raw
        attachment.raw = original + b"\n% one more line"
        self.assertEqual(self.status(self.get(self.link)), "unconfirmed")
        attachment.raw = original
        self.assertEqual(self.status(self.get(self.link)), "valid")
        self.env.cr.execute(
            "UPDATE fusion_repair_inspection_certificate SET serial = 'OTHER' "
            "WHERE id = %s",
            (self.certificate.id,),
        )
        self.certificate.invalidate_recordset()
        page = self.get(self.link)
        self.assertEqual(self.status(page), "unconfirmed")
        self.assertNotIn(self.certificate.digest[:16], page.text)

    def test_in_french(self):
        page = self.get(self.link + "?lang=fr_CA")
        self.assertIn('lang="fr-CA"', page.text)
        self.assertIn("Appareils d&#39;essai", page.text)

    def test_the_client_downloads_it_from_the_page_of_the_visit(self):
        self.env.flush_all()
        url = self.visit._get_done_url()
        page = self.get(url)
        self.assertIn("/document/certificate", page.text)
        answer = self.get(url + "/document/certificate")
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertEqual(answer.content, self.certificate.attachment_id.raw)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.certificate._revoke("Wrong unit")
        self.assertEqual(self.get(url + "/document/certificate").status_code, 404)

    def test_the_file_is_not_for_everybody(self):
        self.env.flush_all()
        page = self.get(f"/web/content/{self.certificate.attachment_id.id}")
        self.assertIn(page.status_code, (403, 404))
        self.assertNotIn(b"%PDF", page.content)
