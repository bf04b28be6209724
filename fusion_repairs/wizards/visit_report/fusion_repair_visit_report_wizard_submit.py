from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError


class FusionRepairVisitReportWizard(models.TransientModel):
    """What the report adds up to, said before it is sent, and sending it."""

    _inherit = "fusion.repair.visit.report.wizard"

    open_count = fields.Integer(string="Still Open", compute="_compute_summary")
    outcome = fields.Char(compute="_compute_summary")
    outcome_text = fields.Char(string="Result", compute="_compute_summary")
    summary = fields.Html(
        string="What Will Happen", compute="_compute_summary", sanitize=False
    )

    @api.depends(
        "line_ids.result",
        "line_ids.problem",
        "line_ids.defect_class",
        "visit_id",
        "signature_state",
        "known",
    )
    def _compute_summary(self):
        outcomes = {
            "pass": self.env._("All good"),
            "pass_with_findings": self.env._("Good, with findings"),
            "unsafe": self.env._("Unsafe: the client must not use the unit"),
        }
        for report in self:
            verdict = report.visit_id._get_verdict(report.line_ids._to_answers())
            left = {*verdict.missing, *(p.key for p in verdict.invalid)}
            left |= {
                str(one.line.id or one.key) for one, _ in report._find_known_problems()
            }
            report.open_count = len(left)
            report.outcome = verdict.outcome or ""
            report.outcome_text = outcomes.get(verdict.outcome, "")
            report.summary = Markup("<ul>%s</ul>") % Markup().join(
                Markup("<li>%s</li>") % sentence
                for sentence in report._get_consequences_text(verdict)
            )

    def _get_consequences_text(self, verdict):
        """Return in sentences what sending the report sets off; hook for more."""
        failed = self.line_ids.filtered(lambda line: line.result == "fail")
        words = self._get_known_consequences_text(verdict)
        words += [line._get_failure_text() for line in failed]
        if verdict.outcome == "unsafe":
            words += [
                self.env._("Tell the client now: this unit must not be used."),
                self.env._("The office arranges the repair at once."),
            ]
        elif failed:
            words.append(self.env._("The office quotes the repair to the client."))
        if verdict.certificate_refusal == "critical_failure":
            words.append(self.env._("No certificate is issued."))
        wanted = failed | self.line_ids.filtered("photo_wanted")
        unseen = wanted - self.line_ids.filtered("photo_ids")
        if unseen:
            words.append(
                self.env._(
                    "A photo is still wanted: %(checks)s",
                    checks=", ".join(unseen.mapped("name")),
                )
            )
        email = self.visit_id.sudo().partner_id._fc_get_mail_address()
        if email:
            words.append(
                self.env._("The client gets this report at %(email)s.", email=email)
            )
        else:
            words.append(
                self.env._("The client has no email: the office hands the report over.")
            )
        return words

    def action_start_timer(self):
        """Start the clock of the labour time."""
        self.ensure_one()
        self.visit_id._start_timer()
        self.invalidate_recordset()

    def action_stop_timer(self):
        """Stop the clock and add its minutes."""
        self.ensure_one()
        self.visit_id._stop_timer()
        self.invalidate_recordset()

    def action_submit(self):
        """Close the visit with this report, and go back to the day.

        Once: who did not hear that it was sent may send it again.
        """
        self.ensure_one()
        if not self.sent_at:
            self._submit()
        return self._get_action_after()

    def _submit(self):
        visit = self.visit_id
        self._check_complete()
        self._check_known()
        visit._check_signatures()
        visit._submit_report()
        visit._remember_signature()
        self.sent_at = fields.Datetime.now()

    def _get_action_after(self):
        """Return where sending leads: to the day, or to the visit for the office."""
        visit = self.visit_id
        if visit.technician_id == self.env.user:
            return self.env["ir.actions.actions"]._for_xml_id(
                "fusion_tasks.fusion_my_day_action"
            ) | {"target": "main"}
        return {
            "type": "ir.actions.act_window",
            "res_model": visit._name,
            "res_id": visit.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "main",
        }

    def _check_complete(self):
        missing = self.visit_id.checklist_line_ids - self.line_ids.checklist_line_id
        if missing:
            raise UserError(
                self.env._("The checklist has changed: please open the report again.")
            )
        left = self.line_ids.filtered(lambda line: not line.result or line.problem)
        if left:
            lines = "\n".join(
                f"- {line.name}: {line.problem or self.env._('no answer yet')}"
                for line in left
            )
            raise UserError(
                self.env._("Please complete these lines:\n%(lines)s", lines=lines)
            )

    def _check_known(self):
        """Refuse to send while something known has no answer that can stand."""
        problems = self._find_known_problems()
        if problems:
            visit = self.visit_id
            lines = "\n".join(
                f"- {visit._get_known_text(one)}: {visit._get_known_problem_text(code)}"
                for one, code in problems
            )
            raise UserError(
                self.env._(
                    "Known defects of this unit need your answer:\n%(lines)s",
                    lines=lines,
                )
            )
