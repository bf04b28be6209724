"""A client with a login: own units, their visits, their certificates."""

from odoo.exceptions import AccessError, MissingError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal

from .pages import answer_file

CONTRACT = "fusion.repair.maintenance.contract"
CERTIFICATE = "fusion.repair.inspection.certificate"
WORDS = "fusion.repair.public.words"
PAGE = {
    "type": "http",
    "auth": "user",
    "website": True,
    "methods": ["GET"],
    "readonly": True,
}


class EquipmentPortal(CustomerPortal):
    """Pages below /my; somebody else's ids lead back home."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "equipment_count" in counters:
            values["equipment_count"] = len(self._get_units())
        return values

    def _get_units(self, unit_id=None):
        partner = request.env.user.partner_id
        return request.env[CONTRACT]._get_portal_units(partner, unit_id)

    @route("/my/repairs/equipment", **PAGE)
    def portal_my_equipment(self, **_query):
        """List the client's units."""
        values = self._prepare_portal_layout_values()
        values |= {
            "units": self._get_units(),
            "page_name": "equipment",
            "words": request.env[WORDS],
        }
        return request.render("fusion_repairs.portal_my_equipment", values)

    @route("/my/repairs/equipment/<int:unit_id>", **PAGE)
    def portal_my_unit(self, unit_id, **_query):
        """Show one unit: when it is due, what was done, its certificates."""
        unit = self._get_units(unit_id)
        if not unit:
            return request.redirect("/my")
        values = self._prepare_portal_layout_values()
        values |= {
            "unit": unit,
            "visits": unit._get_portal_visits(),
            "certificates": unit._get_portal_certificates(),
            "page_name": "equipment",
            "words": request.env[WORDS],
        }
        return request.render("fusion_repairs.portal_my_unit", values)

    @route("/my/repairs/equipment/<int:unit_id>/visits/<int:visit_id>/report", **PAGE)
    def portal_my_report(self, unit_id, visit_id, **_query):
        """Give the report of one of the client's visits, however long ago it was."""
        unit = self._get_units(unit_id)
        visits = unit and unit._get_portal_visits()
        visit = visits and visits.filtered(lambda visit: visit.id == visit_id)
        file = visit and visit._get_report_file()
        if not file:
            return request.redirect(f"/my/repairs/equipment/{unit_id}")
        return answer_file(file.sudo())  # of a visit of the client's own

    @route("/my/repairs/certificates/<int:certificate_id>/pdf", **PAGE)
    def portal_my_certificate(self, certificate_id, **_query):
        """Give the PDF of one of the client's certificates."""
        try:
            certificate = self._document_check_access(CERTIFICATE, certificate_id)
        except (AccessError, MissingError):
            return request.redirect("/my")
        file = certificate._get_genuine_file()
        if not file:
            contract = certificate.contract_id
            return request.redirect(f"/my/repairs/equipment/{contract.id}")
        return answer_file(file)
