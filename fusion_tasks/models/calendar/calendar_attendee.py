from odoo import api, models


class CalendarAttendee(models.Model):
    """Whoever declines a meeting has time again; a visit is no invitation."""

    _inherit = "calendar.attendee"

    _fc_partner_idx = models.Index("(partner_id, event_id)")

    def write(self, vals):
        """Look at the visits of technicians who answer an invitation.

        What shows a visit stays accepted: the technician still has to go there, and
        whoever cannot tells a dispatcher.
        """
        result = super().write(vals)
        if vals.get("state", "accepted") != "accepted":
            # The tasks may be none of the user's.
            tasks = self.sudo().event_id._get_mirrored_tasks()
            tasks.calendar_event_id._fc_accept()
        if not {"state", "partner_id"}.isdisjoint(vals):
            self.event_id._fc_recheck_technicians()
        return result

    @api.ondelete(at_uninstall=False)
    def _fc_recheck_on_delete(self):
        self.event_id._fc_recheck_technicians()
