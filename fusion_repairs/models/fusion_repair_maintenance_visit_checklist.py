from odoo import fields, models
from odoo.fields import Command

from odoo.addons.fusion_tasks.button_context import without_button


class FusionRepairMaintenanceVisit(models.Model):
    """From which revisions of checklists a visit is made, and until when it follows."""

    _inherit = "fusion.repair.maintenance.visit"

    checklist_revision_ids = fields.Many2many(
        "fusion.repair.checklist.revision",
        "fusion_repair_visit_revision_rel",
        string="Made From",
        readonly=True,
        copy=False,
        help="The revisions of the checklists that this visit was made from.",
    )

    def _refresh_checklist(self):
        """Lay the checklist out by the present revision, where nothing was answered.

        Called whenever a checklist changes, and a last time when the work begins.
        """
        stale = self.filtered(lambda visit: visit._is_checklist_stale())
        stale.checklist_line_ids.unlink()
        lines = []
        for visit in stale:
            category = visit._get_checklist_category()
            items = category._get_checklist_items()
            lines += [
                {**vals, "visit_id": visit.id} for vals in items._prepare_line_vals()
            ]
            visit.checklist_revision_ids = [
                Command.set(category._get_checklist_revisions().ids)
            ]
        every = without_button(self.env["fusion.repair.maintenance.checklist.line"])
        every.create(lines)

    def _get_checklist_category(self):
        """Return the category whose checklist holds, in the technician's language."""
        self.ensure_one()
        translated = self.with_context(lang=self.technician_id.lang)
        return translated.contract_id.x_fc_policy_category_id

    def _is_checklist_stale(self):
        self.ensure_one()
        if self.state != "scheduled" or self._has_answers():
            return False
        revisions = self._get_checklist_category()._get_checklist_revisions()
        return revisions != self.checklist_revision_ids

    def _has_answers(self):
        """Tell whether the report was begun: from then on its questions stand."""
        self.ensure_one()
        return any(
            line.result or line.note or line.has_reading
            for line in self.checklist_line_ids
        )
