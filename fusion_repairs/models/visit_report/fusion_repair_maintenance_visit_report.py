from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.translate import LazyTranslate

from odoo.addons.fusion_tasks.groups import DISPATCHER, USER

from ...recurrence import PASS, PASS_WITH_FINDINGS, verdict
from ...tools.photos import is_blank

_lt = LazyTranslate(__name__)

# What the report says besides its checklist and parts.
REPORTED = (
    "outcome",
    "findings_text",
    "parts_note",
    "labour_minutes",
    "signed_by",
    "signature_state",
    "signature_reason",
    "signed_text",
    "signed_hash",
    "agreed_by",
    "agreed_text",
    "agreed_total",
    "parts_agreed_by",
)
MOMENTS = ("reported_at", "service_date", "signed_at", "agreed_at")
PART = ("quantity", "charged", "price_unit")
ANSWERED = ("section", "name", "result", "reading_text", "note", "defect_class")


class FusionRepairMaintenanceVisit(models.Model):
    """What the technician reports, and what follows from it."""

    _inherit = "fusion.repair.maintenance.visit"

    report_missing = fields.Boolean(
        string="No Report",
        compute="_compute_report_missing",
        store=True,
        help="The visit was completed without the technician's report.",
    )

    correction_ids = fields.One2many(
        "fusion.repair.report.correction",
        "visit_id",
        string="Corrections",
        readonly=True,
        groups=USER,
    )

    checklist_revision_ids = fields.Many2many(
        "fusion.repair.checklist.revision",
        "fusion_repair_visit_revision_rel",
        string="Made From",
        readonly=True,
        copy=False,
        help="The revisions of the checklists that this visit was made from.",
    )

    @api.depends("state", "reported_at")
    def _compute_report_missing(self):
        for visit in self:
            visit.report_missing = visit.state == "done" and not visit.reported_at

    def _check_reportable(self):
        """Refuse reports on somebody else's visit, and on one that is over."""
        self.ensure_one()
        self.check_access("read")
        user = self.env.user
        if self.technician_id != user and not user.has_group(DISPATCHER):
            raise AccessError(self.env._("This is the visit of another technician."))
        if not self.is_live and not self.report_missing:
            raise UserError(
                self.env._(
                    "A report can be filled in only while the visit is open, or once "
                    "afterwards if there is none."
                )
            )

    def _check_signatures(self):
        """Refuse a report that nobody stands for.

        :raise UserError: in words that say what is missing
        """
        if self.signature_state == "signed":
            if is_blank(self._get_picture("signature")):
                raise UserError(
                    self.env._(
                        "The client has not signed yet. If they cannot or will not, "
                        "please choose so and say why."
                    )
                )
            if self._is_signature_stale():
                raise UserError(self._get_stale_signature_text())
            if not (self.signed_by or "").strip():
                raise UserError(self.env._("Please enter the name of who signed."))
        elif not (self.signature_reason or "").strip():
            raise UserError(self.env._("Please say why the client has not signed."))
        elif not self._get_agreement() and self._has_charged_parts():
            raise UserError(
                self.env._(
                    "Without the client's signature, please enter who agreed to the "
                    "price of the parts and how, or leave the parts off the bill."
                )
            )
        if not self._is_signed_by_me() or is_blank(
            self._get_picture("technician_signature")
        ):
            raise UserError(self.env._("Please sign the report yourself, too."))

    def _check_known(self):
        """Refuse a report that passes over a known defect.

        :raise UserError: in words that name each of them
        """
        words = [
            f"- {self._get_known_text(one)}: {self._get_known_problem_text(code)}"
            for one, code in self._find_known_problems()
        ]
        if words:
            raise UserError(
                self.env._(
                    "Please complete these lines:\n%(lines)s", lines="\n".join(words)
                )
            )

    def _get_verdict(self, answers=None):
        """Return what the checklist adds up to by the rules.

        :param answers: the answers to judge; those stored on the visit by default
        """
        self.ensure_one()
        judged = self._judge_answers(answers)
        if judged.outcome not in (PASS, PASS_WITH_FINDINGS):
            return judged
        return self._weigh_known(judged, answers)

    def _judge_answers(self, answers=None):
        """Return what the answers alone add up to, whatever was known before.

        :param answers: the answers to judge; those stored on the visit by default
        """
        if answers is None:
            answers = [line._to_answer() for line in self.checklist_line_ids]
        safety_critical = self.contract_id.x_fc_policy_category_id.safety_critical
        return verdict(answers, safety_critical, has_checklist=bool(answers))

    def _submit_report(self):
        """Close visit, task and repair with the report, whose draft is stored already.

        :raise UserError: if a check has no complete answer
        """
        self.ensure_one()
        self._check_reportable()
        visit = self.sudo()  # a technician has no rights on orders and contracts
        # Another visit may find or mend something meanwhile: it is waited for.
        (
            visit | visit.technician_task_id.x_fc_maintenance_visit_ids
        ).contract_id._lock()
        judged = visit._get_verdict()
        if not judged.complete:
            raise UserError(
                self.env._("Every line of the checklist needs a complete answer.")
            )
        visit._check_known()
        visit._stop_timer()
        if visit.signature_state != "signed":
            visit._save_draft({"signature": False})  # drawn, and taken back
        visit._record_agreement()
        visit.write({"outcome": judged.outcome, "reported_at": fields.Datetime.now()})
        if visit.is_live:
            self._close_task()
        else:
            visit._finish_repair()  # may have waited for what was used
        visit._after_report()

    def _record_agreement(self):
        """Fix the prices that were agreed; a part that nobody agreed to is not billed.

        Called on sending, with the rights of the system.
        """
        self.ensure_one()
        agreement = self._get_agreement()
        for part in self.part_ids:
            part.price_unit = part._get_price_unit()
        if not agreement:
            self.part_ids.charged = False
        client = self.with_context(lang=self.partner_id.lang)
        by, at = agreement or (False, False)
        signed = agreement and self.signature_state == "signed" and self.signed_text
        text = signed or client._get_statement_text()
        vals = {
            "agreed_by": by,
            "agreed_at": at,
            "agreed_text": agreement and text,
            "agreed_total": self._get_charges()["total"],
        }
        self.write(vals)
        if agreement:
            self._message_log(
                body=self.env._("Agreed by %(name)s: %(text)s", name=by, text=text)
            )

    def _remember_signature(self):
        """Keep the technician's signature for the next reports, if it is their own."""
        visit = self.sudo().with_context(bin_size=False)
        if visit.technician_id.id != self.env.uid or not visit._is_signed_by_me():
            return
        if visit.technician_id.x_fc_signature != visit.technician_signature:
            visit.technician_id.x_fc_signature = visit.technician_signature

    def _withdraw_report(self, reason):
        """Take back what the report said: it is sent anew, by whoever stands for it.

        What was answered stays as a draft; what was reported is kept beside it.

        :param reason: in words
        """
        if self.reported_at:
            self.env["fusion.repair.report.correction"]._keep(self, reason)
        self._reopen_closed_defects()
        self._withdraw_agreement()
        self.write(
            self._prepare_signed_vals(False)
            | {
                "reported_at": False,
                "outcome": False,
                "signature": False,
                "signature_state": "signed",
                "signature_reason": False,
                "technician_signature": False,
                "technician_signed_by_id": False,
            }
        )

    def _schedule_report_activity(self):
        """Have the office ask for the report of a visit that was completed without."""
        if self.report_missing:
            self.contract_id._notify_office(
                self._get_report_missing_text(), reason=self._get_report_reason()
            )

    def _get_report_missing_text(self):
        """Return what the office is asked, as a lazy term."""
        return _lt(
            "Ask %(technician)s for the report on visit %(visit)s",
            technician=self.technician_id.name or "",
            visit=self.name,
        )

    def _get_report_reason(self):
        return f"report_missing:{self.id}"

    def _after_report(self):
        """Do what follows from the report of a visit that is done, in this order.

        Other addons hook in here: it runs once a report.
        """
        self.ensure_one()
        day = self.service_date or self._get_service_date()
        self._settle_findings(day)
        self._settle_late_parts()
        self._revive_order()
        self._finish_report_requests()
        # First: the mail with the report names the certificate.
        self._settle_certificate()
        self._begin_report_document()

    def _finish_report_requests(self):
        """Close what the office was asked by ``_schedule_report_activity``."""
        self.contract_id._find_open_activities(
            self._get_report_reason(), self.env._(self._get_report_missing_text())
        ).action_feedback()

    def _close_task(self):
        """Complete the task by its own rules, once all its visits are reported."""
        task = self.technician_task_id
        others = task.sudo().x_fc_maintenance_visit_ids - self.sudo()
        if not task or others.filtered("is_live"):
            self.sudo()._complete()
            return
        if task.status in ("scheduled", "en_route"):
            # Begun now says nothing about the day: it is settled before.
            task.sudo().x_fc_maintenance_visit_ids._settle_day()
            task.action_start()
        task.action_complete()

    def _settle_day(self):
        """Keep the day of visits that are about to be closed, before a late start."""
        for visit in self.filtered("is_live"):
            visit.visit_day = visit._get_service_date()

    # Correcting what was reported ---------------------------------------------

    def action_correct_report(self):
        """Ask why the report is corrected."""
        self.ensure_one()
        self._check_correctable()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correct the Report"),
            "res_model": "fusion.repair.report.correction.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_visit_id": self.id},
        }

    def _check_correctable(self):
        self.ensure_one()
        self._check_office()
        if self.state != "done" or not self.reported_at:
            raise UserError(self.env._("There is no report to be corrected."))

    def _correct_report(self, reason):
        """Take the report back so that it is sent anew; what it said is kept.

        :param reason: in words; stays with what is kept, and on the certificate
        :raise UserError: without a report, or a reason
        """
        self._check_correctable()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Please give the reason."))
        visit = self.sudo()  # nobody writes what was reported by hand
        visit.contract_id._lock()
        visit._withdraw_report(reason)
        visit._withdraw_report_document()
        visit._withdraw_certificate(reason)
        visit._schedule_report_activity()
        visit._message_log(
            body=self.env._("The report is being corrected: %(reason)s", reason=reason),
            author_id=self.env.user.partner_id.id,
        )

    def _get_reported(self):
        """Return what the report says, as plain values to be kept."""
        self.ensure_one()
        said = {name: self[name] or False for name in REPORTED}
        said |= {name: self[name] and str(self[name]) for name in MOMENTS}
        said["technician"] = self.technician_signed_by_id.name
        said["checklist"] = [
            {name: line[name] or False for name in ANSWERED}
            for line in self.checklist_line_ids
        ]
        said["parts"] = [
            {"product": part.product_id.display_name, **{n: part[n] for n in PART}}
            for part in self.part_ids
        ]
        return said

    # Checklist ---------------------------------------------------------------

    def _has_answers(self):
        """Tell whether the report was begun: from then on its questions stand."""
        self.ensure_one()
        return any(
            line.result or line.note or line.has_reading or line.photo_ids
            for line in self.checklist_line_ids
        )

    def _is_report_begun(self):
        """Tell whether anything of the report was entered."""
        self.ensure_one()
        return bool(self._has_answers() or self.labour_minutes or self.findings_text)

    # Parts: taken from the van, or told to the office --------------------------------

    def _settle_late_parts(self):
        """Bill as agreed; the office books what an ended repair says otherwise."""
        for part in self.part_ids:
            part._bill_as_agreed()
        repair = self.repair_order_id
        if repair.state not in ("done", "cancel", False):
            return
        late = self.part_ids.filtered(
            lambda part: (
                part.uom_id.compare(part.quantity, part._get_taken())
                or part._is_invoiced_otherwise()
            )
        )
        if late:
            self.contract_id._notify_office(
                _lt("Book the parts of visit %(visit)s", visit=self.name),
                ", ".join(part._get_late_part_text() for part in late),
                reason=f"book_parts:{self.id}",
            )
