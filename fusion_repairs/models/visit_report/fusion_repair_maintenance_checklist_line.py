import re
from math import isfinite

from odoo import api, fields, models

from ...recurrence import Answer, effective_class, holds
from ..equipment.fusion_repair_checklist_item import ANSWER_TYPES

RESULTS = [("pass", "Pass"), ("fail", "Fail"), ("na", "Not Applicable")]
DEFECT_CLASSES = [
    ("stop_now", "Stop Using It Now"),
    ("days_14", "Within 14 Days"),
    ("days_90", "Within 90 Days"),
    ("advisory", "Advice"),
]

# One comma with three digits after it may part thousands, or decimals.
AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")


def say_number(value):
    """Return a reading or a limit in plain digits, at most three decimals.

    >>> say_number(24.0), say_number(1234567.0), say_number(0.125), say_number(-0.0)
    ('24', '1234567', '0.125', '0')
    """
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def parse_reading(text):
    """Return a typed reading as a number, None if there is none, NaN for nonsense.

    Also for "1,200": twelve hundred to one technician, one and a fifth to another.

    >>> parse_reading(" 24,5 "), parse_reading("") is None
    (24.5, True)
    >>> parse_reading("1 200"), parse_reading("0,125"), parse_reading("1,200")
    (1200.0, 0.125, nan)
    """
    text = "".join((text or "").split()).replace("−", "-")
    if AMBIGUOUS.fullmatch(text):
        return float("nan")
    text = text.replace(",", ".")
    try:
        return float(text) if text else None
    except ValueError:
        return float("nan")


class FusionRepairMaintenanceChecklistLine(models.Model):
    """One check of one visit, and how the technician answered it."""

    _name = "fusion.repair.maintenance.checklist.line"
    _description = "Checklist Line"
    _inherit = "fusion.form.access.mixin"
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
    translations = fields.Json(help="Check and section in the languages they had.")
    critical = fields.Boolean()
    answer_type = fields.Selection(ANSWER_TYPES, required=True, default="check")
    photo_wanted = fields.Boolean()
    result = fields.Selection(RESULTS)
    note = fields.Char()
    defect_class = fields.Selection(
        DEFECT_CLASSES, help="How urgent a failure is; empty: by the rules."
    )
    photo_ids = fields.One2many(
        "fusion.repair.visit.photo", "line_id", string="Photos", readonly=True
    )
    reading_text = fields.Char(help="The reading as it was typed.")
    reading_unit = fields.Char()
    has_reading = fields.Boolean()
    # Two readings have a mean; their sum says nothing.
    reading = fields.Float(digits=(16, 3), aggregator="avg")
    has_minimum = fields.Boolean()
    reading_min = fields.Float(string="Minimum", digits=(16, 3))
    has_maximum = fields.Boolean()
    reading_max = fields.Float(string="Maximum", digits=(16, 3))

    service_date = fields.Date(related="visit_id.service_date", store=True, index=True)
    contract_id = fields.Many2one(
        related="visit_id.contract_id", store=True, index=True
    )
    product_id = fields.Many2one(related="visit_id.product_id", store=True)
    technician_id = fields.Many2one(related="visit_id.technician_id", store=True)

    answer_stamps = fields.Json(
        copy=False, help="When and where each part of the answer was entered."
    )

    @api.depends("name", "section")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.name

    def _to_answer(self):
        """Return the line as the pure rules read it."""
        self.ensure_one()
        reading = self.reading if self.has_reading else None
        if self.reading_text:
            reading = parse_reading(self.reading_text)
        return Answer(
            key=str(self.id),
            result=self.result or None,
            critical=self.critical,
            reading=reading,
            minimum=self.reading_min if self.has_minimum else None,
            maximum=self.reading_max if self.has_maximum else None,
            note=self.note or "",
            needs_text=self.answer_type == "text",
            needs_reading=self.answer_type == "reading",
            defect_class=self._get_defect_class() if self.result == "fail" else None,
        )

    def _get_defect_class(self):
        """Return how urgent the failure of this line is by choice and by the rules."""
        category = self.sudo().visit_id.contract_id.x_fc_policy_category_id
        return effective_class(
            self.defect_class or None, self.critical, category.safety_critical
        )

    def _get_name_in(self, lang, name="name"):
        """Return the check or its section in a language, else as the technician saw it.

        :param lang: code of a language
        :param name: name or section
        """
        said = (self.translations or {}).get(name) or {}
        family = (lang or "")[:2]
        akin = (text for code, text in said.items() if family and code[:2] == family)
        return said.get(lang) or next(akin, None) or self[name]

    def _format_reading(self):
        """Return the reading with its unit, empty if there is none."""
        if not self.has_reading:
            return ""
        return f"{say_number(self.reading)} {self.reading_unit or ''}".strip()

    def _get_reading_as_typed(self):
        """Return the reading as the report shows it, or False."""
        self.ensure_one()
        return self.reading_text or (
            say_number(self.reading) if self.has_reading else False
        )

    def _format_limits(self):
        """Return the limits in signs that need no language, empty if there are none."""
        if self.has_minimum and self.has_maximum:
            text = f"{say_number(self.reading_min)}–{say_number(self.reading_max)}"
        elif self.has_minimum:
            text = f"≥ {say_number(self.reading_min)}"
        else:
            text = f"≤ {say_number(self.reading_max)}" if self.has_maximum else ""
        return f"{text} {self.reading_unit or ''}".strip() if text else ""

    @api.model
    def _prepare_reading(self, text):
        """Return the values to store for a reading as typed, whatever it is."""
        reading = parse_reading(text)
        measured = reading is not None and isfinite(reading)
        return {
            "reading_text": text,
            "has_reading": measured,
            "reading": reading if measured else 0.0,
        }

    # What the phone sends ----------------------------------------------------

    def _keep_answer(self, name, value, edit):
        """Keep one part of the answer, unless a newer one stands.

        :param name: result, reading, note or defect_class
        :param value: what was entered
        :param edit: ``Edit``: when and where it was entered
        :return: whether it holds
        """
        self.ensure_one()
        self.visit_id._check_entry(name, value)
        target = self.sudo()  # a technician answers by the report only
        stamps = target.answer_stamps or {}
        if not holds(edit, stamps.get(name)):
            kept = target["reading_text" if name == "reading" else name]
            return (kept or False) == (value or False)
        vals = self._prepare_reading(value) if name == "reading" else {name: value}
        stamps = {**stamps, name: edit.to_stamp()}
        target.write({**vals, "answer_stamps": stamps})
        return True
