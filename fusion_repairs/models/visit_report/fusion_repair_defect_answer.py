from odoo import fields, models

from ...recurrence import CLOSED, STILL_OPEN, holds


class FusionRepairDefectAnswer(models.Model):
    """What one visit says about one defect that was known before it.

    Kept with the report while it is written; afterwards it says what was closed on the
    visit and what stayed open.
    """

    _name = "fusion.repair.defect.answer"
    _description = "Answer on a Known Defect"
    _order = "id"

    visit_id = fields.Many2one(
        "fusion.repair.maintenance.visit", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="visit_id.company_id", store=True)
    defect_id = fields.Many2one(
        "fusion.repair.defect",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: that the unit is marked unsafe, without a defect that says why.",
    )
    answer = fields.Selection([(CLOSED, "Repaired"), (STILL_OPEN, "Still There")])
    note = fields.Char(string="What Was Done")
    answer_stamps = fields.Json(help="When and where each part was entered.")

    _once = models.UniqueIndex("(visit_id, COALESCE(defect_id, 0))")

    def _keep(self, name, value, edit):
        """Keep one part of the answer, unless a newer one stands.

        :param name: answer or note
        :param value: what was entered
        :param edit: ``Edit``: when and where it was entered
        :return: whether it holds
        """
        self.ensure_one()
        stamps = self.answer_stamps or {}
        if not holds(edit, stamps.get(name)):
            return (self[name] or False) == (value or False)
        self.write({name: value, "answer_stamps": {**stamps, name: edit.to_stamp()}})
        return True
