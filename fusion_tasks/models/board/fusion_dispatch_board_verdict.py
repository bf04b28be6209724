from collections import Counter
from dataclasses import replace
from datetime import timedelta, timezone
from typing import NamedTuple

from odoo import api, fields, models

from ...scheduling import (
    Refusal,
    RefusalCode,
    SlotRequest,
    Travel,
    explain,
    find_open_slots,
    local_date,
    local_day,
    zone_of,
)

UTC = timezone.utc
OPEN, WARN, NO = 0, 1, 2
"""What the board says of a start: yes, yes against a custom of the house, no."""

ANY_HORIZON_DAYS = 3660
LONGEST_VISIT_HOURS = 24


class Case(NamedTuple):
    """A task that is to be put somewhere: the rules as they are, and without custom."""

    request: SlotRequest
    loose: SlotRequest
    travel: Travel
    able_ids: frozenset


class Verdict(NamedTuple):
    """What is to be said of one start; the minutes of a refused one are 0."""

    level: int
    refusal: Refusal | None = None
    travel_before: int = 0
    travel_after: int = 0
    detour: int = 0


class FusionDispatchBoard(models.AbstractModel):
    """The engine's verdict on where the dispatcher holds a task."""

    _inherit = "fusion.dispatch.board"

    @api.model
    def verdicts(self, task_id, technician_ids, date_from, days):
        """Return the verdict on every start of technicians' days, on the grid.

        One call answers for all that is in sight, so that nothing has to be asked
        while the pointer moves. Of several days no start is named a reason: a day
        on which nothing is possible gets the most frequent one.

        :return: list of a dict per technician and day: starts as [minutes on the
            clock, UTC start, level, number of the reason, travel there, travel on,
            detour], and the reasons, of which the first is none
        """
        self._check_dispatcher()
        first, last = self._to_days(date_from, days)
        task = self._get_task(task_id)
        technicians = self._find_technicians().filtered(
            lambda user: user.id in set(technician_ids)
        )
        plans = self._get_plans(technicians, first, last, task)
        case = self._prepare_case(task, plans)
        self._fetch_names({stop.key for plan in plans for stop in plan.stops})
        judge = self._judge_grid if days == 1 else self._judge_outline
        # Of one recordset, so that they are read together.
        people = {technician.id: technician for technician in technicians}
        return [
            self._to_answer(plan, people[plan.technician_id], judge(plan, case))
            for plan in plans
        ]

    @api.model
    def _get_plans(self, technicians, first, last, task):
        return self.env["fusion.technician.availability"]._get_day_plans(
            technicians, first, last, exclude_task=task
        )

    @api.model
    def _prepare_case(self, task, plans):
        """Return what is asked for a task on these days."""
        availability = task.env["fusion.technician.availability"]
        # No working day has room for more: longer work is put there all the same.
        hours = min(task.duration, LONGEST_VISIT_HOURS)
        request = availability._prepare_request(hours, *task._get_coordinates())
        return Case(
            request,
            replace(request, lead_minutes=0, horizon_days=ANY_HORIZON_DAYS),
            availability._get_travel(plans, request.place),
            frozenset(task._get_slot_technicians().ids),
        )

    @api.model
    def _fetch_names(self, task_ids):
        """Read at once what the reasons may say of other tasks."""
        tasks = self.env["fusion.technician.task"].sudo().browse(task_ids)
        tasks.mapped("partner_id.name")
        tasks.mapped("company_id")

    @api.model
    def _judge(self, plan, case, starts):
        """Return the Verdict of every start, by start.

        :param starts: aware UTC, of the plan's local day
        """
        loose_plan = replace(plan, radius_km=0.0)
        verdicts = self._judge_possible(plan, loose_plan, case)
        return {
            start: verdicts.get(start)
            or Verdict(NO, explain(loose_plan, case.loose, start, case.travel))
            for start in starts
        }

    @api.model
    def _judge_possible(self, plan, loose_plan, case):
        """Return the Verdict of the starts that are open but for a custom."""
        if plan.technician_id not in case.able_ids:
            return {}
        verdicts = {}
        for slot in find_open_slots([loose_plan], case.loose, case.travel):
            refusal = explain(plan, case.request, slot.start, case.travel)
            level = WARN if refusal else OPEN
            verdicts[slot.start] = Verdict(level, refusal, *slot[3:6])
        return verdicts

    @api.model
    def _judge_one(self, task, technician, start):
        """Return the Verdict of one start, and the reason in words.

        :param start: aware UTC
        """
        tz = technician._fc_get_tz()
        day = local_date(start, tz)
        plans = self._get_plans(technician, day, day, task)
        if not plans:
            return Verdict(NO), self._get_day_refusal(technician)
        case = self._prepare_case(task, plans)
        verdict = self._judge(plans[0], case, [start])[start]
        return verdict, self._get_verdict_text(verdict, technician, tz)

    @api.model
    def _judge_grid(self, plan, case):
        """Return the verdicts on a day, and that each has its reason."""
        return self._judge(plan, case, self._get_grid(plan, case.request)), True

    @api.model
    def _judge_outline(self, plan, case):
        """Return the verdicts on a day, and whether they have the main reason."""
        loose_plan = replace(plan, radius_km=0.0)
        grid = self._get_grid(plan, case.request)
        verdicts = self._judge_possible(plan, loose_plan, case)
        no = Verdict(NO)
        if not verdicts:
            no = self._find_main_no(loose_plan, case, grid)
        return {start: verdicts.get(start, no) for start in grid}, not verdicts

    @api.model
    def _find_main_no(self, plan, case, grid):
        """Return the Verdict that keeps a visit from most starts in working time."""
        inside = [
            start
            for start in grid
            if any(begin <= start < until for begin, until in plan.windows)
        ]
        counts = Counter(
            explain(plan, case.loose, start, case.travel)
            for start in inside or grid[:1]
        )
        return Verdict(NO, counts.most_common(1)[0][0])

    @api.model
    def _to_answer(self, plan, technician, judged):
        """Return verdicts by start in the form that the browser wants."""
        verdicts, say_all = judged
        reasons, numbers, starts = [""], {None: 0}, []
        for start, verdict in verdicts.items():
            key = verdict.refusal
            if say_all and verdict.level == NO and key is None:
                key = "unable"
            if key not in numbers:
                numbers[key] = len(reasons)
                reasons.append(self._get_verdict_text(verdict, technician, plan.tz))
            clock = start.astimezone(zone_of(plan.tz))
            starts.append(
                [
                    clock.hour * 60 + clock.minute,
                    fields.Datetime.to_string(start.replace(tzinfo=None)),
                    verdict.level,
                    numbers[key],
                    *verdict[2:],
                ]
            )
        return {
            "technician_id": plan.technician_id,
            "date": plan.day.isoformat(),
            "starts": starts,
            "reasons": reasons,
        }

    @api.model
    def _get_grid(self, plan, request):
        """Return the starts of a local day that are on the grid."""
        begins, ends = local_day(plan.day, plan.tz)
        step = timedelta(minutes=request.grid_minutes)
        return [begins + step * n for n in range(-(-(ends - begins) // step))]

    # Words -------------------------------------------------------------------------

    @api.model
    def _get_verdict_text(self, verdict, technician, tz):
        """Return why a start is refused, or what to know about it; else nothing."""
        if verdict.level == OPEN:
            return ""
        if verdict.refusal is None:
            return self._get_day_refusal(technician)
        if verdict.level == NO and verdict.refusal.code is RefusalCode.TOO_SOON:
            return self.env._("This time is past.")
        if verdict.refusal.code is RefusalCode.NO_WORKING_TIME:
            problem = technician._fc_get_hours_problem()
            if problem:
                return problem
        availability = self.env["fusion.technician.availability"]
        sentence = availability._get_refusal_text(verdict.refusal, tz)
        # A time may end in a full stop of its own: 4:30 p.m.
        return sentence[:-1] if sentence.endswith("..") else sentence

    @api.model
    def _get_day_refusal(self, technician):
        """Return why a technician cannot be sent whatever the hour."""
        availability = self.env["fusion.technician.availability"]
        tasks = self.env["fusion.technician.task"]
        return availability._get_technician_refusal(
            technician
        ) or tasks._get_unable_reason(technician)
