from odoo.tests import tagged

from ..common import RepairsCase


@tagged("post_install", "-at_install", "fusion")
class TestPriceWords(RepairsCase):
    """The price reads the same on the page and in the mail, in the reader's words."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ("en_CA", "fr_CA"):
            cls.env["res.lang"]._activate_lang(code)
        cls.contract = cls.make_contract()
        tax = cls.service.taxes_id
        # Where en_US is not active, Odoo takes any language for the source: both.
        tax.with_context(lang="fr_CA").name = "TVH 13%"
        tax.with_context(lang="en_CA").name = "HST 13%"

    def test_tax_is_named_in_the_language_of_the_page(self):
        french = self.contract.with_context(lang="fr_CA")._get_fee_breakdown()
        self.assertEqual(french["taxes"], [("TVH 13\xa0%", 23.27)])
        english = self.contract.with_context(lang="en_CA")._get_fee_breakdown()
        self.assertEqual(english["taxes"], [("HST 13%", 23.27)])

    def test_booked_page_shows_the_price_that_was_agreed(self):
        self.book(self.contract)
        self.contract.x_fc_maintenance_fee = 250.0
        page = self.env["fusion.repair.public.page"].with_context(lang="en_CA")
        others = self.contract.browse()
        lines = page._prepare_offer(self.contract, others)["price"]["lines"]
        self.assertEqual(lines[0]["amount"], "$179.00")
        self.assertEqual(lines[-1]["amount"], "$202.27")

    def test_mail_writes_amounts_as_the_page_does(self):
        self.contract.partner_id.lang = "en_CA"
        template = self.env.ref("fusion_repairs.mail_template_maintenance_reminder")
        ids = self.contract.ids
        body = template._render_field("body_html", ids, compute_lang=True)[ids[0]]
        self.assertIn("$202.27", body)
        self.assertNotIn("202.27\N{NO-BREAK SPACE}$", body)
