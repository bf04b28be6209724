from odoo import fields, models

from ..recurrence import holds


class FusionRepairMaintenanceChecklistLine(models.Model):
    """Answers with the time they were entered, and the device."""

    _inherit = "fusion.repair.maintenance.checklist.line"

    answer_stamps = fields.Json(
        copy=False, help="When and where each part of the answer was entered."
    )

    def _keep_answer(self, name, value, edit):
        """Keep one part of the answer, unless a newer one stands.

        :param name: result, reading, note or defect_class
        :param value: what was entered
        :param edit: ``Edit``: when and where it was entered
        :return: whether it holds
        """
        self.ensure_one()
        target = self.sudo()  # a technician answers by the report only
        stamps = target.answer_stamps or {}
        if not holds(edit, stamps.get(name)):
            kept = target["reading_text" if name == "reading" else name]
            return (kept or False) == (value or False)
        vals = self._prepare_reading(value) if name == "reading" else {name: value}
        stamps = {**stamps, name: edit.to_stamp()}
        target.write({**vals, "answer_stamps": stamps})
        return True
