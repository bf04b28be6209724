from dataclasses import replace
from datetime import timedelta, timezone

from odoo import api, fields, models
from odoo.fields import Domain

from ..scheduling import RefusalCode, SlotRequest, explain, local_date
from .fusion_technician_task import LIVE_STATUSES

UTC = timezone.utc
FURTHEST_DAYS = 366


class FusionTechnicianTask(models.Model):
    """Booked work that no longer fits: kept, but flagged to the dispatcher.

    Technicians are archived, fall ill, change their hours and accept meetings after a
    booking. Asking the engine whether the task's own slot would be open now tells.
    """

    _inherit = "fusion.technician.task"

    conflict = fields.Text(
        compute="_compute_conflict",
        help="Why this task, as planned, would not be offered any more.",
    )
    has_conflict = fields.Boolean(
        compute="_compute_has_conflict", search="_search_has_conflict"
    )

    @api.depends("status", "technician_id", "date_start", "date_end")
    def _compute_conflict(self):
        self.conflict = False
        for company, tasks in self._filter_ahead().grouped("company_id").items():
            reasons = tasks.with_company(company)._find_conflicts()
            for task in tasks:
                task.conflict = reasons.get(task.id, False)

    @api.depends("conflict")
    def _compute_has_conflict(self):
        for task in self:
            task.has_conflict = bool(task.conflict)

    def _search_has_conflict(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        live = Domain("status", "in", LIVE_STATUSES)
        ahead = self.search(live & Domain("date_start", ">=", fields.Datetime.now()))
        return Domain("id", "in", ahead.filtered("has_conflict").ids)

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

    def _find_conflicts(self):
        """Return in words, by task id, why live tasks do not fit any more."""
        availability = self.env["fusion.technician.availability"]
        people = availability._collect_technicians(self.technician_id.ids)
        plans = self._get_plans_by_day(people)
        travel = availability._get_travel(plans.values(), None)
        reasons = {}
        for task in self:
            technician = task.technician_id.sudo()
            person = people.get(technician.id)
            if not person:
                reasons[task.id] = availability._say_no_technician(technician)
                continue
            start = task.date_start.replace(tzinfo=UTC)
            plan = plans[person.id, local_date(start, person.tz)]
            others = tuple(stop for stop in plan.stops if stop.key != task.id)
            refusal = explain(
                replace(plan, stops=others), task._prepare_own_request(), start, travel
            )
            if refusal and not task._tolerates(refusal):
                reasons[task.id] = availability._say_refusal(refusal, person.tz)
        return reasons

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
            people, min(dates), max(dates)
        )
        return {(plan.technician_id, plan.day): plan for plan in plans}

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
        )

    def _tolerates(self, refusal):
        """Tell whether the dispatcher chose to plan the task against that rule."""
        if refusal.code == RefusalCode.OFF_GRID:
            return True
        return self.allow_overlap and refusal.stop_key is not None
