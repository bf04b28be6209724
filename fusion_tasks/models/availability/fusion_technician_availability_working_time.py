from collections import defaultdict
from itertools import chain

from odoo import api, models
from odoo.tools import SQL

from ...scheduling import Shift, shift_windows, ticks, within, without

TICKS = "(date_part('epoch', %s) * 1000000)::int8"
"""Microseconds since the epoch: numbers are read faster than timestamps."""


class FusionTechnicianAvailability(models.AbstractModel):
    """Working hours: attendances minus leaves, for all technicians at once.

    The rules are those of Odoo's ``_get_valid_work_intervals``, and a test compares
    both; but a schedule is read once for all who work by it, and three queries do
    for any number of schedules.
    """

    _inherit = "fusion.technician.availability"

    @api.model
    def _collect_hours(self, people, dates, span):
        """Return the working intervals of each day, in ticks, by technician id.

        A technician without a schedule would be free day and night to Odoo. Flexible
        hours, and schedules by duration, tell how much somebody works but not when;
        the times that Odoo centres on noon are nobody's. All of them offer nothing.

        :param dates: Dates by time zone
        :param span: bounds of all days, aware UTC
        """
        working = [person for person in people if person.has_hours]
        if not working:
            return {}
        periods = self._collect_schedules(working, span)
        shifts = self._collect_shifts(
            {key[0] for of_one in periods.values() for key in of_one}
        )
        leaves = self._collect_leaves(working, span)
        known, hours = {}, {}
        for person in working:
            parts = []
            for schedule_id, period in periods.get(person.resource_id, ()):
                key = schedule_id, person.tz
                if key not in known:
                    known[key] = shift_windows(shifts[schedule_id], dates[person.tz])
                off = self._get_time_off(person, schedule_id, leaves)
                windows = known[key]
                if period:
                    windows = within(windows, period)
                if off:
                    windows = without(windows, dates[person.tz], off)
                parts.append(windows)
            hours[person.id] = self._join(parts)
        return hours

    @api.model
    def _join(self, parts):
        """Return the windows of each day over all schedules of a technician."""
        if len(parts) == 1:
            return parts[0]
        return [sorted(chain(*of_day)) for of_day in zip(*parts, strict=True)]

    @api.model
    def _collect_schedules(self, people, span):
        """Return (schedule id, periods in ticks or None) pairs by resource id.

        Who has contracts (``hr``) changes schedules from one to the next.

        :return: periods are None where the schedule is valid all the time
        """
        # Not every user may read resources, or schedules of other companies.
        resources = self.env["resource.resource"].sudo()
        resources = resources.browse([person.resource_id for person in people])
        resources.fetch(["calendar_id"])
        validity = resources._get_calendars_validity_within_period(*span)
        whole = [span]
        found = {}
        for resource_id, schedules in validity.items():
            found[resource_id] = pairs = []
            for schedule, intervals in schedules.items():
                bounds = [(start, end) for start, end, _records in intervals]
                if schedule:
                    period = [tuple(map(ticks, pair)) for pair in bounds]
                    pairs.append((schedule.id, None if bounds == whole else period))
        return found

    @api.model
    def _collect_shifts(self, schedule_ids):
        """Return the Shifts of schedules that tell when somebody works, by id."""
        self.env["resource.calendar"].flush_model()
        self.env["resource.calendar.attendance"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT a.calendar_id, a.dayofweek::int,
                       CASE WHEN c.two_weeks_calendar
                            THEN COALESCE(a.week_type, '0')::int END,
                       round(a.hour_from * 60)::int, round(a.hour_to * 60)::int
                  FROM resource_calendar_attendance a
                  JOIN resource_calendar c ON c.id = a.calendar_id
                 WHERE c.id = ANY(%s) AND c.flexible_hours IS NOT TRUE
                   AND c.duration_based IS NOT TRUE
                   AND a.display_type IS NULL AND a.day_period != 'lunch'
                """,
                list(schedule_ids),
            )
        )
        shifts = defaultdict(list)
        for schedule_id, *shift in self.env.cr.fetchall():
            shifts[schedule_id].append(Shift(*shift))
        return shifts

    @api.model
    def _collect_leaves(self, people, span):
        """Return leaves as (schedule id, company id, span in ticks) by resource id.

        Those of nobody, under None, are public holidays of a company.
        """
        self.env["resource.calendar.leaves"].flush_model()
        start, end = (instant.replace(tzinfo=None) for instant in span)
        self.env.cr.execute(
            SQL(
                """
                SELECT resource_id, calendar_id, company_id, %s, %s
                  FROM resource_calendar_leaves
                 WHERE time_type = 'leave' AND date_from < %s AND date_to > %s
                   AND (resource_id IS NULL OR resource_id = ANY(%s))
                """,
                SQL(TICKS, SQL("date_from")),
                SQL(TICKS, SQL("date_to")),
                end,
                start,
                [person.resource_id for person in people],
            )
        )
        leaves = defaultdict(list)
        for resource_id, schedule_id, company_id, *bounds in self.env.cr.fetchall():
            leaves[resource_id].append((schedule_id, company_id, tuple(bounds)))
        return leaves

    @api.model
    def _get_time_off(self, person, schedule_id, leaves):
        """Return the leaves that count for somebody on one schedule."""
        schedules = (None, schedule_id)
        off = [
            leave[2] for leave in leaves[person.resource_id] if leave[0] in schedules
        ]
        off += [
            leave[2]
            for leave in leaves[None]
            if leave[0] in schedules and leave[1] == person.company_id
        ]
        return off
