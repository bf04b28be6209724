import hashlib
import io

import pypdf

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import SIGNATURE, RepairsCase


@tagged("post_install", "-at_install", "fusion")
class AgreementCase(RepairsCase):
    """A visit for 202.27 with tax, and remotes for 120 a piece before tax."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract()
        cls.remote = cls.env["product.product"].create(
            {
                "name": "Remote",
                "type": "consu",
                "list_price": 120.0,
                "taxes_id": [Command.set(cls.tax.ids)],
            }
        )

    def setUp(self):
        super().setUp()
        self.visit = self.book(self.contract)
        self.user = self.visit.technician_id
        self.order = self.visit.sale_order_id
        self.report = self.open_report()

    def open_report(self):
        action = self.visit.with_user(self.user).action_fill_in_report()
        report = self.env[action["res_model"]].browse(action["res_id"])
        return report.with_user(self.user)

    def answer(self, **vals):
        for line, reading in zip(self.report.line_ids, (None, None, "25"), strict=True):
            line.write({"result": "pass", "reading": reading})
        self.report.write(vals)

    def add(self, quantity=2, **vals):
        vals = {"product_id": self.remote.id, "quantity": quantity, **vals}
        self.report.part_ids = [Command.create(vals)]
        return self.report.part_ids[-1]

    def entry(self, name, value, clock, **options):
        key = f"{options.get('check', '')}{name}"
        return {
            "key": key,
            "name": name,
            "value": value,
            "age": 0,
            "clock": clock,
            **options,
        }


@tagged("post_install", "-at_install", "fusion")
class TestPartsAgreed(AgreementCase):
    """No part is billed that nobody was told the price of, and agreed to."""

    def test_price_of_parts_and_new_total_are_seen_before_signing(self):
        self.assertAlmostEqual(self.report.total, 202.27)
        part = self.add()
        self.assertIn("120.00", part.price_text)
        self.assertIn("271.20", part.price_text)
        self.assertAlmostEqual(self.report.total, 473.47)
        for words in ("2 × Remote", "271.20", "202.27", "HST 13%", "473.47"):
            self.assertIn(words, self.report.charges)
            self.assertIn(words, self.visit._get_statement_text())

    def test_agreed_parts_are_billed_at_the_price_that_was_told(self):
        self.add()
        self.answer()
        self.sign(self.report)
        self.remote.list_price = 500.0
        with self.assertRaisesRegex(UserError, "signature again"):
            self.report.action_submit()
        self.remote.list_price = 120.0
        self.report.action_submit()
        self.assertAlmostEqual(self.order.amount_total, 473.47)
        visit = self.visit
        self.assertAlmostEqual(visit.agreed_total, self.order.amount_total)
        self.assertEqual(visit.agreed_by, "Margaret Example")
        self.assertTrue(visit.agreed_at)
        self.assertIn("473.47", visit.agreed_text)
        self.assertIn("473.47", "".join(visit.message_ids.mapped("body")))
        self.remote.list_price = 500.0
        self.assertAlmostEqual(visit._get_charges()["total"], 473.47)

    def test_left_out_parts_leave_the_stock_and_cost_nothing(self):
        part = self.add()
        part.action_toggle_charged()
        self.assertEqual(part.price_text, "No charge")
        self.assertAlmostEqual(self.report.total, 202.27)
        self.answer()
        self.sign(self.report).action_submit()
        self.assertAlmostEqual(self.order.amount_total, 202.27)
        self.assertEqual(self.visit.part_ids.move_id.quantity, 2.0)
        self.assertEqual(self.visit.repair_order_id.state, "done")

    def test_price_of_the_clients_own_pricelist(self):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Club",
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "percentage",
                            "percent_price": 50,
                            "applied_on": "0_product_variant",
                            "product_id": self.remote.id,
                        }
                    )
                ],
            }
        )
        self.order.pricelist_id = pricelist
        self.add()
        self.assertAlmostEqual(self.report.total, 337.87)
        self.answer()
        self.sign(self.report).action_submit()
        self.assertAlmostEqual(self.order.amount_total, 337.87)

    def test_without_a_signature_somebody_has_to_have_agreed(self):
        self.add()
        self.answer(signature_state="not_present", signature_reason="In hospital")
        self.report.technician_signature = SIGNATURE
        with self.assertRaisesRegex(UserError, "agreed to the price"):
            self.report.action_submit()
        self.report.parts_agreed_by = "Her son Paul, by phone"
        self.report.action_submit()
        self.assertAlmostEqual(self.order.amount_total, 473.47)
        self.assertEqual(self.visit.agreed_by, "Her son Paul, by phone")

    def test_parts_of_a_report_without_any_agreement_are_not_billed(self):
        self.add()
        self.answer(signature_state="refused", signature_reason="Wrong price")
        self.visit.with_user(self.user)._submit_report()
        self.assertAlmostEqual(self.order.amount_total, 202.27)
        self.assertFalse(self.visit.agreed_by or self.visit.agreed_text)
        self.assertAlmostEqual(self.visit.agreed_total, 202.27)

    def test_parts_of_a_report_that_comes_late_are_billed_as_agreed(self):
        self.add()
        self.answer()
        self.visit.technician_task_id.action_complete()
        self.assertAlmostEqual(self.order.amount_total, 202.27)
        self.sign(self.report).action_submit()
        self.assertAlmostEqual(self.order.amount_total, 473.47)

    def test_price_and_total_stand_in_mail_page_and_document(self):
        self.add()
        self.answer()
        self.sign(self.report).action_submit()
        self.visit._try_report_document()
        content = self.visit.report_attachment_id.raw
        pages = pypdf.PdfReader(io.BytesIO(content)).pages
        paper = " ".join(" ".join(page.extract_text().split()) for page in pages)
        mail = self.env["mail.mail"].search([("subject", "ilike", "visit to your")])
        _template, page = self.env["fusion.repair.public.page"]._get_done_page(
            self.visit.sudo(), {}
        )
        for words in ("2 × Remote", "271.20", "473.47"):
            with self.subTest(words=words):
                self.assertIn(words, paper)
                self.assertIn(words, mail.body_html)
                self.assertIn(words, str(page["price"]))
        self.assertIn("Agreed by Margaret Example", paper)


@tagged("post_install", "-at_install", "fusion")
class TestSignedStatement(AgreementCase):
    """A signature stands for what was shown above it, and for nothing else."""

    def test_what_was_signed_is_kept_with_its_hash(self):
        self.answer()
        self.sign(self.report)
        text = self.visit.signed_text
        self.assertIn("good order", text)
        self.assertIn("202.27", text)
        digest = hashlib.sha256(text.encode()).hexdigest()
        self.assertEqual(self.visit.signed_hash, digest)
        self.assertTrue(self.visit.signed_at)
        self.report.action_submit()
        self.assertEqual(self.visit.signed_text, text)

    def change_part(self, name):
        getattr(self.report.part_ids[0], name)()

    def test_any_change_of_what_was_signed_asks_again(self):
        changes = {
            "result": lambda: self.report.line_ids[1].write({"result": "fail"}),
            "note": lambda: self.report.line_ids[0].write({"note": "Squeaks"}),
            "reading": lambda: self.report.line_ids[2].write({"reading": "26"}),
            "class": lambda: self.report.line_ids[0].write(
                {"result": "fail", "defect_class": "days_90"}
            ),
            "part": self.add,
            "quantity": lambda: self.report.part_ids[0].write({"quantity": 3}),
            "charged": lambda: self.change_part("action_toggle_charged"),
            "no part": lambda: self.change_part("action_remove"),
            "fee": lambda: self.visit.write({"x_fc_fee": 200.0}),
            "defect": lambda: self.env["fusion.repair.defect"].create(
                {
                    "name": "Rail loose",
                    "visit_id": self.visit.id,
                    "defect_class": "days_14",
                    "date_found": self.today,
                }
            ),
        }
        self.answer()
        for name, change in changes.items():
            with self.subTest(change=name):
                self.sign(self.report)
                self.assertFalse(self.report.signature_stale)
                self.assertTrue(self.report.signature)
                change()
                self.env.invalidate_all()
                self.assertTrue(self.report.signature_stale)
                self.assertFalse(self.report.signature)
                with self.assertRaisesRegex(UserError, "signature again"):
                    self.visit.with_user(self.user)._check_signatures()

    def test_words_that_are_not_signed_keep_the_signature(self):
        self.answer()
        self.sign(self.report)
        self.report.write({"labour_minutes": 30, "findings": "Oiled"})
        self.assertFalse(self.report.signature_stale)
        self.report.action_submit()
        self.assertTrue(self.visit.signature)

    def test_signature_of_a_phone_without_connection(self):
        check = self.visit.checklist_line_ids[0]
        shown = {
            "text": "Found: Rail clean: Rust\nTotal with tax: $202.27",
            "facts": self.visit._get_signed_facts(),
        }
        shown["facts"]["answers"][0][1:4] = ["fail", "", "Rust"]
        answers = [
            self.entry("result", "fail", 1, check=check.id),
            self.entry("note", "Rust", 2, check=check.id),
        ]
        signed = self.entry("signature", SIGNATURE.decode(), 3, shown=shown)
        # Whatever the order in which they travel.
        said = self.report.keep_entries([signed, *answers], "phone")
        self.assertEqual(set(said.values()), {True})
        self.assertEqual(self.visit.signed_text, shown["text"])
        self.assertFalse(self.visit._is_signature_stale())
        later = self.entry("note", "No rust", 4, check=check.id)
        self.report.keep_entries([later], "phone")
        self.assertTrue(self.visit._is_signature_stale())

    def test_signature_under_something_else_is_not_kept(self):
        facts = self.visit._get_signed_facts()
        self.report.line_ids[1].result = "fail"
        shown = {"text": "All is well", "facts": facts}
        signed = self.entry("signature", SIGNATURE.decode(), 3, shown=shown)
        said = self.report.keep_entries([signed], "tablet")
        self.assertIn("signature again", said["signature"])
        self.assertFalse(self.visit.signature or self.visit.signed_text)

    def test_what_is_signed_is_in_the_clients_language(self):
        self.env["res.lang"]._activate_lang("fr_CA")
        self.client.lang = "fr_CA"
        self.answer()
        french = self.visit.with_context(lang="fr_CA")._get_statement()
        self.assertEqual(
            self.report.statement["price"], [list(r) for r in french["price"]]
        )

    def test_reopened_report_forgets_what_was_signed(self):
        self.answer()
        self.sign(self.report).action_submit()
        self.visit.technician_task_id.action_reopen()
        visit = self.visit
        self.assertFalse(visit.signature or visit.signed_text or visit.signed_hash)
        self.assertFalse(visit.agreed_by or visit.agreed_total)
