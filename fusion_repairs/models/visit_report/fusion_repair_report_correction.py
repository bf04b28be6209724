from odoo import api, fields, models
from odoo.exceptions import UserError

from ..visits.fusion_repair_maintenance_visit import OUTCOMES


class FusionRepairReportCorrection(models.Model):
    """What a report said before it was corrected: who took it back, when and why.

    Written by the system when a report is taken back; nobody edits or deletes one.
    """

    _name = "fusion.repair.report.correction"
    _description = "Correction of a Report"
    _inherit = "fusion.repair.document.mixin"
    _order = "id desc"
    _rec_name = "reason"
    _document_fields = frozenset({"report_attachment_id", "report_hash"})
    _file_hashes = {"report_attachment_id": "report_hash"}

    visit_id = fields.Many2one(
        "fusion.repair.maintenance.visit",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="visit_id.company_id", store=True, index=True)
    date = fields.Datetime(
        string="Corrected On",
        required=True,
        readonly=True,
        default=fields.Datetime.now,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Corrected By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    reason = fields.Char(required=True, readonly=True)
    outcome = fields.Selection(
        selection=OUTCOMES, string="Result Before", readonly=True
    )
    values = fields.Json(
        string="Report Before", readonly=True, help="What the report said before."
    )
    signature = fields.Binary(
        string="Client's Signature Before", readonly=True, attachment=True, copy=False
    )
    report_attachment_id = fields.Many2one(
        "ir.attachment",
        string="Former Report",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    report_hash = fields.Char(string="SHA-256 of the Report", readonly=True, copy=False)

    def write(self, vals):
        """Refuse: what was kept stays as it was."""
        if self and vals:
            raise UserError(self.env._("The history of a report cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The history of a report cannot be deleted."))

    @api.model
    def _keep(self, visit, reason):
        """Keep what a visit's report says now, with its document.

        :param visit: in sudo
        :param reason: in words
        """
        file = visit._get_own_file("report_attachment_id")
        kept = self.sudo().create(
            {
                "visit_id": visit.id,
                "user_id": self.env.uid,
                "reason": reason,
                "outcome": visit.outcome,
                "values": visit._get_reported(),
                "signature": visit.with_context(bin_size=False).signature,
            }
        )
        if file:
            kept._write_document(
                {"report_attachment_id": file.id, "report_hash": visit.report_hash}
            )
            file.write({"res_model": kept._name, "res_id": kept.id})
        visit._write_document({"report_attachment_id": False, "report_hash": False})
        return kept
