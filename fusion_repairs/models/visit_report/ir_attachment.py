from odoo import models
from odoo.exceptions import AccessError

VISIT = "fusion.repair.maintenance.visit"


class IrAttachment(models.Model):
    """The files of a visit stand as firmly as the values that they belong to.

    Odoo lets whoever may write a record write its files, signatures included.
    """

    _inherit = "ir.attachment"

    def _check_access(self, operation):
        """Let nobody change, add or delete reports and signatures of visits."""
        refusal = super()._check_access(operation)
        if operation == "read" or self.env.su or not self:
            return refusal
        kept = self._fc_filter_reported()
        if not kept:
            return refusal
        refused = kept | (refusal[0] if refusal else kept)
        return refused, self._fc_make_reported_error

    def write(self, vals):
        """Let no file become a visit's signature."""
        result = super().write(vals)
        moved = not {"res_model", "res_id", "res_field"}.isdisjoint(vals)
        if moved and not self.env.su and self._fc_filter_reported():
            raise self._fc_make_reported_error()
        return result

    def _fc_make_reported_error(self):
        return AccessError(
            self.env._("A visit's report and signatures are written by the system.")
        )

    def _fc_filter_reported(self):
        """Return those that are the report of a visit, or the value of its field."""
        files = self.sudo().filtered(lambda file: file.res_model == VISIT)
        if not files:
            return self.browse()
        # Whoever asks need not know visits.
        visits = self.env[VISIT].sudo()
        reports = visits.search([("report_attachment_id", "in", files.ids)])
        kept = files.filtered("res_field") | reports.report_attachment_id
        return self.browse(kept.ids)
