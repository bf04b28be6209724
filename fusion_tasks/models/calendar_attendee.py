from odoo import api, models


class CalendarAttendee(models.Model):
    """Whoever declines a meeting has time again."""

    _inherit = "calendar.attendee"

    def write(self, vals):
        """Look at the visits of technicians who answer an invitation."""
        result = super().write(vals)
        if not {"state", "partner_id"}.isdisjoint(vals):
            self.event_id._fc_recheck_technicians()
        return result

    @api.ondelete(at_uninstall=False)
    def _fc_recheck_on_delete(self):
        self.event_id._fc_recheck_technicians()
