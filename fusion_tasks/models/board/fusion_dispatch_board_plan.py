from datetime import timezone

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...exceptions import SlotTakenError
from ...scheduling import RefusalCode, haversine_km
from ..task.fusion_technician_task import LIVE_STATUSES
from .fusion_dispatch_board_verdict import NO

UTC = timezone.utc
DRIVE_CODES = (RefusalCode.TRAVEL_FROM_START, RefusalCode.TRAVEL_FROM_PREVIOUS)
PLACE_FIELDS = (
    "technician_id", "date_start", "travel_before", "allow_overlap", "allow_far"
)  # fmt: skip


class FusionDispatchBoard(models.AbstractModel):
    """What the dispatcher does on the board, and takes back.

    Every step returns itself: where the task was before and where it is now. The
    browser keeps it and hands it in to undo it.
    """

    _inherit = "fusion.dispatch.board"

    @api.model
    def plan(self, task_id, technician_id, start, allow_overlap=False):
        """Put a task on a technician's day, or somewhere else.

        :param str start: UTC
        :param bool allow_overlap: do it though the engine says no
        :raise SlotTakenError: with the reason of the engine, or of the database
        """
        self._check_dispatcher()
        task = self._get_movable_task(task_id)
        technician = self._get_technician(technician_id)
        start = self._to_instant(start)
        verdict, reason = self._judge_one(task, technician, start.replace(tzinfo=UTC))
        if verdict.level == NO and not allow_overlap:
            raise SlotTakenError(reason)
        before = self._read_place(task)
        task.write(self._prepare_plan_vals(task, technician, start, verdict))
        return self._make_step(task, before)

    @api.model
    def unschedule(self, task_id):
        """Take a task off its technician's day."""
        self._check_dispatcher()
        task = self._get_movable_task(task_id)
        before = self._read_place(task)
        task.action_unschedule()
        return self._make_step(task, before)

    @api.model
    def undo(self, step):
        """Put a task back where it was before a step.

        :raise UserError: if somebody has changed it since
        :raise SlotTakenError: if that time has been taken since
        """
        self._check_dispatcher()
        before, after = step["before"], step["after"]
        task = self._get_movable_task(step["task_id"])
        now = self._read_place(task)
        if any(now[name] != after[name] for name in ("status", *PLACE_FIELDS[:2])):
            raise UserError(
                self.env._(
                    "%(task)s has been changed since: this cannot be undone.",
                    task=task.display_name,
                )
            )
        vals = {name: before[name] for name in PLACE_FIELDS}
        vals["date_start"] = before["date_start"] and self._to_instant(
            before["date_start"]
        )
        if before["status"] == "scheduled" and before.get("was_open"):
            self._check_still_open(task, vals)
        if before["status"] != now["status"]:
            vals["status"] = before["status"]
        task.write(vals)
        return True

    # Steps -------------------------------------------------------------------------

    @api.model
    def _get_movable_task(self, task_id):
        """Return a task that can be put elsewhere.

        :raise UserError: if somebody is on the way to it, or it is over
        """
        task = self._get_task(task_id)
        if not self._is_movable(task):
            labels = self._get_labels()["status"]
            raise UserError(
                self.env._(
                    "%(task)s is “%(status)s”: it stays where it is.",
                    task=task.display_name,
                    status=labels[task.status],
                )
            )
        return task

    @api.model
    def _read_place(self, task):
        """Return where a task is, as JSON can hold it."""
        return {
            "status": task.status,
            "technician_id": task.technician_id.id,
            "date_start": fields.Datetime.to_string(task.date_start) or False,
            "travel_before": task.travel_before,
            "allow_overlap": task.allow_overlap,
            "allow_far": task.allow_far,
            "was_open": self._is_open_here(task),
        }

    @api.model
    def _make_step(self, task, before):
        return {
            "task_id": task.id,
            "title": task.display_name,
            "before": before,
            "after": self._read_place(task),
        }

    @api.model
    def _is_open_here(self, task):
        """Tell whether the engine has nothing against where a task is."""
        if not task._is_live():
            return False
        start = task.date_start.replace(tzinfo=UTC)
        verdict, _reason = self._judge_one(task, task.technician_id, start)
        return verdict.level != NO

    @api.model
    def _check_still_open(self, task, vals):
        technician = self.env["res.users"].browse(vals["technician_id"])
        start = vals["date_start"].replace(tzinfo=UTC)
        verdict, reason = self._judge_one(task, technician, start)
        if verdict.level == NO:
            raise SlotTakenError(reason)

    # Values ------------------------------------------------------------------------

    @api.model
    def _to_instant(self, start):
        """Return a UTC time from the browser as a datetime.

        :raise UserError: for what is none
        """
        try:
            instant = fields.Datetime.to_datetime(start)
        except (TypeError, ValueError) as error:
            raise UserError(self.env._("This is not a time.")) from error
        if not instant:
            raise UserError(self.env._("This is not a time."))
        return instant

    @api.model
    def _prepare_plan_vals(self, task, technician, start, verdict):
        """Return the values that put a task there.

        Where the engine refuses, the dispatcher has said to do it all the same; the
        mark is set only if the task really stands beside another one.
        """
        forced = verdict.level == NO
        minutes = verdict.travel_before
        if forced and verdict.refusal and verdict.refusal.code in DRIVE_CODES:
            minutes = verdict.refusal.travel_minutes
        vals = {
            "technician_id": technician.id,
            "date_start": start,
            "travel_before": minutes,
            "allow_overlap": forced and self._stands_beside(task, technician, start),
            "allow_far": self._is_far(task, technician),
        }
        if task.status not in LIVE_STATUSES:
            vals["status"] = "scheduled"
        return vals

    @api.model
    def _is_far(self, task, technician):
        """Tell whether the place is outside the technician's area."""
        technician = technician.sudo()
        availability = self.env["fusion.technician.availability"]
        person = availability._collect_technicians(technician.ids)[technician.id]
        place = availability._to_place(*task._get_coordinates())
        if not person.radius_km or not person.place or not place:
            return False
        return haversine_km(person.place, place) > person.radius_km

    @api.model
    def _stands_beside(self, task, technician, start):
        """Tell whether the technician has another task while this one would last."""
        tasks = self.env["fusion.technician.task"]
        return bool(tasks._find_beside(technician, start, task.duration, task))
