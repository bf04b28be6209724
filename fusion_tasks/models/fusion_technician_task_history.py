from odoo import api, models
from odoo.tools.misc import format_datetime, format_time

PLAN_FIELDS = frozenset(
    {"technician_id", "date_start", "date_end", "duration", "status"}
)


class FusionTechnicianTask(models.Model):
    """The history of a plan in words: who was to come when, and who changed it."""

    _inherit = "fusion.technician.task"

    def _get_plans_before(self, vals):
        """Return (technician, time) in words of each task that a change may replan."""
        if PLAN_FIELDS.isdisjoint(vals) or self.env.context.get("tracking_disable"):
            return {}
        return {task: task._say_plan() for task in self}

    @api.model
    def _log_plan_changes(self, before):
        """Log in the chatter who scheduled, moved or reassigned the tasks.

        :param before: as of ``_get_plans_before``
        """
        lines = {}
        for task, old in before.items():
            line = task._say_change(old, task._say_plan())
            if old and task.status == "pending":
                line = task._say_taken_off(old)
            if line:
                lines[task] = line
        self._keep_lines(lines)

    def _keep_lines(self, lines):
        """Put lines beside the values that Odoo tracks, or alone if it tracks none."""
        tracked = self.env.cr.precommit.data.get(f"mail.tracking.{self._name}") or {}
        alone = {}
        for task, line in lines.items():
            old = tracked.get(task.id) or {}
            if any(task[name] != value for name, value in old.items()):
                task._track_set_log_message(line)
            else:
                alone[task.id] = line
        self._log_lines(alone)

    def _creation_message(self):
        """Say for whom and when a task was booked."""
        plan = self._say_plan()
        if not plan:
            return super()._creation_message()
        return self._say_change(None, plan)

    def _say_plan(self):
        """Return (technician, time) of a live task in words, else None."""
        self.ensure_one()
        if not self._is_live():
            return None
        technician = self.sudo().technician_id
        tz = technician.with_company(self.company_id)._fc_get_tz()
        start = format_datetime(self.env, self.date_start, tz, "EEE d MMM, HH:mm")
        end = format_time(self.env, self.date_end, tz, "HH:mm")
        return technician.name, f"{start}–{end}"

    @api.model
    def _say_taken_off(self, old):
        return self.env._(
            "Taken off the day by %(who)s: %(technician)s, %(time)s.",
            who=self.env.user.name,
            technician=old[0],
            time=old[1],
        )

    @api.model
    def _say_change(self, old, new):
        """Return what became of a plan in words, or None if nothing did."""
        who = self.env.user.name
        if old == new or not new:
            return None
        if not old:
            return self.env._(
                "Scheduled by %(who)s: %(technician)s, %(time)s.",
                who=who,
                technician=new[0],
                time=new[1],
            )
        if old[0] == new[0]:
            return self.env._(
                "Moved by %(who)s: %(technician)s, from %(old)s to %(new)s.",
                who=who,
                technician=new[0],
                old=old[1],
                new=new[1],
            )
        return self.env._(
            "Reassigned by %(who)s: from %(old)s (%(old_time)s) to %(new)s "
            "(%(new_time)s).",
            who=who,
            old=old[0],
            old_time=old[1],
            new=new[0],
            new_time=new[1],
        )
