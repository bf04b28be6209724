from markupsafe import Markup

from odoo import api, fields, models


class FusionRepairVisitReportWizard(models.TransientModel):
    """What the visit comes to, and what the client signs: seen before it is signed."""

    _inherit = "fusion.repair.visit.report.wizard"

    charges = fields.Html(
        string="What It Costs", compute="_compute_charges", sanitize=False
    )
    total = fields.Float(compute="_compute_charges")
    has_charged_parts = fields.Boolean(compute="_compute_charges")
    # No help text: the page would show it over the pad.
    statement = fields.Json(compute="_compute_statement")
    signature_stale = fields.Boolean(compute="_compute_signature_stale")

    @api.depends("part_ids.quantity", "part_ids.charged", "part_ids.product_id")
    @api.depends_context("lang")
    def _compute_charges(self):
        for report in self:
            visit = report.visit_id
            report.total = visit._get_charges()["total"]
            report.has_charged_parts = visit._has_charged_parts()
            report.charges = Markup(
                '<table class="table table-sm o_fc_charges">%s</table>'
            ) % Markup().join(
                Markup("<tr><td>%s</td><td>%s</td></tr>") % row
                for row in visit._get_charges_rows()
            )

    @api.depends(
        "line_ids.result",
        "line_ids.reading",
        "line_ids.note",
        "line_ids.defect_class",
        "charges",
        "known",
    )
    def _compute_statement(self):
        """Say it in the client's language: it is the client who signs."""
        for report in self:
            visit = report.visit_id
            client = visit.sudo().partner_id
            report.statement = visit.with_context(lang=client.lang)._get_statement()

    @api.depends("statement", "visit_id.signature", "visit_id.signed_facts")
    def _compute_signature_stale(self):
        for report in self:
            report.signature_stale = report.visit_id._is_signature_stale()
