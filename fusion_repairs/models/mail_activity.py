from markupsafe import Markup

from odoo import fields, models
from odoo.tools import html2plaintext, plaintext2html


class MailActivity(models.Model):
    """Why the office has an activity, in a form that no language changes."""

    _inherit = "mail.activity"

    x_fc_reason = fields.Char(
        string="Maintenance Reason",
        readonly=True,
        copy=False,
        help="The code of what the office is asked for. A contract has one open "
        "activity for each.",
    )

    def _add_to_note(self, text):
        """Add words to what an activity says, unless it says them already."""
        self.ensure_one()
        added = text if isinstance(text, Markup) else plaintext2html(text or "")
        words = html2plaintext(added).strip()
        if words and words not in html2plaintext(self.note or ""):
            self.note = (self.note or Markup()) + added
