from odoo import models


class ResPartner(models.Model):
    """The links of a client in mails that are only looked at."""

    _inherit = "res.partner"

    def _fc_get_opt_out_url(self, kind="reminder"):
        """Return the client's own link, or a masked one in a preview."""
        if self.env.context.get("fusion_mail_preview"):
            return (
                f"{self.get_base_url().rstrip('/')}/repairs/maintenance/opt-out/preview"
            )
        return super()._fc_get_opt_out_url(kind)
