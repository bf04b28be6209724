from odoo import fields, models
from odoo.tools.misc import format_date


class FusionRepairMaintenanceVisit(models.Model):
    """The certificate that a visit earns, or why it earns none."""

    _inherit = "fusion.repair.maintenance.visit"

    inspection_certificate_id = fields.Many2one(
        "fusion.repair.inspection.certificate",
        string="Certificate",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    certificate_ids = fields.One2many(
        "fusion.repair.inspection.certificate", "visit_id", string="Certificates"
    )

    def _settle_certificate(self):
        """Issue the certificate, or end what the visit found to be no longer true."""
        if self.contract_id.unsafe:
            self._revoke_certificates()
        elif self.inspection_certificate_id.state != "issued":
            if not self._get_certificate_refusal():
                self.env["fusion.repair.inspection.certificate"]._issue_for(self)

    def _revoke_certificates(self):
        """End every certificate of a unit that was found unsafe."""
        self.contract_id.certificate_ids._end(
            "revoked",
            self.env._(
                "The unit was found unsafe on visit %(visit)s.", visit=self.name
            ),
        )

    def _withdraw_certificate(self, reason):
        """Take back the certificate of a report that is taken back.

        :param reason: in words; the revision that follows says it, too
        """
        self.sudo().certificate_ids._end("revoked", reason)

    def _prepare_done_certificate(self):
        """Return the certificate as one of ``_get_done_documents``, while it holds."""
        certificate = self.sudo().inspection_certificate_id
        holds = certificate.state == "issued" and certificate.visit_id == self
        attachment = holds and certificate._get_genuine_file()
        if not attachment:
            return None
        return {
            "key": "certificate",
            "label": self.env._("Certificate of inspection (PDF)"),
            "attachment": attachment,
        }

    def _get_certificate_text(self):
        """Return which certificate the visit earned, and until when it holds; or ""."""
        certificate = self.sudo().inspection_certificate_id
        if certificate.state != "issued" or certificate.visit_id != self:
            return ""
        number = certificate._get_full_number()
        if not certificate.expires_on:
            return self.env._("Certificate: %(number)s", number=number)
        return self.env._(
            "Certificate: %(number)s, valid until %(day)s",
            number=number,
            day=format_date(self.env, certificate.expires_on, date_format="long"),
        )

    def action_view_certificate(self):
        """Open the certificate of the visit."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "fusion.repair.inspection.certificate",
            "res_id": self.inspection_certificate_id.id,
            "view_mode": "form",
        }
