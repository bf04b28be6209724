from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import html2plaintext


class FusionRepairInspectionCertificate(models.Model):
    """What a certificate says, and until when: kept as it was on the day of issue."""

    _inherit = "fusion.repair.inspection.certificate"

    @api.model
    def _prepare_from_visit(self, visit):
        """Return the values of the certificate of a visit, in the client's language."""
        installed = dict(self.env["res.lang"].get_installed())
        wanted = (visit.partner_id.lang, visit.company_id.partner_id.lang, "en_US")
        lang = next((code for code in wanted if code in installed), self.env.lang)
        visit = visit.with_context(lang=lang, bin_size=False)
        return {
            "lang": lang,
            "company_id": visit.company_id.id,
            "visit_id": visit.id,
            "contract_id": visit.contract_id.id,
            "partner_id": visit.partner_id.id,
            "product_id": visit.product_id.id,
            "lot_id": visit.lot_id.id,
            "technician_id": visit.technician_id.id,
            **self._prepare_parties(visit),
            **self._prepare_unit(visit),
            **self._prepare_examination(visit),
            **self._prepare_signatures(visit),
        }

    @api.model
    def _prepare_parties(self, visit):
        company = visit.company_id
        place = visit.address_id or visit.partner_id
        return {
            "dealer_name": company.name,
            "dealer_address": self._format_address(company.partner_id),
            "dealer_phone": company.phone,
            "dealer_licence": company.x_fc_licence_number,
            "client_name": visit.partner_id.display_name,
            "site_address": self._format_address(place),
        }

    @api.model
    def _format_address(self, partner):
        lines = partner._display_address(without_company=True).splitlines()
        return "\n".join(line.strip() for line in lines if line.strip())

    @api.model
    def _prepare_unit(self, visit):
        contract, product = visit.contract_id, visit.product_id
        category = contract.x_fc_policy_category_id
        return {
            "device_class": category.name,
            "maker": product.x_fc_maker,
            "model": product.x_fc_model_number or contract._get_unit_name(),
            "serial": visit.serial or visit.lot_id._filter_named().name,
            "installation_number": contract.installation_number,
            "installed_on": contract.start_date,
            "rated_load": product.x_fc_rated_load,
            "standard": category._get_certificate_standard(),
            "scope": visit.company_id._get_certificate_scope(),
        }

    @api.model
    def _prepare_examination(self, visit):
        day = visit.service_date
        category = visit.contract_id.x_fc_policy_category_id
        months = category.certificate_validity_months
        former = visit.contract_id.visit_ids.filtered(
            lambda v: v.state == "done" and v.service_date and v.service_date < day
        ).sorted("service_date")[-1:]
        return {
            "examination_type": "after_repair"
            if former.outcome == "unsafe"
            else "periodic",
            "examined_on": day,
            "next_due_on": visit.rolled_to or visit.contract_id.next_due_date,
            "expires_on": day + relativedelta(months=months),
            "safe_to_operate": "yes" if visit.outcome == "pass" else "conditions",
            "findings": self._get_findings_text(visit),
            "parts_replaced": self._get_parts_text(visit),
            "lines": [self._prepare_line(line) for line in visit.checklist_line_ids],
            "defects": [
                self._prepare_defect(defect) for defect in visit._get_all_defects()
            ],
        }

    @api.model
    def _prepare_line(self, line):
        lang = line.env.lang
        return {
            "section": line._get_name_in(lang, "section") or "",
            "name": line._get_name_in(lang),
            "critical": line.critical,
            "result": line.result,
            "reading": line._format_reading(),
            "limits": line._format_limits(),
            "note": line.note or "",
        }

    @api.model
    def _prepare_defect(self, defect):
        return {
            "name": defect.line_id._get_name_in(defect.env.lang) or defect.name,
            "note": defect.note or "",
            "class": defect.defect_class,
            "due": fields.Date.to_string(defect.date_due) or "",
        }

    @api.model
    def _prepare_signatures(self, visit):
        technician = visit.technician_id
        signed = visit.signature_state == "signed" and visit.signature
        # Whoever filled in the report for the technician did not examine the unit.
        signer = visit.technician_signed_by_id or technician
        own = signer == technician and visit.technician_signature
        return {
            "technician_name": technician.name,
            "technician_qualification": technician.x_fc_qualification,
            "reported_at": visit.reported_at,
            "time_zone": visit._get_tz(),
            "technician_signature": own,
            "witness_name": visit.signed_by if signed else False,
            "witness_signature": signed,
            "not_signed": False if signed else self._get_not_signed_reason(visit),
        }

    @api.model
    def _get_parts_text(self, visit):
        """Return the parts that were put in, one a line."""
        lines = [
            f"{part.quantity:g} × {part.product_id.display_name}"
            for part in visit.part_ids
            if part.quantity > 0
        ]
        return "\n".join(lines) or False

    @api.model
    def _get_findings_text(self, visit):
        """Return what was found, and what was noted of parts that came otherwise.

        Among those may be parts that are yet to be ordered: they are not put in.
        """
        texts = [html2plaintext(visit.findings or "").strip()]
        if visit.parts_note:
            texts.append(
                visit.env._(
                    "Other parts, used or needed: %(note)s", note=visit.parts_note
                )
            )
        return "\n".join(filter(None, texts)) or False

    @api.model
    def _get_not_signed_reason(self, visit):
        """Return why the client did not sign, and the technician's words for it."""
        texts = {
            "not_present": visit.env._("The client was not present."),
            "refused": visit.env._("The client did not wish to sign."),
        }
        text = texts.get(visit.signature_state, visit.env._("The client did not sign."))
        return " ".join(filter(None, (text, visit.signature_reason)))
