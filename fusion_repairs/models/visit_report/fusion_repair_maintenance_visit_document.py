import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from odoo.addons.fusion_tasks.button_context import without_button

from ...reports.visit_report_pdf import VisitReportDocument
from ...tools.savepoints import attempt, run_in_batches

_lt = LazyTranslate(__name__)
BATCH = 20
ATTEMPTS = 10
NO_DOCUMENT = {
    "report_pdf_state": False,
    "report_mailed_at": False,
    "report_mail_pending": False,
    "report_attempts": 0,
}


class FusionRepairMaintenanceVisit(models.Model):
    """The report as a document: made once, kept with its hash, mailed to the client.

    A document that cannot be made never undoes a visit that took place: it stays
    pending, and a job tries again.
    """

    _inherit = "fusion.repair.maintenance.visit"
    _document_fields = frozenset(
        {
            *NO_DOCUMENT,
            "report_attachment_id",
            "report_hash",
            "inspection_certificate_id",
        }
    )
    _file_hashes = {"report_attachment_id": "report_hash"}

    report_attachment_id = fields.Many2one(
        "ir.attachment",
        string="Report",
        readonly=True,
        copy=False,
        ondelete="set null",
        groups="fusion_tasks.fusion_tasks_group_user,"
        "fusion_tasks.fusion_tasks_group_technician",
    )
    report_hash = fields.Char(string="SHA-256 of the Report", readonly=True, copy=False)
    report_pdf_state = fields.Selection(
        [("pending", "Being Made"), ("ready", "Ready")],
        string="Report Document",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    report_mailed_at = fields.Datetime(
        string="Report Emailed", readonly=True, copy=False
    )

    report_mail_pending = fields.Boolean(
        readonly=True, copy=False, help="The report could not be queued for the client."
    )
    report_attempts = fields.Integer(
        readonly=True, copy=False, help="How often document or email failed."
    )
    is_report_altered = fields.Boolean(
        string="Report Changed",
        compute="_compute_is_report_altered",
        help="The file is not the one that was made: its hash differs.",
    )

    @api.depends("report_hash", "report_pdf_state")
    def _compute_is_report_altered(self):
        for visit in self:
            visit.is_report_altered = visit._is_file_altered("report_attachment_id")

    def _begin_report_document(self):
        """Have the document of a new report made; a former one counts no longer.

        A job makes it: the technician does not wait for it, and nobody for the unit,
        which is locked while a report is sent.
        """
        self._write_document({**NO_DOCUMENT, "report_pdf_state": "pending"})
        self.env.ref("fusion_repairs.ir_cron_make_visit_reports").sudo()._trigger()

    def _withdraw_report_document(self):
        """Take the document back: the visit has no report until there is another."""
        self._write_document(NO_DOCUMENT)

    def _try_report_document(self):
        """Make the document, then queue it for the client, each as far as it goes.

        :return: whether nothing is left to be done
        """
        self.ensure_one()
        cr, name = self.env.cr, self.name
        done = bool(self._get_report_file()) or attempt(
            cr, self._make_report_document, f"The report document of visit {name}"
        )
        if done:
            done = attempt(
                cr, self._queue_report_mail, f"The mail with the report of visit {name}"
            )
            self._write_document({"report_mail_pending": not done})
        if not done:
            self._write_document({"report_attempts": self.report_attempts + 1})
            if self.report_attempts == ATTEMPTS:
                self._notify_office_report_failure()
        return done

    def _notify_office_report_failure(self):
        self.contract_id._notify_office(
            _lt("Hand over the report on visit %(visit)s", visit=self.name),
            _lt("It failed with a technical error; see the server log."),
            reason=f"report_failed:{self.id}",
        )

    def _make_report_document(self):
        """Render the report and keep it with its hash, in place of an earlier one."""
        self.ensure_one()
        visit = without_button(self.sudo())
        content = visit._render_report()
        visit._get_own_file("report_attachment_id").unlink()
        attachment = visit.env["ir.attachment"].create(
            {
                "name": f"{visit.name.replace('/', '-')}.pdf",
                "raw": content,
                "mimetype": "application/pdf",
                "res_model": visit._name,
                "res_id": visit.id,
                "company_id": visit.company_id.id,
            }
        )
        visit._write_document(
            {
                "report_attachment_id": attachment.id,
                "report_hash": hashlib.sha256(content).hexdigest(),
                "report_pdf_state": "ready",
            }
        )

    def _render_report(self):
        """Return the bytes of the document, in the client's language."""
        self.ensure_one()
        lang = self.partner_id.lang or self.env.lang
        visit = self.with_context(lang=lang, bin_size=False)
        return VisitReportDocument(visit).build()

    def _get_report_file(self):
        """Return the report as it was made for this visit, in sudo; else none."""
        ready = self.report_pdf_state == "ready"
        file = self._get_own_file("report_attachment_id")
        return file if ready else file.browse()

    def _queue_report_mail(self):
        """Queue the report for the client, once a report; nothing is sent here.

        The mail is tied to no record: the client's link stands in it. The office hands
        the report over to a client without an address.
        """
        visit = self.sudo()
        client = visit.partner_id
        if visit.report_mailed_at or client._fc_get_unwanted_reason():
            return
        if not client._fc_get_mail_address():
            visit.contract_id._notify_office(
                _lt("Hand over the report on visit %(visit)s", visit=visit.name),
                _lt("The client has no email address."),
                reason=f"hand_over_report:{visit.id}",
            )
            return
        template = self.env.ref("fusion_repairs.mail_template_visit_report").sudo()
        template = without_button(template)
        if visit._is_file_altered("report_attachment_id"):
            raise UserError(self._get_altered_text())
        papers = visit._get_done_documents()
        template.send_mail(
            visit.id,
            email_values={
                "model": False,
                "res_id": False,
                "x_fc_maintenance_contract_id": visit.contract_id.id,
                "attachments": [
                    (file.name, base64.b64encode(file.raw))
                    for file in (paper["attachment"] for paper in papers)
                ],
            },
        )
        visit._write_document({"report_mailed_at": fields.Datetime.now()})
        visit._message_log(
            body=self.env._(
                "The report was queued for %(email)s.", email=visit.partner_id.email
            )
        )
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    @api.model
    def _cron_make_reports(self):
        """Make and mail what is due, in batches, what failed least first.

        So what can never be made keeps nothing else waiting.
        """
        domain = [
            ("state", "=", "done"),
            ("report_attempts", "<", ATTEMPTS),
            "|",
            ("report_pdf_state", "=", "pending"),
            ("report_mail_pending", "=", True),
        ]
        visits = self.search(domain, order="report_attempts, id", limit=BATCH)
        run_in_batches(
            visits,
            lambda visit: visit._try_report_document(),
            "The report document of a visit",
            size=1,
        )

    def _prepare_done_report(self):
        """Return the report as one of ``_get_done_documents``, or nothing."""
        attachment = self._get_report_file()
        if not attachment or self._is_file_altered("report_attachment_id"):
            return None
        return {
            "key": "report",
            "label": self.env._("Visit report (PDF)"),
            "attachment": attachment,
        }

    def _get_altered_text(self):
        """Return the sentence to whoever asks for a report that is not as made."""
        return self.env._(
            "The file of this report was changed after it was made, so it is not "
            "given out. Please call us."
        )
