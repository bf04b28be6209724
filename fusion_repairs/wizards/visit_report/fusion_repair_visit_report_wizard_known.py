from odoo import api, fields, models

from ...models.visit_report.fusion_repair_maintenance_visit_known_defects import UNIT


class FusionRepairVisitReportWizard(models.TransientModel):
    """What is known of the unit before the report: shown, answered, and followed."""

    _inherit = "fusion.repair.visit.report.wizard"

    unit_unsafe = fields.Boolean(compute="_compute_known")
    # No help text: the page would show it over the box.
    known = fields.Json(compute="_compute_known")
    seen_known = fields.Json(
        readonly=True, help="Keys of what was known when the report was opened."
    )

    @api.depends(
        "line_ids.result",
        "visit_id.defect_answer_ids.answer",
        "visit_id.defect_answer_ids.note",
    )
    @api.depends_context("lang")
    def _compute_known(self):
        for report in self:
            visit = report.visit_id
            problems = {one.key: code for one, code in report._find_known_problems()}
            report.unit_unsafe = visit.sudo().contract_id.unsafe
            report.known = [
                report._prepare_known(one, problems.get(one.key))
                for one in visit._get_known()
            ]

    def _prepare_known(self, known, code):
        """Return one thing known as the page shows it."""
        visit = self.visit_id
        defect = known.defect.with_context(lang=self.env.lang)
        is_unit = known.key == UNIT
        contract = visit.sudo().contract_id
        return {
            "key": known.key,
            "check": known.line.id or False,
            "name": visit._get_known_text(known),
            "found": contract._get_marked_unsafe_text()
            if is_unit
            else defect._get_found_text(),
            "urgency": "" if is_unit else defect._get_class_label(),
            "danger": known.is_danger,
            "answer": known.row.answer or False,
            "note": known.row.note or "",
            "problem": visit._get_known_problem_text(code),
        }

    def _find_known_problems(self):
        """Return what is known and not answered well.

        What was put on record since the report was opened needs an answer in any case:
        the technician may not have seen it.
        """
        visit = self.visit_id
        new = {one.key for one in visit._get_known()}.difference(self.seen_known or ())
        return visit._find_known_problems(self.line_ids._to_answers(), new)

    def _get_known_consequences_text(self, verdict):
        """Return in sentences what sending does about what was known."""
        visit = self.visit_id
        contract = visit.sudo().contract_id
        results = visit._get_results(self.line_ids._to_answers())
        known = visit._get_known()
        closed = [one for one in known if one.is_closed(results)]
        left = [one for one in known if one not in closed]
        released = (
            contract.unsafe
            and verdict.outcome in ("pass", "pass_with_findings")
            and not contract._has_later_report(visit)
        )
        words = self._get_release_text(
            released, len([one for one in closed if one.defect])
        )
        if left:
            names = ", ".join(visit._get_known_text(one) for one in left)
            words.append(
                self.env._("Known earlier and still open: %(defects)s", defects=names)
            )
        if contract.unsafe and not released and verdict.complete:
            words.append(self.env._("The unit stays marked unsafe."))
        if verdict.certificate_refusal == "open_danger":
            words.append(self.env._("No certificate is issued."))
        return words

    def _get_release_text(self, released, closed):
        """Return what sending releases and closes: one sentence, or none."""
        if released and closed == 1:
            return [
                self.env._(
                    "Sending this returns the unit to service and closes 1 defect."
                )
            ]
        if released and closed:
            text = self.env._(
                "Sending this returns the unit to service and closes %(count)s "
                "defects.",
                count=closed,
            )
            return [text]
        if released:
            return [self.env._("Sending this returns the unit to service.")]
        if closed == 1:
            return [self.env._("Sending this closes 1 defect.")]
        if closed:
            return [self.env._("Sending this closes %(count)s defects.", count=closed)]
        return []
