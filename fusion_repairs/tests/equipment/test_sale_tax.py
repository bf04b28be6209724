from odoo.fields import Command
from odoo.tests import tagged

from ..common import RepairsCase

NO_TAX = "no tax is added"


@tagged("post_install", "-at_install", "fusion")
class TestSaleTax(RepairsCase):
    """Clients are told that no tax is added only where somebody decided so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seeded = cls.env.ref("fusion_repairs.product_maintenance_visit")
        cls.contract = cls.make_contract()

    def price_note(self):
        page = self.env["fusion.repair.public.page"]
        offer = page._prepare_offer(self.contract, self.contract.browse())
        return offer["price"]["note"]

    def mail_note(self):
        price = self.contract._get_bundle_breakdown()
        return str(
            self.env["ir.qweb"]._render(
                "fusion_repairs.mail_price", {"price": price, "object": self.contract}
            )
        )

    def leave_undecided(self, product):
        """Let a product be as one made before there was any tax."""
        product.taxes_id = [Command.clear()]
        product.x_fc_untaxed = False

    def test_chart_that_comes_later_puts_its_tax_on_the_service_of_visits(self):
        company = self.env["res.company"].create(
            {"name": "New Dealer", "country_id": self.env.ref("base.ca").id}
        )
        here = self.seeded.with_company(company)
        self.assertFalse(here.product_tmpl_id._get_sale_taxes(company))
        self.leave_undecided(self.seeded)
        self.env["account.chart.template"].try_loading("generic_coa", company)
        self.assertTrue(company.account_sale_tax_id)
        self.assertEqual(
            here.product_tmpl_id._get_sale_taxes(company), company.account_sale_tax_id
        )

    def test_chart_leaves_a_service_that_is_sold_without_tax(self):
        company = self.env["res.company"].create(
            {"name": "Exempt Dealer", "country_id": self.env.ref("base.ca").id}
        )
        self.seeded.taxes_id = [Command.clear()]
        self.seeded.with_company(company).x_fc_untaxed = True
        self.env["account.chart.template"].try_loading("generic_coa", company)
        taxes = self.seeded.product_tmpl_id._get_sale_taxes(company)
        self.assertFalse(taxes)

    def test_page_and_mail_do_not_say_no_tax_when_nobody_decided(self):
        self.company.account_sale_tax_id = self.tax
        self.leave_undecided(self.service)
        self.assertIn("price before tax", self.price_note())
        self.assertNotIn("No tax is charged", self.mail_note())
        self.assertIn("price before tax", self.mail_note())

    def test_removing_the_tax_of_a_service_is_a_decision(self):
        self.company.account_sale_tax_id = self.tax
        self.service.taxes_id = [Command.clear()]
        self.assertTrue(self.service.x_fc_untaxed)
        self.assertIn(NO_TAX, self.price_note())
        self.assertIn("No tax is charged", self.mail_note())
        self.service.taxes_id = [Command.set(self.tax.ids)]
        self.assertFalse(self.service.x_fc_untaxed)
        self.assertIn("tax included", self.price_note())

    def test_client_whose_fiscal_position_takes_the_tax_off_is_told_no_tax(self):
        self.company.account_sale_tax_id = self.tax
        position = self.env["account.fiscal.position"].create(
            {"name": "Exempt", "company_id": self.company.id}
        )
        zero = self.tax.copy({"name": "Exempt 0%", "amount": 0})
        zero.write(
            {
                "original_tax_ids": [Command.set(self.tax.ids)],
                "fiscal_position_ids": [Command.set(position.ids)],
            }
        )
        self.client.property_account_position_id = position
        self.assertNotIn("before tax", self.price_note())

    def test_office_is_told_where_nobody_decided(self):
        self.company.account_sale_tax_id = self.tax
        self.leave_undecided(self.service)
        template = self.service.product_tmpl_id
        self.category.x_fc_maintenance_service_product_id = self.service
        self.assertIn("HST 13%", template.x_fc_tax_note)
        self.assertIn("HST 13%", self.category.tax_note)
        watch = self.env["fusion.repair.reminder.watch"]
        found = watch._find_tax_trouble(self.company)
        self.assertIn(self.company.name, found[0])
        self.service.x_fc_untaxed = True
        self.leave_undecided(self.seeded)
        self.seeded.x_fc_untaxed = True
        self.assertFalse(watch._find_tax_trouble(self.company))
        self.category.invalidate_recordset(["tax_note"])
        self.assertFalse(self.category.tax_note)
