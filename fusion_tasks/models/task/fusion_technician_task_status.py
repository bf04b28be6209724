from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_datetime, format_time

from .fusion_technician_task import LIVE_STATUSES


class Transition(NamedTuple):
    """A change of status: from where, to where, and whether the technician may."""

    sources: tuple
    target: str
    by_technician: bool = False


STATUS_TRANSITIONS = {
    "schedule": Transition(("pending",), "scheduled"),
    "unschedule": Transition(("scheduled", "en_route"), "pending"),
    "start_travel": Transition(("scheduled",), "en_route", by_technician=True),
    "start": Transition(("scheduled", "en_route"), "in_progress", by_technician=True),
    "undo_travel": Transition(("en_route",), "scheduled", by_technician=True),
    "undo_start": Transition(("in_progress",), "scheduled", by_technician=True),
    "complete": Transition(LIVE_STATUSES, "completed", by_technician=True),
    "no_show": Transition(LIVE_STATUSES, "no_show", by_technician=True),
    "cancel": Transition(("pending", *LIVE_STATUSES), "cancelled"),
    "reopen": Transition(("completed", "no_show", "cancelled"), "pending"),
}
"""The only legal changes of status, by the name of the action that makes them."""

_BY_STEP = {
    (source, transition.target): transition
    for transition in STATUS_TRANSITIONS.values()
    for source in transition.sources
}

PLAN_FIELDS = frozenset(
    {"technician_id", "date_start", "date_end", "duration", "status"}
)


class FusionTechnicianTask(models.Model):
    """The life of a task: which status follows which, and who may say so."""

    _inherit = "fusion.technician.task"

    # Actions ---------------------------------------------------------------------

    def action_schedule(self):
        """Put pending tasks on their technicians' days."""
        return self._apply_transition("schedule")

    def action_unschedule(self):
        """Take tasks off their technicians' days, to be scheduled anew."""
        return self._apply_transition("unschedule")

    def action_start_travel(self):
        """Note that the technician is on the way."""
        return self._apply_transition("start_travel")

    def action_start(self):
        """Note that the work has begun."""
        return self._apply_transition("start")

    def action_undo_travel(self):
        """Take back that the technician is on the way."""
        return self._apply_transition("undo_travel")

    def action_undo_start(self):
        """Take back that the work has begun."""
        return self._apply_transition("undo_start")

    def action_complete(self):
        """Note that the work is done."""
        return self._apply_transition("complete")

    def action_no_show(self):
        """Note that nobody was there."""
        return self._apply_transition("no_show")

    def action_cancel(self):
        """Call tasks off."""
        return self._apply_transition("cancel")

    def action_reopen(self):
        """Take closed tasks back to those that are to be scheduled."""
        return self._apply_transition("reopen")

    def _apply_transition(self, name):
        transition = STATUS_TRANSITIONS[name]
        for task in self:
            if task.status not in transition.sources:
                raise self._make_step_error(task, transition.target)
        self.write({"status": transition.target})
        return True

    # Every change of status ------------------------------------------------------

    def _check_status_change(self, vals):
        """Refuse a change of status that the table does not know.

        :return: dict of the old status by the id of each task that changes its own
        :raise UserError: for an illegal step
        :raise AccessError: for a step that is not this user's to take
        """
        if "status" not in vals:
            return {}
        previous = {
            task.id: task.status for task in self if task.status != vals["status"]
        }
        changed = self.browse(previous)
        changed._check_status_step(vals["status"])
        changed._check_is_planned(vals)
        return previous

    def _follow_status_change(self, vals, previous):
        """Stamp the time of a change of status, and tell the hook.

        :param vals: what was written
        :param previous: as of ``_check_status_change``
        """
        changed = self.browse(previous)
        if not changed:
            return
        stamps = self._prepare_status_vals(vals["status"])
        stamps = {name: value for name, value in stamps.items() if name not in vals}
        if stamps:
            # The technician may not write these; the clock does.
            changed.sudo().write(stamps)
        changed._after_status_change(previous)

    def _after_status_change(self, previous):
        """Do what follows from a change of status; a hook for other addons.

        Called once a write, with the tasks whose status really changed.

        :param previous: dict of the old status by task id
        """

    def _prepare_status_vals(self, status):
        """Return the times that go with a status."""
        now = fields.Datetime.now()
        if status == "in_progress":
            return {"actual_start": now}
        if status == "completed":
            return {"actual_end": now, "completed_at": now}
        if status in ("pending", "scheduled"):
            return {"actual_start": False, "actual_end": False, "completed_at": False}
        return {}

    def _check_status_step(self, status):
        """Refuse a step that the table does not know, or not for this user.

        :raise UserError: for an illegal step
        :raise AccessError: for a step that is up to a dispatcher, or for somebody
            else's task
        """
        dispatcher = self._is_dispatcher()
        for task in self:
            transition = _BY_STEP.get((task.status, status))
            if not transition:
                raise self._make_step_error(task, status)
            if dispatcher:
                continue
            if not transition.by_technician:
                raise AccessError(
                    self.env._("Only a dispatcher may schedule, cancel or reopen.")
                )
            if task.technician_id != self.env.user:
                raise AccessError(
                    self.env._(
                        "This is another technician's task: %(task)s.",
                        task=task.display_name,
                    )
                )

    def _check_is_planned(self, vals):
        """Refuse to schedule what has no technician or no time, with a sentence.

        :raise UserError: in that case; the database would refuse it too
        """
        if vals["status"] not in LIVE_STATUSES:
            return
        for task in self:
            if not vals.get("technician_id", task.technician_id.id):
                raise UserError(
                    self.env._(
                        "Choose a technician for %(task)s first.",
                        task=task.display_name,
                    )
                )
            if not vals.get("date_start", task.date_start):
                raise UserError(
                    self.env._(
                        "Choose a start for %(task)s first.", task=task.display_name
                    )
                )

    def _make_step_error(self, task, status):
        labels = dict(self._fields["status"]._description_selection(self.env))
        return UserError(
            self.env._(
                "%(task)s is “%(old)s”: it cannot become “%(new)s”.",
                task=task.display_name,
                old=labels[task.status],
                new=labels.get(status, status),
            )
        )

    # History -----------------------------------------------------------------

    def _get_plans_before(self, vals):
        """Return (technician, time) in words of each task that a change may replan."""
        if PLAN_FIELDS.isdisjoint(vals) or self.env.context.get("tracking_disable"):
            return {}
        return {task: task._get_plan_text() for task in self}

    @api.model
    def _log_plan_changes(self, before):
        """Log in the chatter who scheduled, moved or reassigned the tasks.

        :param before: as of ``_get_plans_before``
        """
        lines = {}
        for task, old in before.items():
            line = task._get_change_text(old, task._get_plan_text())
            if old and task.status == "pending":
                line = task._get_unscheduled_text(old)
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
        plan = self._get_plan_text()
        if not plan:
            return super()._creation_message()
        return self._get_change_text(None, plan)

    def _get_plan_text(self):
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
    def _get_unscheduled_text(self, old):
        return self.env._(
            "Unscheduled by %(who)s: %(technician)s, %(time)s.",
            who=self.env.user.name,
            technician=old[0],
            time=old[1],
        )

    @api.model
    def _get_change_text(self, old, new):
        """Return what happened to a plan in words, or None if nothing did."""
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
