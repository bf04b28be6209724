"""What the link of a visit shows once the visit took place."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.tokens import FOLDED, TOKEN_PATTERN, fold_token

CERTIFICATE_URL = "/repairs/certificate/"


class FusionRepairPublicPage(models.AbstractModel):
    """The page of a visit that is over: thank you, result, documents."""

    _inherit = "fusion.repair.public.page"

    @api.model
    def _get_done_page(self, visit, query):
        """Return the page of a visit that took place, and of nothing after it.

        :param visit: the visit of the token, in sudo
        """
        page_model = self._for_language(visit.partner_id, visit.company_id, query)
        visit = visit.with_context(lang=page_model.env.lang)
        page = page_model._prepare_frame(visit.company_id, visit._get_done_url(), query)
        page |= page_model._prepare_unit(visit.contract_id)
        page["unit"]["city"] = ""
        page |= {
            "day": page_model._format_day(visit.service_date, year=True),
            "result": page_model._prepare_result(visit),
            "next_due": page_model._get_next_due_text(visit),
            "urgent": visit.outcome == "unsafe",
            "altered": visit.is_report_altered and visit._get_altered_text(),
            "danger_text": visit.outcome == "unsafe"
            and visit.contract_id.unsafe
            and visit._get_danger_text(),
            "price": visit._get_charges_rows() if visit.reported_at else [],
            "documents": [
                {
                    "label": document["label"],
                    "url": f"{visit._get_done_url()}/document/{document['key']}",
                }
                for document in visit._get_done_documents()
            ],
        }
        return "fusion_repairs.booking_done_page", page

    def _prepare_result(self, visit):
        """Return in one plain sentence what was found; nothing without a report."""
        unsafe = visit.outcome == "unsafe"
        text = visit._get_result_text()
        if unsafe and not visit.contract_id.unsafe:
            text = self.env._(
                "On this visit it was not safe to use. If you are not sure that it was "
                "repaired since, please call us before you use it."
            )
        return text and {"text": text, "unsafe": unsafe}

    def _get_next_due_text(self, visit):
        """Return when the unit is due next, as long as that is news of this visit."""
        contract = visit.contract_id
        is_last = contract.last_service_date == visit.service_date
        if not is_last or contract.state != "active" or not contract.next_due_date:
            return ""
        return self._format_month(contract.next_due_date)

    # Certificate page --------------------------------------------------------

    @api.model
    def _find_certificate(self, token):
        """Return the certificate of a verification link, in sudo, or an empty one."""
        # With the rights of the system: the page shows a fixed few of its values.
        found = self.env["fusion.repair.inspection.certificate"].sudo().browse()
        if isinstance(token, str) and TOKEN_PATTERN.fullmatch(token):
            domain = Domain("access_key", "=", token) & Domain("state", "!=", "draft")
            found = found.search(domain, limit=1) or self._find_typed_code(token)
        return found

    def _find_typed_code(self, code):
        """Return the certificate whose code reads like one that was typed off paper.

        Capital and small letters count the same, and so do 0 and O, 1 and l: more than
        200 bits of the secret are left.
        """
        certificates = self.env["fusion.repair.inspection.certificate"].sudo()
        certificates.flush_model(["access_key", "state"])
        alike = SQL(FOLDED.format(column="access_key"))
        query = SQL(
            "SELECT id FROM %s WHERE access_key IS NOT NULL AND state <> 'draft'"
            " AND %s = %s LIMIT 2",
            SQL.identifier(certificates._table),
            alike,
            fold_token(code),
        )
        ids = [row[0] for row in self.env.execute_query(query)]
        return certificates.browse(ids if len(ids) == 1 else [])

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

    @api.model
    def _get_unknown_certificate_page(self, query):
        """Return the page of a code that is no certificate's: of a forged one, say."""
        company = self.env.company.sudo()
        page_model = self._for_language(self.env["res.partner"], company, query)
        page = page_model._prepare_frame(company, "", query)
        return "fusion_repairs.certificate_unknown_page", page

    def _prepare_certificate(self, certificate, status):
        newer = certificate
        while newer.superseded_by_id:
            newer = newer.superseded_by_id
        category = certificate.contract_id.x_fc_policy_category_id
        return {
            "status": status,
            "number": certificate._get_full_number(),
            "replaced_text": self._get_replaced_text(certificate, newer),
            "safe": certificate._get_choice_label("safe_to_operate"),
            "conditional": certificate.safe_to_operate == "conditions",
            "conditions": self._prepare_conditions(certificate),
            "conditions_lang": (certificate.lang or self.env.lang).replace("_", "-"),
            "unit_type": category.name or certificate.device_class,
            "examined_on": self._format_date(certificate.examined_on),
            "expires_on": self._format_date(certificate.expires_on),
            "ended_on": certificate.ended_at
            and self._format_date(certificate.ended_at.date()),
            "fingerprint": certificate.digest[:16],
        }

    def _get_replaced_text(self, certificate, newer):
        """Return what a certificate that was superseded is still good for: nothing."""
        if newer == certificate:
            return self.env._(
                "This certificate was replaced by a newer one. Please do not rely on "
                "this one."
            )
        number = newer._get_full_number()
        if newer.status == "revoked":
            return self.env._(
                "This certificate was replaced by %(number)s, which was revoked. "
                "Please rely on neither of them.",
                number=number,
            )
        return self.env._(
            "This certificate was replaced by %(number)s. Please rely on the newer "
            "one only.",
            number=number,
        )

    def _prepare_conditions(self, certificate):
        """Return what must be repaired, as on the paper but for what was noted freely.

        :return: dicts of name and due: by when, in words
        """
        if certificate.safe_to_operate != "conditions":
            return []
        return [
            {
                "name": defect["name"],
                "due": self._get_condition_due_text(
                    fields.Date.to_date(defect["due"] or None),
                    certificate.contract_id._get_today(),
                ),
            }
            for defect in certificate.defects or ()
        ]

    def _get_condition_due_text(self, day, today):
        if not day:
            return ""
        if day < today:
            return self.env._(
                "This was to be repaired by %(day)s: ask whether it was done.",
                day=self._format_date(day),
            )
        return self.env._("To be repaired by %(day)s.", day=self._format_date(day))

    def _format_date(self, day):
        """Return a date with its year, without the day of the week."""
        return self.env["fusion.repair.inspection.certificate"]._format_day(day)
