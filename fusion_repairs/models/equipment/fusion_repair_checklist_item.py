from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

ANSWER_TYPES = [
    ("check", "Pass or Fail"),
    ("reading", "Measured Value"),
    ("text", "Text"),
]
# What a visit says in the client's language, whatever the technician works in.
TRANSLATED = ("name", "section")


class FusionRepairChecklistItem(models.Model):
    """One thing that a technician checks on a unit of a category."""

    _name = "fusion.repair.checklist.item"
    _description = "Checklist Item"
    _inherit = "fusion.form.access.mixin"
    _order = "sequence, id"

    category_id = fields.Many2one(
        "fusion.repair.product.category", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="category_id.company_id", store=True)
    active = fields.Boolean(default=True)
    name = fields.Char(string="Check", required=True, translate=True)
    section = fields.Char(translate=True)
    sequence = fields.Integer(default=10)
    critical = fields.Boolean(
        help="If this check fails, no certificate is issued; on a safety-critical "
        "unit the unit is reported unsafe."
    )
    answer_type = fields.Selection(
        ANSWER_TYPES,
        string="Answer",
        required=True,
        compute="_compute_answer_type",
        store=True,
        readonly=False,
        precompute=True,
        help="Each check is passed, failed or does not apply. A measured value is "
        "judged against its limits; a text says what was found, such as fault codes.",
    )
    photo_wanted = fields.Boolean(help="The report asks for a photo of this check.")
    reading_unit = fields.Char(
        help="Unit of the value to be measured, such as V or mm. Empty: no reading."
    )
    has_minimum = fields.Boolean()
    reading_min = fields.Float(string="Minimum", digits=(16, 3))
    has_maximum = fields.Boolean()
    reading_max = fields.Float(string="Maximum", digits=(16, 3))
    help = fields.Text(translate=True, help="How to check it, for the technician.")
    repair_part_id = fields.Many2one(
        "product.product",
        string="Part to Repair It",
        domain="[('type', '=', 'consu')]",
        help="What is usually replaced when this check fails: proposed on the "
        "quotation of the repair.",
    )
    repair_hours = fields.Float(
        string="Hours to Repair It",
        default=1.0,
        help="Labour proposed on the quotation of the repair, and the time to plan.",
    )

    @api.depends("reading_unit")
    def _compute_answer_type(self):
        for item in self:
            if item.reading_unit:
                item.answer_type = "reading"
            elif item.answer_type in (False, "reading"):
                item.answer_type = "check"

    @api.constrains("answer_type", "reading_unit")
    def _check_reading_has_unit(self):
        for item in self.filtered(lambda item: item.answer_type == "reading"):
            if not item.reading_unit:
                raise ValidationError(
                    self.env._(
                        "%(name)s: a measured value needs its unit, such as V or mm.",
                        name=item.name,
                    )
                )

    @api.constrains("has_minimum", "has_maximum", "reading_min", "reading_max")
    def _check_limits(self):
        for item in self.filtered(lambda item: item.has_minimum and item.has_maximum):
            if item.reading_min > item.reading_max:
                raise ValidationError(
                    self.env._(
                        "%(name)s: the minimum is above the maximum.", name=item.name
                    )
                )

    # Each change is a revision ----------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Put new checks on record as a revision of their checklists."""
        items = super().create(vals_list)
        items.category_id._record_checklist_revision()
        return items

    def write(self, vals):
        """Put a change on record as a revision of the checklists it concerns."""
        categories = self.category_id
        result = super().write(vals)
        (categories | self.category_id)._record_checklist_revision()
        return result

    def unlink(self):
        """Put the end of a check on record as a revision of its checklist."""
        categories = self.category_id
        result = super().unlink()
        categories.exists()._record_checklist_revision()
        return result

    @api.model
    def _keep_seeds(self):
        """Let no update of the addon overwrite what a dealer changed in a checklist."""
        self.env["ir.model.data"].sudo().search(
            [("module", "=", "fusion_repairs"), ("model", "=", self._name)]
        ).noupdate = True

    def _prepare_line_vals(self):
        """Return the values of the checklist lines of a visit, one dict an item."""
        translations = self._get_translations()
        return [
            {
                "item_id": item.id,
                **item._get_content(),
                "sequence": index,
                "translations": translations[item.id],
            }
            for index, item in enumerate(self, start=1)
        ]

    def _prepare_snapshot(self):
        """Return the checks as plain values for the record, in their order."""
        items = self.sorted(lambda item: (item.sequence, item.id))
        translations = items._get_translations()
        return [
            {
                **item._get_content(),
                "sequence": item.sequence,
                "translations": translations[item.id],
            }
            for item in items
        ]

    def _get_content(self):
        """Return what the check asks, as plain values in the reader's language."""
        self.ensure_one()
        return {
            "name": self.name,
            "section": self.section,
            "critical": self.critical,
            "answer_type": self.answer_type,
            "photo_wanted": self.photo_wanted,
            "reading_unit": self.reading_unit,
            "has_minimum": self.has_minimum,
            "reading_min": self.reading_min,
            "has_maximum": self.has_maximum,
            "reading_max": self.reading_max,
            "help": self.help,
        }

    def _get_translations(self):
        """Return what is translated, as {item id: {field: {language: text}}}."""
        self.flush_recordset(TRANSLATED)
        if not self.ids:
            return {}
        rows = self.env.execute_query(
            SQL(
                "SELECT id, name, section FROM %s WHERE id IN %s",
                SQL.identifier(self._table),
                tuple(self.ids),
            )
        )
        return {
            id_: {"name": name or {}, "section": section or {}}
            for id_, name, section in rows
        }
