"""Amounts are written as the reader's language writes them."""

from odoo.tests import TransactionCase, tagged

from ...tools.money import format_amount

# Language: amount of each currency, with ordinary blanks.
AMOUNTS = {
    "en_CA": ("$1,234.50", "US$1,234.50", "€1,234.50", "JP¥1,235"),
    "fr_CA": ("1 234,50 $", "1 234,50 $ US", "1 234,50 €", "1 235 ¥"),
    "en_US": ("CA$1,234.50", "$1,234.50", "€1,234.50", "¥1,235"),
}


@tagged("post_install", "-at_install", "fusion")
class TestAmounts(TransactionCase):
    """English puts the dollar sign before the amount, French after it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in AMOUNTS:
            cls.env["res.lang"]._activate_lang(lang)
        cls.cad = cls.env.ref("base.CAD")

    def format(self, lang, amount, currency):
        """Return an amount in words, with ordinary blanks."""
        said = format_amount(self.env(context={"lang": lang}), amount, currency)
        return said.replace("\N{NO-BREAK SPACE}", " ")

    def test_each_language_has_its_order(self):
        currencies = [self.env.ref(f"base.{c}") for c in ("CAD", "USD", "EUR", "JPY")]
        for lang, amounts in AMOUNTS.items():
            for currency, said in zip(currencies, amounts, strict=True):
                with self.subTest(lang=lang, currency=currency.name):
                    self.assertEqual(self.format(lang, 1234.5, currency), said)

    def test_position_of_the_currency_does_not_count(self):
        for position in ("before", "after"):
            self.cad.position = position
            self.assertEqual(self.format("en_CA", 179, self.cad), "$179.00")
            self.assertEqual(self.format("fr_CA", 179, self.cad), "179,00 $")

    def test_decimal_places_are_those_of_the_currency(self):
        dinar = self.env.ref("base.KWD")
        self.assertEqual(dinar.decimal_places, 3)
        self.assertEqual(self.format("en_CA", 1.5, dinar), "KWD1.500")

    def test_less_than_nothing(self):
        self.assertEqual(self.format("en_CA", -5, self.cad), "-$5.00")
        self.assertEqual(self.format("fr_CA", -5, self.cad), "-5,00 $")

    def test_policy_of_a_product_shows_its_fee(self):
        category = self.env.ref("fusion_repairs.category_stairlift_straight")
        self.env.company.currency_id = self.cad
        product = self.env["product.template"].create(
            {
                "name": "Lift",
                "x_fc_repair_category_id": category.id,
                "x_fc_maintenance_fee": 179,
            }
        )
        english = product.with_context(lang="en_CA")
        self.assertIn("<td>$179.00</td>", english.x_fc_maintenance_policy_table)
        self.assertIn("$179.00 before tax", english.x_fc_maintenance_policy_text)
        french = product.with_context(lang="fr_CA").x_fc_maintenance_policy_text
        self.assertIn("179,00 $ avant taxes", french.replace("\N{NO-BREAK SPACE}", " "))
