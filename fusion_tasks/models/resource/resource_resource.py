from odoo import api, models

HOURS_FIELDS = frozenset({"calendar_id", "tz", "active", "user_id", "company_id"})


class ResourceResource(models.Model):
    """A technician's hours, of which booked visits depend."""

    _inherit = "resource.resource"

    @api.model_create_multi
    def create(self, vals_list):
        """Look at the visits of technicians who get hours."""
        resources = super().create(vals_list)
        resources._fc_recheck_technicians()
        return resources

    def write(self, vals):
        """Look at the visits of technicians who get other hours."""
        if HOURS_FIELDS.isdisjoint(vals):
            return super().write(vals)
        self._fc_recheck_technicians()
        result = super().write(vals)
        self._fc_recheck_technicians()
        return result

    @api.ondelete(at_uninstall=False)
    def _fc_recheck_on_delete(self):
        self._fc_recheck_technicians()

    def _fc_recheck_technicians(self):
        users = self.sudo().user_id.filtered("x_fc_is_technician")
        self.env["fusion.technician.task"]._recheck_later(users)
