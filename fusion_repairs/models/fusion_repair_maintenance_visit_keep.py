from odoo import fields, models
from odoo.exceptions import UserError

from ..recurrence import holds

# How a field of the report is called on the visit, where it is not called the same.
ON_VISIT = {"findings": "findings_text"}


class FusionRepairMaintenanceVisit(models.Model):
    """Entries of the report, each with the time it was made and the device.

    A phone without a connection sends them hours later: what another device entered
    since is not undone by that.
    """

    _inherit = "fusion.repair.maintenance.visit"

    draft_stamps = fields.Json(
        copy=False, help="When and where each entry of the report was made."
    )

    def _keep_entry(self, name, value, edit):
        """Keep one entry of the report, unless a newer one stands.

        :param name: name of the field on the report
        :param value: value of the field
        :param edit: ``Edit``: when and where it was made
        :return: whether it holds
        """
        self.ensure_one()
        self._check_reportable()
        if name == "labour_minutes" and value < 0:
            raise UserError(self.env._("Labour time cannot be negative."))
        target = ON_VISIT.get(name, name)
        stamps = self.sudo().draft_stamps or {}
        if not holds(edit, stamps.get(name)):
            kept = self.sudo().with_context(bin_size=False)[target]
            if isinstance(kept, bytes):
                kept = kept.decode()
            return (kept or False) == (value or False)
        stamps = {**stamps, name: edit.to_stamp()}
        self._save_draft({target: value, "draft_stamps": stamps})
        return True
