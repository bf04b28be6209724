import base64
import hashlib
import logging

import psycopg2

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

BATCH = 20


class FusionRepairMaintenanceVisit(models.Model):
    """The report as a document: made once, kept with its hash, mailed to the client.

    A document that cannot be made never undoes a visit that took place: it stays
    pending, and a job tries again.
    """

    _inherit = "fusion.repair.maintenance.visit"

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
        string="Report Mailed", readonly=True, copy=False
    )

    def _after_report(self):
        result = super()._after_report()
        self.write({"report_pdf_state": "pending", "report_mailed_at": False})
        self._try_report_document()
        return result

    def _reopen(self):
        """Take the document back: the visit has no report until there is another."""
        result = super()._reopen()
        self.write({"report_pdf_state": False, "report_mailed_at": False})
        return result

    def _try_report_document(self):
        """Make the document and queue it for the client; say whether that went well."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._make_report_document()
                self._queue_report_mail()
            return True
        except psycopg2.OperationalError:
            raise  # a lost race: the whole transaction is run again
        except Exception:
            _logger.exception("The report document of visit %s failed", self.name)
            return False

    def _make_report_document(self):
        """Render the report and keep it with its hash, in place of an earlier one."""
        self.ensure_one()
        visit = self.sudo()
        content = self.env["fusion.repair.visit.report.document"].sudo()._render(visit)
        visit.report_attachment_id.unlink()
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"{visit.name.replace('/', '-')}.pdf",
                    "raw": content,
                    "mimetype": "application/pdf",
                    "res_model": visit._name,
                    "res_id": visit.id,
                    "company_id": visit.company_id.id,
                }
            )
        )
        visit.write(
            {
                "report_attachment_id": attachment.id,
                "report_hash": hashlib.sha256(content).hexdigest(),
                "report_pdf_state": "ready",
            }
        )

    def _queue_report_mail(self):
        """Queue the report for the client, once a report; nothing is sent here.

        The mail is tied to no record: the client's link stands in it.
        """
        visit = self.sudo()
        if visit.report_mailed_at or not visit.partner_id.email:
            return
        template = self.env.ref("fusion_repairs.mail_template_visit_report").sudo()
        attachment = visit.report_attachment_id
        template.send_mail(
            visit.id,
            email_values={
                "model": False,
                "res_id": False,
                "x_fc_maintenance_contract_id": visit.contract_id.id,
                "attachments": [(attachment.name, base64.b64encode(attachment.raw))],
            },
        )
        visit.report_mailed_at = fields.Datetime.now()
        visit._message_log(
            body=self.env._(
                "The report was queued for %(email)s.", email=visit.partner_id.email
            )
        )
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    @api.model
    def _cron_make_reports(self):
        """Make the documents that failed, a savepoint each, oldest visits first."""
        domain = [("report_pdf_state", "=", "pending"), ("state", "=", "done")]
        visits = self.search(domain, order="id", limit=BATCH)
        self.env["ir.cron"]._commit_progress(remaining=len(visits))
        for visit in visits:
            visit._try_report_document()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _get_done_documents(self):
        documents = super()._get_done_documents()
        attachment = self.sudo().report_attachment_id
        if attachment and self.report_pdf_state == "ready":
            documents.append(
                {
                    "key": "report",
                    "label": self.env._("Visit report (PDF)"),
                    "attachment": attachment,
                }
            )
        return documents
