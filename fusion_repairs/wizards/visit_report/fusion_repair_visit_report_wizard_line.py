from odoo import api, fields, models
from odoo.tools.misc import format_date

from ...models.visit_report.fusion_repair_maintenance_checklist_line import (
    DEFECT_CLASSES,
    RESULTS,
    parse_reading,
)
from ...recurrence import Answer, Edit, check_answer, effective_class
from .fusion_repair_visit_report_wizard import KEPT_HOURS, keeps


class FusionRepairVisitReportWizardLine(models.TransientModel):
    """One check in the report, and what is wrong with its answer if anything.

    The answer itself stands on the visit's checklist line, as typed.
    """

    _name = "fusion.repair.visit.report.wizard.line"
    _description = "Visit Report Line"
    _inherit = "fusion.wizard.access.mixin"
    _target_rights = {"wizard_id": "write"}
    _order = "sequence, id"
    _transient_max_hours = KEPT_HOURS

    wizard_id = fields.Many2one(
        "fusion.repair.visit.report.wizard",
        required=True,
        ondelete="cascade",
        index=True,
    )
    checklist_line_id = fields.Many2one(
        "fusion.repair.maintenance.checklist.line", required=True, ondelete="cascade"
    )
    sequence = fields.Integer(related="checklist_line_id.sequence", store=True)
    name = fields.Char(compute="_compute_name")
    section = fields.Char(compute="_compute_name")
    critical = fields.Boolean(related="checklist_line_id.critical", related_sudo=False)
    help = fields.Text(related="checklist_line_id.help", related_sudo=False)
    answer_type = fields.Selection(
        related="checklist_line_id.answer_type", related_sudo=False
    )
    photo_wanted = fields.Boolean(
        related="checklist_line_id.photo_wanted", related_sudo=False
    )
    photo_ids = fields.One2many(
        related="checklist_line_id.photo_ids", related_sudo=False
    )
    reading_unit = fields.Char(
        related="checklist_line_id.reading_unit", related_sudo=False
    )
    limits = fields.Char(compute="_compute_limits")
    result = fields.Selection(
        RESULTS, compute="_compute_answer", inverse=keeps("result")
    )
    reading = fields.Char(
        help="The measured value.", compute="_compute_answer", inverse=keeps("reading")
    )
    note = fields.Char(compute="_compute_answer", inverse=keeps("note"))
    defect_class = fields.Selection(
        DEFECT_CLASSES,
        string="How Urgent",
        compute="_compute_answer",
        inverse=keeps("defect_class"),
    )
    urgency = fields.Selection(
        DEFECT_CLASSES, compute="_compute_urgency", help="By choice and by the rules."
    )
    problem = fields.Char(compute="_compute_problem")
    last_text = fields.Char(compute="_compute_last_text")

    @api.constrains("checklist_line_id", "wizard_id")
    def _check_line(self):
        for line in self:
            line.wizard_id.visit_id._check_own_line(line.checklist_line_id)

    @api.depends("checklist_line_id")
    @api.depends_context("lang")
    def _compute_name(self):
        for line in self:
            check = line.sudo().checklist_line_id
            line.name = check._get_name_in(self.env.lang)
            line.section = check._get_name_in(self.env.lang, "section")

    @api.depends("checklist_line_id")
    def _compute_limits(self):
        for line in self:
            line.limits = line.sudo().checklist_line_id._format_limits()

    @api.depends(
        "checklist_line_id.result",
        "checklist_line_id.reading_text",
        "checklist_line_id.note",
        "checklist_line_id.defect_class",
    )
    def _compute_answer(self):
        for line in self:
            target = line.checklist_line_id
            line.result = target.result
            line.reading = target._get_reading_as_typed()
            line.note = target.note
            line.defect_class = target.defect_class

    def _keep(self, name):
        """Keep one part of the answer on the visit, as it was entered."""
        edit = Edit(fields.Datetime.now())
        for line in self:
            visit, target = line.wizard_id.visit_id, line.checklist_line_id
            visit._check_reportable()
            visit._check_own_line(target)
            target._keep_answer(name, line[name], edit)

    @api.depends("defect_class", "checklist_line_id")
    def _compute_urgency(self):
        for line in self:
            line.urgency = line._get_defect_class()

    @api.depends("result", "reading", "note")
    def _compute_problem(self):
        for line in self:
            line.problem = line._get_problem_text()

    @api.depends("checklist_line_id")
    @api.depends_context("lang")
    def _compute_last_text(self):
        """Say what was read or found at the check the last time."""
        for report, lines in self.grouped("wizard_id").items():
            former = report.visit_id._get_former_visits().checklist_line_ids
            last = {}
            for answer in former.filtered("result"):
                last.setdefault(answer.item_id.id or answer.name, answer)
            for line in lines:
                check = line.sudo().checklist_line_id
                answer = last.get(check.item_id.id or check.name)
                line.last_text = answer and line._get_last_text(answer)

    def _get_last_text(self, answer):
        results = dict(answer._fields["result"]._description_selection(self.env))
        said = (answer._format_reading(), results[answer.result], answer.note)
        return self.env._(
            "Last time, %(day)s: %(said)s",
            day=format_date(self.env, answer.service_date, date_format="medium"),
            said=", ".join(filter(None, said)),
        )

    def action_pass(self):
        """Answer with a pass: one tap on the phone."""
        self.result = "pass"

    def action_fail(self):
        """Answer with a fail; the note says what was found."""
        self.result = "fail"

    def action_add_photo(self, data, key=None):
        """Add a photo that was taken of this check, once however often it is sent.

        :param data: the file in base64
        :param key: what the device calls this photo
        :return: id of the photo
        """
        self.ensure_one()
        visit = self.wizard_id.visit_id
        return visit._add_photo(self.checklist_line_id, data, key).id

    def action_remove_photo(self, photo_id):
        """Take one photo of this check out of the report again."""
        self.ensure_one()
        self.wizard_id.visit_id._check_reportable()
        self.wizard_id.visit_id._check_own_line(self.checklist_line_id)
        photos = self.checklist_line_id.sudo().photo_ids
        photos.filtered(lambda photo: photo.id == photo_id).unlink()

    # Judging an answer -------------------------------------------------------

    def _to_answer(self):
        line = self.checklist_line_id
        return Answer(
            key=str(line.id),
            result=self.result or None,
            critical=line.critical,
            reading=parse_reading(self.reading),
            minimum=line.reading_min if line.has_minimum else None,
            maximum=line.reading_max if line.has_maximum else None,
            note=self.note or "",
            needs_text=line.answer_type == "text",
            needs_reading=line.answer_type == "reading",
            defect_class=self._get_defect_class() if self.result == "fail" else None,
        )

    def _to_answers(self):
        return [line._to_answer() for line in self]

    def _get_defect_class(self):
        """Return how urgent a failure is by choice and by the rules."""
        line = self.checklist_line_id
        category = line.sudo().visit_id.contract_id.x_fc_policy_category_id
        return effective_class(
            self.defect_class or None, line.critical, category.safety_critical
        )

    def _get_failure_text(self):
        labels = dict(self._fields["defect_class"]._description_selection(self.env))
        found = ", ".join(filter(None, (self.reading, self.note)))
        name = ": ".join(filter(None, (self.name, found)))
        return f"{name} ({labels[self._get_defect_class()]})"

    def _get_problem_text(self):
        """Return in words why the answer cannot stand, or False."""
        line = self.checklist_line_id
        texts = {
            "reading_outside_limits": self.env._(
                "the reading is outside the limits, so this cannot be a pass"
            ),
            "reading_missing": self.env._(
                "a reading in %s is needed", line.reading_unit
            ),
            "reading_implausible": self.env._(
                "ten times the limit: please check the reading, or say why in the note"
            ),
            "reading_not_a_number": self.env._(
                "the reading is not a clear number: please type it like 1200 or 1.5"
            ),
            "note_missing": self.env._("please say why it does not apply"),
            "text_missing": self.env._("please enter what you read or found"),
            "limits_invalid": self.env._("the limits of this check contradict"),
        }
        return texts.get(check_answer(self._to_answer()), False)
