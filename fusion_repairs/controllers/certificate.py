"""The page behind the code on a certificate: does it still hold?"""

from odoo.http import Controller, request, route

from .booking import READ
from .pages import answer


class CertificateController(Controller):
    """Answer anybody who holds a certificate; nothing here changes anything."""

    @route("/repairs/certificate/<string:token>", **READ)
    def verify(self, token, **query):
        """Show whether the certificate of a link is valid."""
        page_model = request.env["fusion.repair.public.page"]
        certificate = page_model._find_certificate(token)
        asked = {"lang": query.get("lang")}
        if not certificate:
            return answer(page_model._get_unknown_certificate_page(asked), status=404)
        return answer(page_model._get_certificate_page(certificate, asked))
