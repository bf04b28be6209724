from odoo import models

from ...tools.plain_header import keep_plain


class IrMailServer(models.Model):
    """Mails whose unsubscribe button mail programs can read."""

    _inherit = "ir.mail_server"

    def _build_email__(self, *args, **kwargs):
        message = super()._build_email__(*args, **kwargs)
        keep_plain(message)
        return message
