from odoo import models

ABLE_FIELDS = frozenset(
    {"active", "x_fc_is_technician", "company_id", "company_ids",
     "x_fc_start_address_id", "x_fc_service_radius_km"}
)  # fmt: skip


class ResUsers(models.Model):
    """Technicians who leave, or change what they can do, keep their visits flagged."""

    _inherit = "res.users"

    def write(self, vals):
        """Look at the visits of technicians who change."""
        result = super().write(vals)
        if not ABLE_FIELDS.isdisjoint(vals):
            self.env["fusion.technician.task"]._recheck_later(self)
        return result
