"""Services of visits without tax that a dealer made stay without tax: it was decided.

Our own product had none wherever the chart of accounts came after it: that was not.
"""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Tick Sold Without Sales Tax on the dealer's own services without one.

    :param cr: the cursor
    :param version: the version that is installed, None at a first installation
    """
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    seeded = env.ref("fusion_repairs.product_maintenance_visit").product_tmpl_id
    services = env["product.template"]._get_visit_services() - seeded
    for company in env["res.company"].search([("account_sale_tax_id", "!=", False)]):
        decided = services.filtered(lambda p, c=company: p._is_sale_tax_open(c))
        decided.with_company(company).x_fc_untaxed = True
