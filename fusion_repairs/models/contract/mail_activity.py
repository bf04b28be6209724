from markupsafe import Markup

from odoo import fields, models
from odoo.tools import html2plaintext, plaintext2html

CALLBACK_TYPE = "fusion_repairs.mail_activity_type_callback"
CALLBACK = "callback"


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

    def _is_callback(self):
        """Tell whether a client asked on their page to be called."""
        callback = self.env.ref(CALLBACK_TYPE, raise_if_not_found=False)
        return bool(callback) and self.activity_type_id == callback

    def _get_request(self):
        """Return the kind of what the office is asked for; "" of what it planned."""
        self.ensure_one()
        if self._is_callback():
            return CALLBACK
        # Some reasons name the visit as well: only one is open for each.
        return (self.x_fc_reason or "").partition(":")[0]

    def _add_to_note(self, text):
        """Add words to what an activity says, unless it says them already."""
        self.ensure_one()
        added = text if isinstance(text, Markup) else plaintext2html(text or "")
        words = html2plaintext(added).strip()
        if words and words not in html2plaintext(self.note or ""):
            self.note = (self.note or Markup()) + added
