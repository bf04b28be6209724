"""Rendering the client's mails for a look, without sending or writing anything."""

from datetime import timedelta

import pytz
from lxml import html
from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools.rendering_tools import parse_inline_template, render_inline_template

from ...tools.mail_text import html_to_text
from .fusion_repair_maintenance_visit_mail_content import TEMPLATES

CONTRACT_TEMPLATES = {
    "reminder": "fusion_repairs.mail_template_maintenance_reminder",
    "callback": "fusion_repairs.mail_template_callback",
}
AFTERWARDS = {"report": "fusion_repairs.mail_template_visit_report"}
SAMPLE_FEE = 179.0
TEN_O_CLOCK = 10


class FusionRepairMailSample(models.AbstractModel):
    """A mail as its client would get it, made from a record or from sample text.

    Links are masked: the context key ``fusion_mail_preview`` keeps the secret of the
    record out of everything that is rendered. A company without any visit yet sees
    records that are never stored.
    """

    _name = "fusion.repair.mail.sample"
    _description = "Sample of a Client's Email"

    @api.model
    def _get_template(self, kind):
        """Return the mail template of a kind of message."""
        return self.env.ref((CONTRACT_TEMPLATES | TEMPLATES | AFTERWARDS)[kind]).sudo()

    @api.model
    def _render(self, kind, lang, visit=None):
        """Return a mail as dict of subject, body (Markup) and text.

        :param kind: reminder, callback or a kind of the ledger
        :param lang: code of an installed language
        :param visit: to render it from; sample text without one
        """
        record = self._get_record(kind, lang, visit)
        template = self._get_template(kind).with_context(lang=lang)
        variables = {**template._render_eval_context(), "object": record}
        subject = render_inline_template(
            parse_inline_template(template.subject or ""), variables
        )
        body = (
            self.env["ir.qweb"]
            .with_context(lang=lang)
            ._render(
                html.fragment_fromstring(template.body_html, create_parent="div"),
                variables,
            )
        )
        body = Markup(template._replace_local_links(body))
        return {"subject": subject, "body": body, "text": html_to_text(body)}

    @api.model
    def _get_record(self, kind, lang, visit=None):
        visit = visit or self._make_visit()
        visit = visit.sudo().with_context(lang=lang, fusion_mail_preview=True)
        return visit.contract_id if kind in CONTRACT_TEMPLATES else visit

    @api.model
    def _make_visit(self):
        """Return a visit that exists only here: next week, for a client Margaret."""
        company = self.env.company
        client = self.env["res.partner"].new(
            {"name": self.env._("Margaret Example"), "email": "margaret@example.com"}
        )
        unit = self.env["product.template"].new({"name": self.env._("Stair lift")})
        product = self.env["product.product"].new({"product_tmpl_id": unit})
        contract = self.env["fusion.repair.maintenance.contract"].new(
            {
                "company_id": company,
                "partner_id": client,
                "product_id": product,
                "state": "active",
                "x_fc_maintenance_fee": SAMPLE_FEE,
                "next_due_date": fields.Date.today() + timedelta(days=14),
            }
        )
        start = self._get_sample_start(company)
        return self.env["fusion.repair.maintenance.visit"].new(
            {
                "company_id": company,
                "contract_id": contract,
                "partner_id": client,
                "product_id": product,
                "state": "scheduled",
                "x_fc_fee": SAMPLE_FEE,
                "visit_date": start,
                "technician_id": self.env.user,
            }
        )

    @api.model
    def _get_sample_start(self, company):
        """Return ten o'clock a week from now where the company is, naive UTC."""
        zone = pytz.timezone(company._get_maintenance_tz())
        day = fields.Datetime.now() + timedelta(days=7)
        local = zone.localize(day.replace(hour=TEN_O_CLOCK, minute=0, second=0))
        return local.astimezone(pytz.utc).replace(tzinfo=None, microsecond=0)
