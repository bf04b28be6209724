from collections import defaultdict
from datetime import timedelta, timezone
from itertools import pairwise
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain

from ...scheduling import Place, local_day, zone_of
from ..task.fusion_technician_task import LIVE_STATUSES

UTC = timezone.utc
WHOLE_DAY = 24 * 60
# Work that was done, or tried, stays where it was.
SHOWN_STATUSES = (*LIVE_STATUSES, "completed", "no_show")


class Halt(NamedTuple):
    """Somewhere that the technician is on a day: a task, whatever came of it."""

    start: object
    end: object
    place: Place | None
    task: object


class FusionDispatchBoard(models.AbstractModel):
    """The technicians' days on the board: hours, time off, tasks and drives."""

    _inherit = "fusion.dispatch.board"

    @api.model
    def _get_rows(self, technicians, first, last, zone):
        """Return one row per technician, with all its days."""
        availability = self.env["fusion.technician.availability"]
        plans = defaultdict(dict)
        for plan in availability._get_day_plans(technicians, first, last):
            plans[plan.technician_id][plan.day] = plan
        dates = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        zones = {technician.id: technician._fc_get_tz() for technician in technicians}
        span = self._get_span(set(zones.values()), first, last)
        tasks = self._find_shown_tasks(technicians, span)
        halts = self._get_halts(plans, tasks)
        travel = self._get_board_travel(plans, halts, dates)
        time_off = self._find_time_off(technicians, span)
        in_zone = set(tasks.search(self._get_zone_filter(tasks, zone)).ids)
        rows = []
        for technician in technicians:
            days = [
                self._prepare_day(
                    (day, zones[technician.id]),
                    plans[technician.id].get(day),
                    halts[technician.id],
                    time_off[technician.id],
                    travel,
                )
                for day in dates
            ]
            for task in (task for day in days for task in day["tasks"]):
                task["in_zone"] = not zone or task["id"] in in_zone
            rows.append(self._prepare_row(technician, zones[technician.id], days))
        return rows

    @api.model
    def _prepare_row(self, technician, tz, days):
        """Return a technician's row; a zone that is not the user's is named."""
        return {
            "id": technician.id,
            "name": technician.name,
            "tz": tz if tz != (self.env.user.tz or "UTC") else "",
            "note": technician._fc_get_hours_problem() or "",
            "days": days,
        }

    @api.model
    def _prepare_day(self, local, plan, halts, time_off, travel):
        """Return what a row shows of one day.

        :param local: the day and the name of its time zone
        """
        day, tz = local
        bounds = local_day(day, tz)
        here = self._get_halts_of_day(halts, bounds)
        windows = plan.windows if plan else ()
        drives = self._get_drives(plan, here, travel, bounds[0])
        tasks = [halt for halt in here if halt.task]
        return {
            "date": day.isoformat(),
            "windows": [
                self._clip_to_day(*window, local, bounds) for window in windows
            ],
            "off": self._clip_named(time_off, local, bounds),
            "busy": self._clip_named(self._get_busy(plan, here), local, bounds),
            "tasks": [
                {
                    **self._prepare_task(halt.task),
                    **self._clip_to_day(halt.start, halt.end, local, bounds),
                }
                for halt in tasks
            ],
            "drives": [
                {
                    **self._clip_to_day(start, end, local, bounds),
                    "minutes": minutes,
                    "tight": tight,
                }
                for start, end, minutes, tight in drives
            ],
        }

    # Times -------------------------------------------------------------------------

    @api.model
    def _get_span(self, zones, first, last):
        """Return the UTC bounds that hold the days in all these zones."""
        zones = zones or {"UTC"}
        return (
            min(local_day(first, tz)[0] for tz in zones),
            max(local_day(last, tz)[1] for tz in zones),
        )

    @api.model
    def _clip_named(self, items, local, bounds):
        return [
            {**self._clip_to_day(start, end, local, bounds), "label": label}
            for start, end, label in items
            if start < bounds[1] and end > bounds[0]
        ]

    @api.model
    def _clip_to_day(self, start, end, local, bounds):
        """Return a span as minutes on the clock of a local day."""
        return {
            "from": self._to_clock(max(start, bounds[0]), local),
            "to": WHOLE_DAY if end >= bounds[1] else self._to_clock(end, local),
        }

    @api.model
    def _to_clock(self, instant, local):
        """Return an instant of a local day as minutes on its clock."""
        moment = instant.astimezone(zone_of(local[1]))
        return moment.hour * 60 + moment.minute

    # Sources -----------------------------------------------------------------------

    @api.model
    def _find_shown_tasks(self, technicians, span):
        start, end = (instant.replace(tzinfo=None) for instant in span)
        return self.env["fusion.technician.task"].search(
            Domain("technician_id", "in", technicians.ids)
            & Domain("status", "in", SHOWN_STATUSES)
            & Domain("date_start", "<", end)
            & Domain("date_end", ">", start)
            & Domain("company_id", "=", self.env.company.id)
        )

    @api.model
    def _get_zone_filter(self, tasks, zone):
        found = Domain("id", "in", tasks.ids) if zone else Domain.FALSE
        return found & self._get_zone_domain(zone)

    @api.model
    def _get_halts(self, plans, tasks):
        """Return where each technician is, by id; tasks of other companies unnamed."""
        halts = defaultdict(list)
        for task in tasks:
            latitude, longitude = task._get_coordinates()
            place = None if latitude is None else Place(latitude, longitude)
            start, end = task.date_start, task.date_end
            halts[task.technician_id.id].append(
                Halt(start.replace(tzinfo=UTC), end.replace(tzinfo=UTC), place, task)
            )
        known = set(tasks.ids)
        for technician_id, days in plans.items():
            foreign = {stop for plan in days.values() for stop in plan.stops}
            halts[technician_id].extend(
                Halt(stop.start, stop.end, stop.place, None)
                for stop in foreign
                if stop.key not in known
            )
        return halts

    @api.model
    def _get_halts_of_day(self, halts, bounds):
        """Return the halts of a day in order, also those that reach into it."""
        here = [halt for halt in halts if halt[0] < bounds[1] and halt[1] > bounds[0]]
        return sorted(here, key=lambda halt: halt[:2])

    @api.model
    def _get_busy(self, plan, halts):
        """Return when the technician's calendar, or another company, has them."""
        busy = [(*span, self.env._("Busy")) for span in (plan.busy if plan else ())]
        elsewhere = self.env._("Elsewhere")
        return busy + [(h.start, h.end, elsewhere) for h in halts if not h.task]

    @api.model
    def _find_time_off(self, technicians, span):
        """Return leaves and public holidays by technician id.

        Why a person is away is nobody's business; a holiday's name is everybody's.
        """
        start, end = (instant.replace(tzinfo=None) for instant in span)
        resources = {user.x_fc_resource_id.sudo(): user.id for user in technicians}
        leaves = self.env["resource.calendar.leaves"].sudo().search(
            Domain("time_type", "=", "leave")
            & Domain("date_from", "<", end)
            & Domain("date_to", ">", start)
            & Domain("resource_id", "in", [*(r.id for r in resources), False])
        )  # fmt: skip
        found = defaultdict(list)
        for leave in leaves:
            bounds = [at.replace(tzinfo=UTC) for at in (leave.date_from, leave.date_to)]
            for resource, user_id in resources.items():
                if leave.resource_id == resource and resource:
                    found[user_id].append((*bounds, self.env._("Time off")))
                elif not leave.resource_id and self._is_holiday_of(leave, resource):
                    name = leave.name or self.env._("Holiday")
                    found[user_id].append((*bounds, name))
        return found

    @api.model
    def _is_holiday_of(self, leave, resource):
        return leave.company_id == resource.company_id and (
            not leave.calendar_id or leave.calendar_id == resource.calendar_id
        )

    # Drives ------------------------------------------------------------------------

    @api.model
    def _get_board_travel(self, plans, halts, dates):
        """Return what tells the minutes of the drives that these days have."""
        legs = {}
        for technician_id, days in plans.items():
            for plan in (days[date] for date in dates if date in days):
                bounds = local_day(plan.day, plan.tz)
                here = self._get_halts_of_day(halts[technician_id], bounds)
                day = [plan.start_place, *(halt.place for halt in here)]
                legs.update(dict.fromkeys(pairwise(day)))
        return self.env["fusion.travel"]._get_drives_table(legs)

    @api.model
    def _get_drives(self, plan, halts, travel, begins):
        """Return the drives of a day as (start, end, minutes, is too tight).

        Each ends where its stop begins; to one that began the day before nobody
        drives. Without known hours none of them is too tight at the start of the day.
        """
        if not plan:
            return []
        place = plan.start_place
        free_from = min((window[0] for window in plan.windows), default=None)
        if self.env.company.sudo().x_fc_travel_on_own_time:
            free_from = None
        drives = []
        for halt in halts:
            minutes = halt.start >= begins and travel(place, halt.place)
            if minutes:
                leaves_at = halt.start - timedelta(minutes=minutes)
                tight = bool(free_from and leaves_at < free_from)
                drives.append((leaves_at, halt.start, minutes, tight))
            place, free_from = halt.place, halt.end
        return drives
