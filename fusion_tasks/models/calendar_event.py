from odoo import api, models

PLANNED_FIELDS = frozenset(
    {"start", "stop", "start_date", "stop_date", "duration", "allday", "user_id",
     "partner_ids", "active", "recurrency", "show_as"}
)  # fmt: skip


class CalendarEvent(models.Model):
    """An event that mirrors a technician's task follows the task, not the hand."""

    _inherit = "calendar.event"

    def write(self, vals):
        """Refuse to let a mirror differ from its task."""
        planned = not PLANNED_FIELDS.isdisjoint(vals)
        result = super().write(vals)
        if planned:
            for task in self._get_mirrored_tasks():
                task._check_event_in_step()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_mirror(self):
        for task in self._get_mirrored_tasks():
            raise task._make_mirror_error()

    def _get_mirrored_tasks(self):
        """Return the tasks that these events mirror, whoever asks."""
        tasks = (
            self.env["fusion.technician.task"].sudo().with_context(active_test=False)
        )
        return tasks.search([("calendar_event_id", "in", self.ids)])
