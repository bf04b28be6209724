from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta, timezone
from functools import partial
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...button_context import without_button
from ...groups import DISPATCHER
from ...scheduling import RefusalCode, SlotRequest, explain, local_date
from .fusion_technician_task import LIVE_STATUSES

UTC = timezone.utc
FURTHEST_DAYS = 366
CONFLICT_REASONS = [
    ("technician", "Technician unavailable"),
    ("day_off", "Day off or leave"),
    ("hours", "Outside working hours"),
    ("busy", "Calendar is busy"),
    ("rest", "Too little rest after night work"),
    ("travel", "Not enough travel time"),
    ("radius", "Outside the service area"),
    ("missed", "Visit missed"),
    ("other", "Other"),
]
_REASON_OF = {
    RefusalCode.NO_WORKING_TIME: "day_off",
    RefusalCode.OUTSIDE_WORKING_TIME: "hours",
    RefusalCode.PAST_WORKING_TIME: "hours",
    RefusalCode.BUSY: "busy",
    RefusalCode.RESTING: "rest",
    RefusalCode.TRAVEL_FROM_START: "travel",
    RefusalCode.TRAVEL_FROM_PREVIOUS: "travel",
    RefusalCode.TRAVEL_TO_NEXT: "travel",
    RefusalCode.OUT_OF_RADIUS: "radius",
}


class Conflict(NamedTuple):
    """Why a plan does not hold: a reason to filter by, and words for who wants them."""

    reason: str
    say: Callable

    @property
    def words(self):
        """Return the reason as a sentence."""
        return self.say()


ACTIVITY_TYPE = "fusion_tasks.mail_activity_type_conflict"


class FusionTechnicianTask(models.Model):
    """Booked work that no longer fits: kept, but flagged to the dispatcher.

    Technicians are archived, fall ill, change their hours and accept meetings after a
    booking. Asking the engine whether the task's own slot would be open now tells.
    """

    _inherit = "fusion.technician.task"

    conflict_reason = fields.Selection(
        CONFLICT_REASONS,
        string="Conflict",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Why this task, as planned, would not be offered any more.",
    )
    conflict = fields.Text(string="Conflict in Words", compute="_compute_conflict")
    has_conflict = fields.Boolean(
        compute="_compute_has_conflict", search="_search_has_conflict"
    )

    @api.depends("status", "technician_id", "date_start", "date_end")
    def _compute_conflict(self):
        conflicts = self._get_conflicts()
        for task in self:
            conflict = conflicts.get(task.id)
            task.conflict = conflict and conflict.words

    @api.depends("conflict_reason", "date_start")
    def _compute_has_conflict(self):
        now = fields.Datetime.now()
        for task in self:
            ahead = task.date_start and task.date_start >= now
            task.has_conflict = bool(task.conflict_reason and ahead)

    def _search_has_conflict(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        ahead = Domain("date_start", ">=", fields.Datetime.now())
        return Domain("conflict_reason", "!=", False) & ahead

    # Asking the engine -------------------------------------------------------------

    def _filter_ahead(self):
        """Return the saved tasks that somebody has to drive to within a year."""
        now = fields.Datetime.now()
        year = now + timedelta(days=FURTHEST_DAYS)
        return self.filtered(
            lambda task: (
                task.id
                and task.status in LIVE_STATUSES
                and task.technician_id
                and task.date_start
                and now <= task.date_start < year
            )
        )

    def _get_conflicts(self):
        """Return the Conflict of each of the tasks that has one, by id."""
        conflicts = {}
        for company, tasks in self._filter_ahead().grouped("company_id").items():
            conflicts |= tasks.with_company(company)._find_conflicts()
        return conflicts

    def _find_conflicts(self, within_area=True):
        """Return the Conflicts of live tasks of the current company, by id.

        :param within_area: whether places have to be in the technicians' areas
        """
        availability = self.env["fusion.technician.availability"]
        people = availability._collect_technicians(self.technician_id.ids)
        plans = self._get_plans_by_day(people)
        travel = availability._get_travel(plans.values(), None)
        conflicts = {}
        for task in self:
            person = people.get(task.technician_id.id)
            if not person:
                conflicts[task.id] = task._make_gone_conflict()
                continue
            start = task.date_start.replace(tzinfo=UTC)
            plan = plans[person.id, local_date(start, person.tz)]
            bound = within_area and not task.allow_far
            refusal = explain(
                replace(
                    plan,
                    stops=task._get_other_stops(plan),
                    radius_km=plan.radius_km if bound else 0.0,
                ),
                task._prepare_own_request(),
                start,
                travel,
            )
            if refusal and refusal.code != RefusalCode.OFF_GRID:
                conflicts[task.id] = task._make_conflict(refusal, person.tz)
        return conflicts

    def _make_gone_conflict(self):
        technician = self.technician_id.sudo()
        availability = self.env["fusion.technician.availability"]
        return Conflict(
            "technician", partial(availability._get_technician_refusal, technician)
        )

    def _make_conflict(self, refusal, tz):
        reason = _REASON_OF.get(refusal.code, "other")
        return Conflict(reason, partial(self._get_conflict_text, refusal, tz))

    def _get_conflict_text(self, refusal, tz):
        problem = False
        if refusal.code == RefusalCode.NO_WORKING_TIME:
            problem = self.technician_id.sudo()._fc_get_hours_problem()
        availability = self.env["fusion.technician.availability"]
        return problem or availability._get_refusal_text(refusal, tz)

    def _get_other_stops(self, plan):
        """Return the stops that this task has to respect.

        What overlaps was allowed to by a dispatcher: the database knows no other.
        """
        if self.allow_overlap:
            return ()
        start = self.date_start.replace(tzinfo=UTC)
        end = self.date_end.replace(tzinfo=UTC)
        return tuple(
            stop
            for stop in plan.stops
            if stop.key != self.id and (stop.end <= start or end <= stop.start)
        )

    def _get_plans_by_day(self, people):
        """Return the day plans that the tasks lie in, by technician and day."""
        if not people:
            return {}
        dates = [
            local_date(task.date_start.replace(tzinfo=UTC), people[person_id].tz)
            for task in self
            if (person_id := task.technician_id.id) in people
        ]
        plans = self.env["fusion.technician.availability"]._to_day_plans(
            people, min(dates), max(dates), self._get_beside(people)
        )
        return {(plan.technician_id, plan.day): plan for plan in plans}

    def _get_beside(self, people):
        """Return the tasks that dispatchers put beside others: no drive is due."""
        return self.sudo().search(
            Domain("technician_id", "in", list(people))
            & Domain("status", "in", LIVE_STATUSES)
            & Domain("allow_overlap", "=", True)
        )

    def _prepare_own_request(self):
        """Return the request that asks for the task's own slot."""
        self.ensure_one()
        availability = self.env["fusion.technician.availability"]
        seconds = (self.date_end - self.date_start).total_seconds()
        return SlotRequest(
            duration_minutes=max(1, round(seconds / 60)),
            place=availability._to_place(*self._get_coordinates()),
            now=self.date_start.replace(tzinfo=UTC),
            lead_minutes=0,
            travel_on_own_time=self.company_id.sudo().x_fc_travel_on_own_time,
            rest_minutes=self.company_id.sudo().x_fc_rest_hours * 60,
        )

    # Telling the office ------------------------------------------------------

    def action_find_slots(self):
        """Show the open slots for several tasks, one after the other."""
        self.check_access("write")
        tasks = self._filter_plannable()
        if not tasks:
            raise UserError(
                self.env._(
                    "Choose tasks that are to be scheduled or moved: none of these is."
                )
            )
        return self.env["fusion.task.slot.wizard"]._open_for_each(tasks)

    def _filter_plannable(self):
        """Return the tasks that can be put on a day, or on another."""
        return self.exists().filtered(
            lambda task: task.status in ("pending", "scheduled")
        )

    def _notify_conflict(self, words):
        """Tell the dispatcher why the tasks do not fit any more.

        Nobody gets a mail: a holiday may hit a hundred tasks at once.

        :param words: dict of the reason by task id
        """
        if not self:
            return
        self._log_lines(
            {
                task.id: self.env._("Conflict: %(reason)s", reason=words[task.id])
                for task in self
            }
        )
        open_ones = self._get_conflict_activities().grouped("res_id")
        for task_id, activities in open_ones.items():
            activities.write({"note": words[task_id]})
        # Whoever has done with a visit that was missed then is not asked again.
        new = self.filtered(
            lambda task: task.id not in open_ones and task.conflict_reason != "missed"
        )
        activities = without_button(self.env["mail.activity"].sudo())
        activities.with_context(mail_activity_quick_update=True).create(
            new._prepare_conflict_activities(words)
        )

    def _close_conflict_activities(self):
        """Take back what there was to do: the tasks fit, or are off the day."""
        if not self:
            return
        self._get_conflict_activities().unlink()
        live = self.filtered(lambda task: task._is_live())
        line = self.env._("The conflict is settled.")
        live._log_lines(dict.fromkeys(live.ids, line))

    def _log_lines(self, lines):
        """Put lines into the chatter, unless the caller wants no tracking.

        :param lines: dict of text by task id
        """
        if lines and not self.env.context.get("tracking_disable"):
            self.browse(lines)._message_log_batch(bodies=lines)

    def _get_conflict_activities(self):
        activity_type = self.env.ref(ACTIVITY_TYPE, raise_if_not_found=False)
        activities = self.env["mail.activity"].sudo()
        if not activity_type:
            return activities
        return activities.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("activity_type_id", "=", activity_type.id),
            ]
        )

    def _prepare_conflict_activities(self, words):
        activity_type = self.env.ref(ACTIVITY_TYPE, raise_if_not_found=False)
        if not activity_type:
            return []
        model_id = self.env["ir.model"]._get_id(self._name)
        users = self._get_conflict_users()
        return [
            {
                "activity_type_id": activity_type.id,
                "res_model_id": model_id,
                "res_id": task.id,
                "automated": True,
                "summary": self.env._("Find another slot"),
                "note": words[task.id],
                "user_id": users[task].id,
            }
            for task in self
        ]

    def _get_conflict_users(self):
        """Return who is to find another slot, by task; a hook for other addons.

        Whoever planned the task if a dispatcher, else whom the company's settings say.
        """
        dispatchers = self.env.ref(DISPATCHER).sudo().all_user_ids
        users = {}
        for company, tasks in self.grouped("company_id").items():
            planners = tasks.create_uid & dispatchers
            planners = planners.filtered(
                lambda user, company=company: user._fc_may_follow_up(company)
            )
            roster = company._fc_get_roster("office", planners)
            for task in tasks:
                first = task.create_uid & planners
                users[task] = first.browse(roster.pick(task.id, first.id))
        return users
