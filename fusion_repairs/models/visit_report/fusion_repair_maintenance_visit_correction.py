from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.fusion_tasks.groups import USER

# What the report says besides its checklist and parts.
REPORTED = (
    "outcome",
    "findings_text",
    "parts_note",
    "labour_minutes",
    "signed_by",
    "signature_state",
    "signature_reason",
    "reported_at",
    "service_date",
)
ANSWERED = ("section", "name", "result", "reading_text", "note", "defect_class")


class FusionRepairMaintenanceVisit(models.Model):
    """What was reported stands; a correction takes it back for a reason, and keeps it.

    The report is then filled in and signed again. A certificate follows as a revision.
    """

    _inherit = "fusion.repair.maintenance.visit"

    correction_ids = fields.One2many(
        "fusion.repair.report.correction",
        "visit_id",
        string="Corrections",
        readonly=True,
        groups=USER,
    )

    def action_correct_report(self):
        """Ask why the report is corrected."""
        self.ensure_one()
        self._check_correctable()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correct the Report"),
            "res_model": "fusion.repair.report.correction.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_visit_id": self.id},
        }

    def _check_correctable(self):
        self.ensure_one()
        self._check_office()
        if self.state != "done" or not self.reported_at:
            raise UserError(self.env._("There is no report to be corrected."))

    def _correct_report(self, reason):
        """Take the report back so that it is sent anew; what it said is kept.

        :param reason: in words; stays with what is kept, and on the certificate
        :raise UserError: without a report, or a reason
        """
        self._check_correctable()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Please give the reason."))
        visit = self.sudo()  # nobody writes what was reported by hand
        visit.contract_id._lock()
        visit._withdraw_report(reason)
        visit._withdraw_report_document()
        visit._withdraw_certificate(reason)
        visit._schedule_report_activity()
        visit._message_log(
            body=self.env._("The report is being corrected: %(reason)s", reason=reason),
            author_id=self.env.user.partner_id.id,
        )

    def _get_reported(self):
        """Return what the report says, as plain values to be kept."""
        self.ensure_one()
        said = {name: self[name] or False for name in REPORTED}
        for name in ("reported_at", "service_date"):
            said[name] = said[name] and str(said[name])
        said["technician"] = self.technician_signed_by_id.name
        said["checklist"] = [
            {name: line[name] or False for name in ANSWERED}
            for line in self.checklist_line_ids
        ]
        said["parts"] = [
            {"product": part.product_id.display_name, "quantity": part.quantity}
            for part in self.part_ids
        ]
        return said
