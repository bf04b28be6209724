from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class FusionRepairVisitReportWizard(models.TransientModel):
    """What the technician fills in on site, phone in hand."""

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
    line_ids = fields.One2many(
        "fusion.repair.visit.report.wizard.line", "wizard_id", string="Checklist"
    )
    open_count = fields.Integer(string="Still Open", compute="_compute_summary")
    outcome_text = fields.Char(string="Result", compute="_compute_summary")
    findings = fields.Html()
    parts_note = fields.Text(string="Parts Used or Needed")
    labour_minutes = fields.Integer(string="Labour (Minutes)")
    signature = fields.Image(
        string="Client's Signature", max_width=1024, max_height=1024
    )
    signed_by = fields.Char()

    @api.model
    def _create_for(self, visit):
        """Return a report with the checklist of a visit laid out, none answered."""
        return self.create(
            {
                "visit_id": visit.id,
                "signed_by": visit.partner_id.name,
                "line_ids": [
                    Command.create({"checklist_line_id": line.id})
                    for line in visit.checklist_line_ids
                ],
            }
        )

    @api.depends("line_ids.result", "line_ids.problem", "visit_id")
    def _compute_summary(self):
        outcomes = {
            "pass": self.env._("All good"),
            "pass_with_findings": self.env._("Good, with findings"),
            "unsafe": self.env._("Unsafe: the client must not use the unit"),
        }
        for report in self:
            verdict = report.visit_id._get_verdict(report.line_ids._to_answers())
            report.open_count = len(
                {*verdict.missing, *(p.key for p in verdict.invalid)}
            )
            report.outcome_text = outcomes.get(verdict.outcome, "")

    def action_pass_open_lines(self):
        """Answer with a pass what is still open and needs no reading."""
        self.ensure_one()
        open_lines = self.line_ids.filtered(lambda line: not line.result)
        open_lines.filtered(lambda line: not line.reading_unit).result = "pass"

    def action_submit(self):
        """Close the visit with this report."""
        self.ensure_one()
        visit = self.visit_id
        visit._check_reportable()
        self._check_complete()
        self.line_ids._store()
        visit._submit_report(
            {
                "findings": self.findings,
                "parts_note": self.parts_note,
                "labour_minutes": self.labour_minutes,
                "signature": self.signature,
                "signed_by": self.signed_by if self.signature else False,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": visit._name,
            "res_id": visit.id,
            "view_mode": "form",
            "target": "main",
        }

    def _check_complete(self):
        own = self.visit_id.checklist_line_ids
        if self.line_ids.checklist_line_id - own:
            raise UserError(
                self.env._("A line belongs to the report of another visit.")
            )
        if self.labour_minutes < 0:
            raise UserError(self.env._("Labour time cannot be negative."))
        left = self.line_ids.filtered(lambda line: not line.result or line.problem)
        if left:
            lines = "\n".join(
                f"- {line.name}: {line.problem or self.env._('no answer yet')}"
                for line in left
            )
            raise UserError(
                self.env._("Please complete these lines:\n%(lines)s", lines=lines)
            )
