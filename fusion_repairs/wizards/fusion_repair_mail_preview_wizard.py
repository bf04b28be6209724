import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from odoo.addons.fusion_tasks.button_context import without_button
from odoo.addons.fusion_tasks.groups import MANAGER

from ..models.client_mail.fusion_repair_maintenance_visit_mail_content import (
    WITH_CALENDAR_FILE,
)


class FusionRepairMailPreviewWizard(models.TransientModel):
    """Shows a manager every mail of the client's, as the client gets it."""

    _name = "fusion.repair.mail.preview.wizard"
    _description = "Client Email Preview"
    _inherit = "fusion.wizard.access.mixin"

    kind = fields.Selection(selection="_selection_kind", default="reminder")
    lang = fields.Selection(
        selection="_selection_lang",
        string="Language",
        default=lambda self: self._get_own_lang(),
    )
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    visit_id = fields.Many2one(
        "fusion.repair.maintenance.visit",
        string="Sample",
        default=lambda self: self._get_recent_visit(),
        domain="[('company_id', '=', company_id)]",
        help="The visit whose emails are shown; without one, an example is.",
    )
    subject = fields.Char(compute="_compute_mail")
    body = fields.Html(string="Email", compute="_compute_mail", sanitize=False)
    text = fields.Text(string="As Plain Text", compute="_compute_mail")

    @api.model
    def _selection_kind(self):
        kinds = self.env["fusion.repair.visit.message"]._fields["kind"]
        return [
            ("reminder", self.env._("Reminder")),
            *kinds._description_selection(self.env),
            ("report", self.env._("Visit Report")),
        ]

    @api.model
    def _selection_lang(self):
        return self.env["res.lang"].get_installed()

    @api.model
    def _get_own_lang(self):
        """Return the user's language; one that is not installed cannot be chosen."""
        codes = [code for code, _name in self._selection_lang()]
        return self.env.lang if self.env.lang in codes else codes[0]

    @api.model
    def _get_recent_visit(self):
        visits = self.env["fusion.repair.maintenance.visit"]
        domain = [("company_id", "=", self.env.company.id)]
        return visits.search([*domain, ("is_live", "=", True)], limit=1) or (
            visits.search(domain, limit=1)
        )

    def _check_manager(self):
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only managers may preview the emails."))
        self.visit_id.check_access("read")

    @api.depends("kind", "lang", "visit_id")
    def _compute_mail(self):
        self._check_manager()
        for wizard in self:
            mail = {}
            if wizard.kind and wizard.lang:
                mail = self.env["fusion.repair.mail.sample"]._render(
                    wizard.kind, wizard.lang, wizard.visit_id
                )
            wizard.subject = mail.get("subject")
            wizard.body = mail.get("body")
            wizard.text = mail.get("text")

    def action_send_test(self):
        """Queue the mail that is shown to the user's own address."""
        self.ensure_one()
        self._check_manager()
        if not self.env.user.email:
            raise UserError(self.env._("You have no email address yourself yet."))
        mails = without_button(self.env["mail.mail"].sudo())
        mail = mails.create(self._prepare_test_vals())
        self._attach_calendar_file(mail)
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "A test is on its way to %(email)s.", email=self.env.user.email
                ),
            },
        }

    def _prepare_test_vals(self):
        company = self.company_id or self.env.company
        vals = {
            "subject": self.env._("[Test] %(subject)s", subject=self.subject),
            "body_html": self.body,
            "email_to": self.env.user.email_formatted,
            "auto_delete": True,
        }
        if company.email:
            vals["email_from"] = company.email_formatted
        return vals

    def _attach_calendar_file(self, mail):
        if self.kind not in WITH_CALENDAR_FILE or not self.visit_id:
            return
        visit = self.visit_id.sudo()
        calendar = {
            "name": "visit.ics",
            "datas": base64.b64encode(visit._get_ics()),
            "res_model": "mail.message",
            "res_id": mail.mail_message_id.id,
        }
        mail.attachment_ids = [Command.create(calendar)]
