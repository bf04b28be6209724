from dataclasses import replace
from datetime import timezone

from odoo import fields, models
from odoo.exceptions import UserError

from ...scheduling import find_open_slots, local_date
from .fusion_technician_task_event import SILENT

UTC = timezone.utc
FINEST_GRID_MINUTES = 5


class FusionTechnicianTask(models.Model):
    """A task follows its event where somebody dragged it, or the event is set back."""

    _inherit = "fusion.technician.task"

    def _follow_event(self, user):
        """Move the task to where its event was dragged.

        Legal for dispatchers only, and where the engine and the database allow it.
        Notice, horizon and grid bind what clients are offered, not the dispatcher.

        :param user: who dragged it
        :raise UserError: where it is not legal; nothing is changed then
        """
        self.ensure_one()
        event = self.calendar_event_id
        start, end = event.start, event.stop
        if not self._is_event_ours() or self.status not in ("scheduled", "en_route"):
            raise self._make_mirror_error()
        self.with_user(user)._check_may_write({"date_start": start})
        self.with_user(user).check_access("write")
        if end <= start:
            raise UserError(self.env._("A task must take some time."))
        if start != self.date_start and start < fields.Datetime.now():
            raise UserError(
                self.env._("%(task)s cannot move to the past.", task=self.display_name)
            )
        task = self.with_company(self.company_id)
        with self.env.cr.savepoint():
            task.write(
                {
                    "date_start": start,
                    "date_end": end,
                    # Once it stands beside nothing, nothing may be put beside it.
                    "allow_overlap": task.allow_overlap and task._stands_beside(),
                }
            )
            # It stays with its technician, however far that may be.
            conflict = task._find_conflicts(within_area=False).get(task.id)
            if conflict:
                raise UserError(
                    self.env._(
                        "%(task)s cannot move there. %(reason)s",
                        task=self.display_name,
                        reason=conflict.words,
                    )
                )
            task._refresh_travel_before()

    def _stands_beside(self):
        """Tell whether the technician has another task where the event is now."""
        event = self.calendar_event_id
        hours = (event.stop - event.start).total_seconds() / 3600
        return bool(self._find_beside(self.technician_id, event.start, hours, self))

    def _refresh_travel_before(self):
        """Plan the drive anew, from the stop that now comes before."""
        self.ensure_one()
        availability = self.env["fusion.technician.availability"]
        people = availability._collect_technicians(self.technician_id.ids)
        start = self.date_start.replace(tzinfo=UTC)
        day = local_date(start, people[self.technician_id.id].tz)
        plans = availability._to_day_plans(people, day, day, self)
        request = replace(self._prepare_own_request(), grid_minutes=FINEST_GRID_MINUTES)
        travel = availability._get_travel(plans, request.place)
        slots = find_open_slots(plans, request, travel)
        if slots and slots[0].start == start:
            self.write({"travel_before": slots[0].travel_before})

    def _set_event_back(self, error):
        """Let the event say what the task says, and the chatter why.

        For a synchronised calendar: an error would stop its synchronisation for good.
        """
        self.ensure_one()
        self._log_lines(
            {
                self.id: self.env._(
                    "The calendar event was changed elsewhere and set back. %(reason)s",
                    reason=str(error),
                )
            }
        )
        if not self.calendar_event_id.active:
            self.calendar_event_id.with_context(**SILENT).action_unarchive()
        self._update_calendar_event()

    def _make_mirror_error(self):
        return UserError(
            self.env._(
                "This event shows %(task)s: cancel, reassign or take off the task "
                "itself, and the calendar follows. Only its time can be changed here.",
                task=self.display_name,
            )
        )
