from odoo import api, models


class ResourceCalendarAttendance(models.Model):
    """Rows of a schedule: hours that come and go."""

    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        """Look at the visits of technicians who work by the schedule."""
        rows = super().create(vals_list)
        rows.calendar_id._fc_recheck_technicians()
        return rows

    def write(self, vals):
        """Look at the visits of technicians who work by the schedule."""
        calendars = self.calendar_id
        result = super().write(vals)
        (calendars | self.calendar_id)._fc_recheck_technicians()
        return result

    @api.ondelete(at_uninstall=False)
    def _fc_recheck_on_delete(self):
        self.calendar_id._fc_recheck_technicians()
