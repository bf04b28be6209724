from odoo import api, fields, models
from odoo.exceptions import ValidationError


class FusionRepairChecklistItem(models.Model):
    """One thing that a technician checks on a unit of a category."""

    _name = "fusion.repair.checklist.item"
    _description = "Checklist Item"
    _order = "sequence, id"

    category_id = fields.Many2one(
        "fusion.repair.product.category", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="category_id.company_id", store=True)
    name = fields.Char(string="Check", required=True, translate=True)
    section = fields.Char(translate=True)
    sequence = fields.Integer(default=10)
    critical = fields.Boolean(
        help="If this check fails, no certificate is issued; on a safety-critical "
        "unit the unit is reported unsafe."
    )
    reading_unit = fields.Char(
        help="Unit of the value to be measured, such as V or mm. Empty: no reading."
    )
    has_minimum = fields.Boolean()
    reading_min = fields.Float(string="Minimum", digits=(16, 3))
    has_maximum = fields.Boolean()
    reading_max = fields.Float(string="Maximum", digits=(16, 3))
    help = fields.Text(translate=True, help="How to check it, for the technician.")

    @api.constrains("has_minimum", "has_maximum", "reading_min", "reading_max")
    def _check_limits(self):
        for item in self.filtered(lambda item: item.has_minimum and item.has_maximum):
            if item.reading_min > item.reading_max:
                raise ValidationError(
                    self.env._(
                        "%(name)s: the minimum is above the maximum.", name=item.name
                    )
                )

    def _prepare_line_vals(self):
        """Return the values of the checklist lines of a visit, one dict an item."""
        return [
            {
                "item_id": item.id,
                "name": item.name,
                "section": item.section,
                "sequence": index,
                "critical": item.critical,
                "reading_unit": item.reading_unit,
                "has_minimum": item.has_minimum,
                "reading_min": item.reading_min,
                "has_maximum": item.has_maximum,
                "reading_max": item.reading_max,
                "help": item.help,
            }
            for index, item in enumerate(self, start=1)
        ]
