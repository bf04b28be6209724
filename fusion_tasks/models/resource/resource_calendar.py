from odoo import models

HOURS_FIELDS = frozenset(
    {"attendance_ids", "global_leave_ids", "leave_ids", "flexible_hours",
     "duration_based",     "two_weeks_calendar", "company_id", "active"}
)  # fmt: skip


class ResourceCalendar(models.Model):
    """Schedules, and the technicians who work by them."""

    _inherit = "resource.calendar"

    def write(self, vals):
        """Look at the visits of technicians whose schedule changes."""
        result = super().write(vals)
        if not HOURS_FIELDS.isdisjoint(vals):
            self._fc_recheck_technicians()
        return result

    def _fc_recheck_technicians(self):
        """Let the visits of those who work by these schedules be looked at."""
        if self:
            resources = self.env["resource.resource"].sudo()
            resources.search(
                [("calendar_id", "in", self.ids)]
            )._fc_recheck_technicians()
