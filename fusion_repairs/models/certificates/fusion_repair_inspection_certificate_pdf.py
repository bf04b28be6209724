import hashlib

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date, format_datetime

from odoo.addons.fusion_tasks.button_context import without_button

from ...reports.certificate_pdf import CertificateDocument
from ...tools.savepoints import attempt, run_in_batches

BATCH = 50
ATTEMPTS = 20


class FusionRepairInspectionCertificate(models.Model):
    """The file of a certificate: made once, kept with its hash."""

    _inherit = "fusion.repair.inspection.certificate"
    _document_fields = frozenset(
        {"attachment_id", "file_hash", "pdf_state", "pdf_attempts"}
    )
    _file_hashes = {"attachment_id": "file_hash"}

    attachment_id = fields.Many2one(
        "ir.attachment", string="PDF", readonly=True, copy=False, ondelete="restrict"
    )
    file_hash = fields.Char(readonly=True, copy=False, help="SHA-256 of the file.")
    pdf_state = fields.Selection(
        [("pending", "Being Made"), ("done", "Done")],
        string="File",
        default="pending",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    pdf_attempts = fields.Integer(readonly=True, copy=False)

    def action_download(self):
        """Open the file."""
        self.ensure_one()
        self.check_access("read")
        if not self._get_own_file("attachment_id"):
            self.sudo()._make_pdf()  # an issued certificate whose file was not made yet
        file = self._get_own_file("attachment_id")
        if not file:
            raise UserError(self.env._("The PDF is still being made. Try again later."))
        if not self.sudo()._is_unaltered():
            raise UserError(self._get_altered_text())
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{file.id}?download=true",
            "target": "self",
        }

    def _make_pdf(self):
        """Make and keep the file. A failure undoes nothing: a cron tries again."""
        for certificate in self.filtered(
            lambda c: c.state != "draft" and c.pdf_state == "pending"
        ):
            if attempt(
                self.env.cr,
                lambda certificate=certificate: certificate._make_pdf_once(),
                f"Making the PDF of the certificate {certificate.name}",
            ):
                continue
            attempts = certificate.pdf_attempts + 1
            certificate._write_document({"pdf_attempts": attempts})
            if certificate.pdf_attempts == ATTEMPTS:
                certificate._notify_office_failure()

    def _make_pdf_once(self):
        self._store_pdf(self._render_pdf())

    def _store_pdf(self, content):
        number = self._get_full_number().replace("/", "-")
        attachment = without_button(self.env["ir.attachment"]).create(
            {
                "name": f"{number}.pdf",
                "raw": content,
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
                "company_id": self.company_id.id,
                "public": False,
            }
        )
        self._write_document(
            {
                "attachment_id": attachment.id,
                "file_hash": hashlib.sha256(content).hexdigest(),
                "pdf_state": "done",
            }
        )

    def _is_unaltered(self):
        """Tell whether record and file still are what was issued.

        A file that is still being made is no sign of a change.
        """
        self.ensure_one()
        if self.digest != self._compute_digest():
            return False
        if self.pdf_state == "pending":
            return True
        content = self._get_own_file("attachment_id").raw or b""
        return hashlib.sha256(content).hexdigest() == self.file_hash

    def _get_altered_text(self):
        """Return the sentence to whoever asks for an altered certificate."""
        return self.env._(
            "This certificate was changed after it was issued. Do not rely on it; "
            "please call us."
        )

    def _get_genuine_file(self):
        """Return the file while record and file are what was issued, else none."""
        file = self._get_own_file("attachment_id")
        return file if file and self.sudo()._is_unaltered() else file.browse()

    def _notify_office_failure(self):
        summary = self.env._("The certificate %(number)s has no PDF", number=self.name)
        note = self.env._("It failed with a technical error; see the server log.")
        self.contract_id._notify_office(summary, note)

    @api.model
    def _cron_make_pending(self):
        """Make the files that could not be made when their visit was completed."""
        domain = [
            ("pdf_state", "=", "pending"),
            ("state", "!=", "draft"),
            ("pdf_attempts", "<", ATTEMPTS),
        ]
        pending = self.search(domain, limit=BATCH, order="pdf_attempts, id")
        run_in_batches(
            pending,
            lambda certificate: certificate._make_pdf(),
            "Making the PDF of a certificate",
            size=1,
        )

    def _render_pdf(self):
        """Return the bytes of the document, in the language of the certificate."""
        self.ensure_one()
        certificate = self.with_context(lang=self.lang, bin_size=False)
        return CertificateDocument(certificate).build()

    # Words and values that the document shows -----------------------------------

    def _get_choice_label(self, name):
        """Return the label of a selection field in the language of the context."""
        field = self._fields[name]
        return dict(field._description_selection(self.env)).get(self[name]) or ""

    def _format_day(self, day):
        """Return a date in words."""
        return format_date(self.env, day, date_format="long") if day else ""

    def _format_time(self):
        """Return when the report was sent, in the time of the place."""
        if not self.reported_at:
            return ""
        zone = self.time_zone if self.time_zone in pytz.all_timezones_set else "UTC"
        return format_datetime(
            self.env, self.reported_at, tz=zone, dt_format="long", lang_code=self.lang
        )

    def _get_verification_url(self):
        """Return the address of the page that says whether the certificate holds."""
        self.ensure_one()
        key = self.sudo().access_key  # printed on the document, for whoever holds it
        return f"{self.get_base_url().rstrip('/')}/repairs/certificate/{key}"
