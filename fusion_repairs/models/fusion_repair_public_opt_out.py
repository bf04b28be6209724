from odoo import api, models

from .res_partner_consent import OPT_OUT_FIELDS


class FusionRepairPublicPage(models.AbstractModel):
    """The page on which a client says which messages we may send."""

    _inherit = "fusion.repair.public.page"

    @api.model
    def _get_opt_out_page(self, partner, url, query, done=None):
        """Return the page of a client's opt-out link.

        :param partner: the client of the link, in sudo
        :param done: what was just done: ``stop``, ``keep`` or nothing
        """
        company = self._get_client_company(partner)
        page_model = self._for_language(partner, company, query)
        page = page_model._prepare_frame(company, url, query)
        page["done"] = done
        page["stopped"] = {kind: partner[name] for kind, name in OPT_OUT_FIELDS.items()}
        return "fusion_repairs.opt_out_page", page

    def _get_client_company(self, partner):
        """Return the company that looks after a client: of the latest contract."""
        contracts = partner.x_fc_maintenance_contract_ids.sorted("id")
        company = partner.company_id or contracts[-1:].company_id
        return (company or self.env.company).sudo()  # name, address, phone: public
