from odoo import api, fields, models
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

    certificate_refusal = fields.Char(
        string="Reason for No Certificate", compute="_compute_certificate_refusal"
    )

    def _settle_certificate(self):
        """Issue the certificate, or end what the visit found to be no longer true."""
        if self.contract_id.unsafe:
            self._revoke_certificates()
        elif self.inspection_certificate_id.state != "issued":
            if not self._get_certificate_refusal():
                self.env["fusion.repair.inspection.certificate"]._issue_for(self)

    @api.depends("state", "outcome", "inspection_certificate_id.state")
    @api.depends_context("lang")
    def _compute_certificate_refusal(self):
        for visit in self:
            certified = visit.inspection_certificate_id.state == "issued"
            refusal = ""
            if visit.state == "done" and not certified:
                refusal = visit._get_certificate_refusal()
            visit.certificate_refusal = refusal

    def _get_certificate_refusal(self):
        """Return why this visit gets no certificate, in words; empty: it gets one.

        Only a done and reported visit to a kind of unit that is certified gets one,
        only if the rules of the checklist allow it, and never while the unit is
        marked unsafe.
        """
        self.ensure_one()
        visit = self.sudo()  # a technician reads the policy only through the visit
        category = visit.contract_id.x_fc_policy_category_id
        if not category._gets_certificates():
            return self.env._("Units of this kind get no certificate.")
        if visit.state != "done" or not visit.reported_at:
            return self.env._("There is no report of this visit.")
        texts = {
            "critical_failure": self.env._("A critical check failed."),
            "incomplete": self.env._("The checklist is not complete."),
            "nothing_passed": self.env._("Nothing of the checklist could be tested."),
            "open_danger": self.env._(
                "A known hazard has not been confirmed as fixed since."
            ),
        }
        code = visit._get_verdict().certificate_refusal
        if code in (None, "open_danger") and visit.contract_id.unsafe:
            return self.env._("The unit is marked unsafe.")
        if not code and any(
            defect._rules_out_certificate()
            for defect in visit.contract_id._get_open_defects()
        ):
            code = "open_danger"  # found later than this visit
        return texts.get(code, "")

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
