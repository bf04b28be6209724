"""The page behind the code on a certificate: does it still hold?"""

from odoo.http import Controller, request, route

from .booking import READ
from .pages import answer, answer_expired


class CertificateController(Controller):
    """Answer anybody who holds a certificate; nothing here changes anything."""

    @route("/repairs/certificate/<string:token>", **READ)
    def verify(self, token, **query):
        """Show whether the certificate of a link is valid."""
        page_model = request.env["fusion.repair.public.page"]
        certificate = page_model._find_certificate(token)
        if not certificate:
            return answer_expired(query)
        shown = page_model._get_certificate_page(
            certificate, {"lang": query.get("lang")}
        )
        return answer(shown)
