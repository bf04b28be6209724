from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.fusion_repair_maintenance_visit_draft import SIGNATURE_STATES

TEXTS = ("parts_note", "signed_by", "signature_state", "signature_reason")


class FusionRepairVisitReportWizard(models.TransientModel):
    """What the technician fills in on site, phone in hand.

    A window on the visit and nothing more: whatever is typed goes to the draft on the
    visit with the next save, so it outlives this dialog, the phone and the day.
    """

    _name = "fusion.repair.visit.report.wizard"
    _description = "Visit Report"
    _rec_name = "visit_id"

    visit_id = fields.Many2one(
        "fusion.repair.maintenance.visit", required=True, readonly=True
    )
    partner_id = fields.Many2one(related="visit_id.partner_id")
    product_id = fields.Many2one(related="visit_id.product_id")
    serial = fields.Char(related="visit_id.serial")
    client_note = fields.Text(related="visit_id.client_note")
    company_id = fields.Many2one(related="visit_id.company_id")
    line_ids = fields.One2many(
        "fusion.repair.visit.report.wizard.line", "wizard_id", string="Checklist"
    )
    part_ids = fields.One2many(
        "fusion.repair.visit.report.wizard.part", "wizard_id", string="Parts Used"
    )
    findings = fields.Text(compute="_compute_draft", inverse="_inverse_findings")
    parts_note = fields.Text(
        string="Other Parts, Used or Needed",
        compute="_compute_draft",
        inverse="_inverse_texts",
    )
    labour_minutes = fields.Integer(
        string="Labour (Minutes)",
        compute="_compute_draft",
        inverse="_inverse_labour_minutes",
    )
    timer_started_at = fields.Datetime(related="visit_id.timer_started_at")
    signature_state = fields.Selection(
        SIGNATURE_STATES,
        string="The Client Has",
        compute="_compute_draft",
        inverse="_inverse_texts",
    )
    signature_reason = fields.Char(
        string="Why Not", compute="_compute_draft", inverse="_inverse_texts"
    )
    signature = fields.Image(
        string="Client's Signature",
        max_width=1024,
        max_height=1024,
        compute="_compute_draft",
        inverse="_inverse_signature",
    )
    signed_by = fields.Char(compute="_compute_draft", inverse="_inverse_texts")
    technician_signature = fields.Image(
        string="Your Signature",
        max_width=1024,
        max_height=1024,
        compute="_compute_draft",
        inverse="_inverse_technician_signature",
    )

    @api.model
    def _create_for(self, visit):
        """Return a report that goes on with the draft of a visit."""
        if not visit.signed_by:
            visit._save_draft({"signed_by": visit.partner_id.name})
        return self.create(
            {
                "visit_id": visit.id,
                "line_ids": [
                    Command.create({"checklist_line_id": line.id})
                    for line in visit.checklist_line_ids
                ],
                "part_ids": [
                    Command.create({"part_id": part.id}) for part in visit.part_ids
                ],
            }
        )

    @api.constrains("visit_id")
    def _check_visit(self):
        for report in self:
            report.visit_id._check_reportable()

    # The draft -------------------------------------------------------------------

    @api.depends(
        "visit_id.findings_text",
        "visit_id.labour_minutes",
        "visit_id.signature",
        "visit_id.technician_signature",
        *(f"visit_id.{name}" for name in TEXTS),
    )
    def _compute_draft(self):
        for report in self:
            visit = report.visit_id
            report.findings = visit.findings_text
            for name in (*TEXTS, "labour_minutes", "signature", "technician_signature"):
                report[name] = visit[name]

    def _inverse_findings(self):
        for report in self:
            report.visit_id._save_draft({"findings_text": report.findings})

    def _inverse_texts(self):
        for report in self:
            report.visit_id._save_draft({name: report[name] for name in TEXTS})

    def _inverse_labour_minutes(self):
        for report in self:
            if report.labour_minutes < 0:
                raise UserError(self.env._("Labour time cannot be negative."))
            report.visit_id._save_draft({"labour_minutes": report.labour_minutes})

    # An inverse of its own each: beside a change elsewhere these hold only a size.

    def _inverse_signature(self):
        for report in self:
            report.visit_id._save_draft({"signature": report.signature})

    def _inverse_technician_signature(self):
        for report in self:
            report.visit_id._save_draft(
                {"technician_signature": report.technician_signature}
            )
