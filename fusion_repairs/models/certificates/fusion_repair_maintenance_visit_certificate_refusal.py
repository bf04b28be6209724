from odoo import api, fields, models


class FusionRepairMaintenanceVisit(models.Model):
    """Which visits earn a certificate, and why the others do not."""

    _inherit = "fusion.repair.maintenance.visit"

    certificate_refusal = fields.Char(
        string="Reason for No Certificate", compute="_compute_certificate_refusal"
    )

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
