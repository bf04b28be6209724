from odoo import models


class AccountChartTemplate(models.AbstractModel):
    """A chart of accounts brings taxes, which our services are to have."""

    _inherit = "account.chart.template"

    def _post_load_data(self, template_code, company, template_data):
        """Put the new default tax on the services that visits are invoiced as."""
        result = super()._post_load_data(template_code, company, template_data)
        company = company or self.env.company
        self.env["product.template"].sudo()._give_default_sale_tax(company)
        return result
