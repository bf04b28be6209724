import re

from odoo import api, models

from ..mail_text import html_to_text
from .fusion_repair_maintenance_visit_ics import one_line

# The frame of our mails, see data/mail_templates_layout.xml.
FRAME = 'class="fc-page"'
HEADERS = ("subject", "email_from", "reply_to", "email_to")
METHOD = re.compile(rb"^METHOD:([A-Z]+)\s*$", re.MULTILINE)


class MailMail(models.Model):
    """How our mails leave: a text that reads well, a calendar file that says its kind.

    And which of them are not worth sending any more.
    """

    _inherit = "mail.mail"

    @api.model_create_multi
    def create(self, vals_list):
        """Keep the headers of our mails on one line, whatever names they carry.

        A mail with a line break in its subject could never be sent.
        """
        for vals in vals_list:
            if FRAME in (vals.get("body_html") or ""):
                vals.update(
                    {name: one_line(vals[name]) for name in HEADERS if vals.get(name)}
                )
        return super().create(vals_list)

    def _prepare_outgoing_list(self, *args, **kwargs):
        prepared = super()._prepare_outgoing_list(*args, **kwargs)
        for email in prepared:
            if FRAME not in (email["body"] or ""):
                continue
            email["body_alternative"] = html_to_text(email["body"])
            email["attachments"] = [
                (name, raw, self._get_calendar_type(raw, mimetype))
                for name, raw, mimetype in email["attachments"]
            ]
        return prepared

    @staticmethod
    def _get_calendar_type(raw, mimetype):
        """Return a content type; that of a calendar file names its method.

        RFC 6047: without it, some mail programs take a cancellation for a new entry.
        """
        if mimetype != "text/calendar":
            return mimetype
        method = METHOD.search(raw)
        named = f"; method={method[1].decode()}" if method else ""
        return f"text/calendar; charset=utf-8{named}"

    def _take_back_late_notices(self):
        """Take back notices of visits that have begun meanwhile.

        :return: the mails that are left
        """
        late = self._find_visit_messages().filtered(lambda row: row._is_too_late())
        left = self - late.mail_id
        late._replace()
        return left
