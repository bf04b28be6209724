"""What the verification page of a certificate says, and to whom: to anybody."""

from odoo import api, models

from .fusion_repair_maintenance_contract_token import TOKEN_PATTERN

CERTIFICATE_URL = "/repairs/certificate/"


class FusionRepairPublicPage(models.AbstractModel):
    """Answer whether a certificate holds: kind of unit, dates, number, dealer.

    Whoever found the paper may look: nothing here says whose unit it is or where.
    """

    _inherit = "fusion.repair.public.page"

    @api.model
    def _find_certificate(self, token):
        """Return the certificate of a verification link, in sudo, or an empty one."""
        # With the rights of the system: the page shows a fixed few of its values.
        found = self.env["fusion.repair.inspection.certificate"].sudo().browse()
        if isinstance(token, str) and TOKEN_PATTERN.fullmatch(token):
            domain = [("access_key", "=", token), ("state", "!=", "draft")]
            found = found.search(domain, limit=1)
        return found

    @api.model
    def _get_certificate_page(self, certificate, query):
        """Return the verification page.

        :param certificate: the certificate of the link, in sudo
        """
        company = certificate.company_id
        nobody = self.env["res.partner"]
        page_model = self._for_language(nobody, company, query)
        certificate = certificate.with_context(lang=page_model.env.lang)
        # The address holds the link's own secret only, which the visitor knows.
        url = f"{CERTIFICATE_URL}{certificate.access_key}"
        page = page_model._prepare_frame(company, url, query)
        status = "unconfirmed"
        if certificate._is_unaltered():
            status = certificate.status
        page |= page_model._prepare_certificate(certificate, status)
        return "fusion_repairs.certificate_page", page

    def _prepare_certificate(self, certificate, status):
        newer = certificate
        while newer.superseded_by_id:
            newer = newer.superseded_by_id
        category = certificate.contract_id.x_fc_policy_category_id
        return {
            "status": status,
            "number": certificate._get_full_number(),
            "newer": newer._get_full_number() if newer != certificate else "",
            "unit_type": category.name or certificate.device_class,
            "examined_on": self._say_date(certificate.examined_on),
            "expires_on": self._say_date(certificate.expires_on),
            "ended_on": certificate.ended_at
            and self._say_date(certificate.ended_at.date()),
            "fingerprint": certificate.digest[:16],
        }

    def _say_date(self, day):
        """Return a date with its year, without the day of the week."""
        return self.env["fusion.repair.inspection.certificate"]._say_day(day)
