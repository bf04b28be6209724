from odoo import fields, models

from ..recurrence import Answer


class FusionRepairMaintenanceChecklistLine(models.Model):
    """One check of one visit, and how the technician answered it."""

    _name = "fusion.repair.maintenance.checklist.line"
    _description = "Checklist Line"
    _order = "sequence, id"

    visit_id = fields.Many2one(
        "fusion.repair.maintenance.visit", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="visit_id.company_id", store=True)
    item_id = fields.Many2one("fusion.repair.checklist.item", ondelete="set null")
    name = fields.Char(string="Check", required=True)
    section = fields.Char()
    sequence = fields.Integer(default=10)
    help = fields.Text()
    critical = fields.Boolean()
    result = fields.Selection(
        [("pass", "Pass"), ("fail", "Fail"), ("na", "Not Applicable")]
    )
    note = fields.Char()
    reading_unit = fields.Char()
    has_reading = fields.Boolean()
    reading = fields.Float(digits=(16, 3))
    has_minimum = fields.Boolean()
    reading_min = fields.Float(string="Minimum", digits=(16, 3))
    has_maximum = fields.Boolean()
    reading_max = fields.Float(string="Maximum", digits=(16, 3))

    def _to_answer(self):
        """Return the line as the pure rules read it."""
        self.ensure_one()
        return Answer(
            key=str(self.id),
            result=self.result or None,
            critical=self.critical,
            reading=self.reading if self.has_reading else None,
            minimum=self.reading_min if self.has_minimum else None,
            maximum=self.reading_max if self.has_maximum else None,
            note=self.note or "",
        )
