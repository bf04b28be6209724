from odoo import api, fields, models


class ProductTemplate(models.Model):
    """Whether anybody decided that a service is sold without sales tax.

    A product made before the chart of accounts has no tax because there was none, which
    is no decision: clients must not be told that no tax is added.
    """

    _inherit = "product.template"

    x_fc_untaxed = fields.Boolean(
        string="Sold Without Sales Tax",
        company_dependent=True,
        copy=True,
        help="Somebody decided that no sales tax is charged on this service. Clients "
        "are told so. Ticked by itself when the taxes of a product are removed.",
    )
    x_fc_tax_note = fields.Char(
        string="Sales Tax to Check", compute="_compute_x_fc_tax_note"
    )

    @api.depends("taxes_id", "x_fc_untaxed")
    @api.depends_context("company", "lang")
    def _compute_x_fc_tax_note(self):
        for product in self:
            product.x_fc_tax_note = product._get_tax_problem(self.env.company)

    @api.model_create_multi
    def create(self, vals_list):
        """Take a new product whose taxes were removed as decided."""
        products = super().create(vals_list)
        for product, vals in zip(products, vals_list, strict=True):
            if "taxes_id" in vals and "x_fc_untaxed" not in vals:
                product._note_tax_decision()
        return products

    def write(self, vals):
        """Take it as decided when somebody removes the taxes of a product."""
        result = super().write(vals)
        if "taxes_id" in vals and "x_fc_untaxed" not in vals:
            self._note_tax_decision()
        return result

    def _note_tax_decision(self):
        """Keep what writing the taxes says, where there is a tax to leave out."""
        company = self.env.company
        if not company.sudo().account_sale_tax_id:
            return
        for product in self:
            untaxed = not product._get_sale_taxes(company)
            if product.x_fc_untaxed != untaxed:
                product.x_fc_untaxed = untaxed

    def _get_sale_taxes(self, company):
        """Return the sales taxes of a company that are on the product."""
        return self.sudo().taxes_id._filter_taxes_by_company(company)

    def _is_sale_tax_open(self, company):
        """Tell whether a product lacks the company's tax and nobody decided so."""
        self.ensure_one()
        product = self.sudo().with_company(company)
        return bool(
            company.sudo().account_sale_tax_id
            and not product.x_fc_untaxed
            and not product._get_sale_taxes(company)
        )

    def _get_tax_problem(self, company):
        """Return in words what is to decide about the tax of a service, or nothing."""
        if not self._is_sale_tax_open(company):
            return False
        return self.env._(
            "The sales tax of %(company)s (%(tax)s) is not on “%(product)s”. Add it, "
            "or tick Sold Without Sales Tax on the product's Maintenance page.",
            company=company.name,
            tax=company.sudo().account_sale_tax_id.name,
            product=self.name,
        )

    @api.model
    def _get_visit_services(self):
        """Return all services that visits are invoiced as."""
        categories = self.env["fusion.repair.product.category"].sudo()
        named = categories.with_context(active_test=False).search(
            [("x_fc_maintenance_service_product_id", "!=", False)]
        )
        services = named.x_fc_maintenance_service_product_id.product_tmpl_id
        seeded = self.env.ref(
            "fusion_repairs.product_maintenance_visit", raise_if_not_found=False
        )
        return services | (seeded.sudo().product_tmpl_id if seeded else services)

    @api.model
    def _give_default_sale_tax(self, company):
        """Put a company's sales tax on the services of visits that lack one.

        Its chart of accounts was loaded after them.
        """
        services = self._get_visit_services().filtered(
            lambda p: (
                p.company_id in (company, p.company_id.browse())
                and p._is_sale_tax_open(company)
            )
        )
        services.with_company(company)._force_default_sale_tax(company)
