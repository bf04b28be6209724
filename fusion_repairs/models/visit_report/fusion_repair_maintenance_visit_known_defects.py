from dataclasses import dataclass, replace

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from odoo.addons.fusion_tasks.groups import TECHNICIAN, USER

from ...recurrence import CLOSED, PASS_WITH_FINDINGS, UNSAFE, check_known

# Stands for a unit that is marked unsafe without an open defect that says why.
UNIT = "unit"
SHOWN_VISITS = 5


@dataclass(frozen=True)
class Known:
    """Something that is known of a unit and that a visit has an answer for."""

    key: str
    """Id of the defect, or UNIT."""
    defect: models.Model
    line: models.Model
    """The check of the visit that asks about it, or none."""
    row: models.Model
    """What the visit says so far, or none."""

    @property
    def is_danger(self):
        """Tell whether the unit must not be used because of it."""
        return not self.defect or self.defect._is_danger()

    def find_problem(self, results, needed=()):
        """Return the code of what is wrong with the answer, or None.

        :param results: by key of the check how it is answered
        :param needed: keys that must be answered even if their check does not pass
        """
        result = results.get(str(self.line.id)) if self.line else None
        answer, note = self.row.answer or None, self.row.note
        return check_known(answer, note, result, self.key in needed)

    def is_closed(self, results):
        """Tell whether sending the report closes it."""
        return self.row.answer == CLOSED and not self.find_problem(results)


class FusionRepairMaintenanceVisit(models.Model):
    """What was known of the unit before, and what this visit says about it."""

    _inherit = "fusion.repair.maintenance.visit"

    defect_answer_ids = fields.One2many(
        "fusion.repair.defect.answer",
        "visit_id",
        string="Known Defects",
        readonly=True,
        help="What the visit says about defects that were known before.",
    )

    access_note = fields.Text(
        related="address_id.x_fc_access_note",
        readonly=False,
        groups=f"{USER},{TECHNICIAN}",
    )

    def _get_known(self):
        """Return what this visit has to say something about, the urgent first.

        What was found after the day of a visit that is reported late is not its matter.

        :return: list of :class:`Known`, with the rights of the system: a technician
            reads only the defects of own visits
        """
        self.ensure_one()
        visit = self.sudo()
        contract, lines = visit.contract_id, visit.checklist_line_ids
        rows = {row.defect_id: row for row in visit.defect_answer_ids}
        nothing = visit.defect_answer_ids.browse()
        defects = contract._get_open_defects(visit.service_date)
        known = [
            Known(
                str(defect.id),
                defect,
                defect._find_check(lines),
                rows.get(defect, nothing),
            )
            for defect in defects
        ]
        if contract.unsafe and not contract._get_open_dangers():
            row = rows.get(defects.browse(), nothing)
            known.append(Known(UNIT, defects.browse(), lines.browse(), row))
        return sorted(known, key=lambda one: not one.is_danger)

    def _get_results(self, answers=None):
        """Return by key of each check how it is answered.

        :param answers: Answers of the checklist; those stored by default
        """
        if answers is None:
            answers = [line._to_answer() for line in self.checklist_line_ids]
        return {answer.key: answer.result for answer in answers}

    def _weigh_known(self, judged, answers):
        """Return a good verdict as what it is while something known is not closed.

        That a check passes or does not apply, or is on the checklist no longer, mends
        nothing.
        """
        results = self._get_results(answers)
        left = [one for one in self._get_known() if not one.is_closed(results)]
        if not left:
            return judged
        danger = any(one.is_danger for one in left)
        barred = any(
            one.is_danger or one.defect._rules_out_certificate() for one in left
        )
        return replace(
            judged,
            outcome=UNSAFE
            if danger and self.sudo().contract_id.unsafe
            else PASS_WITH_FINDINGS,
            certificate_refusal=judged.certificate_refusal
            or ("open_danger" if barred else None),
        )

    def _find_known_problems(self, answers=None, needed=()):
        """Return what is known and not answered well, each with the code why.

        :param answers: Answers of the checklist; those stored by default
        :param needed: keys that must be answered even if their check does not pass
        :return: list of pairs of :class:`Known` and code
        """
        results = self._get_results(answers)
        needed = {*needed}
        if self._judge_answers(answers).outcome != UNSAFE:
            needed.add(UNIT)  # else it stays out of use anyway
        return [
            (one, code)
            for one in self._get_known()
            if (code := one.find_problem(results, needed))
        ]

    def _get_known_text(self, known):
        if known.key == UNIT:
            return self.env._("The unit is marked unsafe")
        return known.defect.with_context(lang=self.env.lang)._get_finding_text()

    def _get_known_problem_text(self, code):
        """Return in words why an answer on a known defect cannot stand, or False."""
        texts = {
            "defect_unanswered": self.env._(
                "please say whether it is repaired or still there"
            ),
            "defect_note_missing": self.env._("please say what was done"),
            "defect_not_passed": self.env._(
                "its check does not pass, so it cannot be closed"
            ),
        }
        return texts.get(code, False)

    # While the report is written -----------------------------------------------------

    def _keep_known(self, key, name, value, edit):
        """Keep one part of what is said about something known.

        :param key: of :class:`Known`
        :param name: answer or note
        :param value: what was entered
        :param edit: ``Edit``: when and where it was entered
        :return: whether it holds
        """
        self._check_reportable()
        if name not in ("answer", "note"):
            raise KeyError(name)
        self._check_entry(name, value)
        known = next((one for one in self._get_known() if one.key == key), None)
        if not known:
            raise UserError(self.env._("This defect is no longer open."))
        row = known.row or self._create_answers([known])
        return row._keep(name, value, edit)

    def _create_answers(self, known):
        """Return new rows for what the visit has said nothing about yet."""
        return (
            self.env["fusion.repair.defect.answer"]
            .sudo()
            .create(
                [
                    {"visit_id": self.id, "defect_id": one.defect.id}
                    for one in known
                    if not one.row
                ]
            )
        )

    # Once it is sent -----------------------------------------------------------------

    def _get_defects_left(self):
        """Return the defects known before that stayed open on this visit."""
        left = self.sudo().defect_answer_ids.filtered(lambda row: row.answer != CLOSED)
        return left.defect_id - self.sudo().defect_ids

    def _get_all_defects(self):
        """Return what is wrong with the unit as of this visit: found, and left open."""
        return self.sudo().defect_ids | self._get_defects_left()

    def _get_done_text(self):
        """Return what was done about what was known, in the technician's words."""
        rows = self.sudo().defect_answer_ids.filtered(lambda r: r.answer == CLOSED)
        return "; ".join(
            ": ".join(filter(None, (row.defect_id and row.defect_id.name, row.note)))
            for row in rows
        )

    def _reopen_closed_defects(self):
        """Open again what a report closed that is no longer true."""
        rows = self.sudo().defect_answer_ids.filtered(lambda r: r.answer == CLOSED)
        reason = self.env._("The visit %(visit)s was reopened.", visit=self.name)
        closed = rows.defect_id.filtered(
            lambda defect: defect.resolved_visit_id.id == self.id
        )
        closed._reopen(reason)
        if rows.filtered(lambda row: not row.defect_id):
            self.sudo().contract_id._flag_unsafe(reason)

    # Former visits -------------------------------------------------------------------

    def _get_former_visits(self):
        """Return the last visits to the unit that took place, the newest first."""
        self.ensure_one()
        return self.sudo().search(
            [
                ("contract_id", "=", self.contract_id.id),
                ("state", "=", "done"),
                ("id", "!=", self.id),
            ],
            order="service_date desc, id desc",
            limit=SHOWN_VISITS,
        )

    def _get_last_visits(self):
        """Return by contract the last visit that took place, in sudo."""
        done = self.sudo().search(
            [("contract_id", "in", self.contract_id.ids), ("state", "=", "done")],
            order="service_date, id",
        )
        return {visit.contract_id: visit for visit in done}

    def _get_former_text(self):
        """Return when a visit was, by whom and with which result."""
        self.ensure_one()
        outcomes = dict(self._fields["outcome"]._description_selection(self.env))
        day = format_date(self.env, self.service_date, date_format="long")
        said = (day, self.technician_id.name, outcomes.get(self.outcome))
        return ", ".join(filter(None, said))

    def _prepare_former(self):
        """Return what the report shows of a former visit."""
        self.ensure_one()
        failed = self.checklist_line_ids.filtered(lambda line: line.result == "fail")
        return {
            "id": self.id,
            "text": self._get_former_text(),
            "findings": self.findings_text or "",
            "failed": [
                ": ".join(filter(None, (line._get_name_in(self.env.lang), line.note)))
                for line in failed
            ],
            "parts": [part._get_text() for part in self.part_ids if part.quantity],
            "photos": len(self.photo_ids),
        }
