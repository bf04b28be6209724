from odoo import models

from odoo.addons.fusion_tasks.groups import DISPATCHER


class IrHttp(models.AbstractModel):
    """Tell the web client of the office whether clients are being reminded."""

    _inherit = "ir.http"

    def session_info(self):
        """Add the banner's text, if any, to what the web client starts with."""
        result = super().session_info()
        if self.env.user.has_group(DISPATCHER):
            watch = self.env["fusion.repair.reminder.watch"]
            result["fc_reminder_alert"] = watch.get_alert()
        return result
