from collections import Counter
from datetime import timedelta

from odoo import api, models
from odoo.tools.misc import format_date, format_time

from ...scheduling import explain, local_date, local_day


class FusionTechnicianAvailability(models.AbstractModel):
    """The scheduling package's refusals, in words the dispatcher understands."""

    _inherit = "fusion.technician.availability"

    @api.model
    def _find_main_refusals(self, technicians, days, request, exclude_task=None):
        """Return the Refusal that keeps each technician from most starts, by id.

        Meant for a search that found nothing. Every grid start of the working time
        is asked; on days without any, the day itself says why.

        :param days: first and last local day
        """
        first = max(days[0], request.now.date() - timedelta(days=1))
        last = min(days[1], self._get_last_day(request))
        plans = self._get_day_plans(technicians, first, last, exclude_task)
        travel = self._get_travel(plans, request.place)
        step = timedelta(minutes=request.grid_minutes)
        counts, samples = {}, {}
        for plan in plans:
            count = counts.setdefault(plan.technician_id, Counter())
            for start in self._get_starts(plan, step):
                refusal = explain(plan, request, start, travel)
                if refusal:
                    count[refusal.code] += 1
                    samples.setdefault((plan.technician_id, refusal.code), refusal)
        return {
            technician_id: samples[technician_id, count.most_common(1)[0][0]]
            for technician_id, count in counts.items()
            if count
        }

    @api.model
    def _get_starts(self, plan, step):
        """Return the starts to ask for on a day."""
        starts = []
        for begin, until in plan.windows:
            while begin < until:
                starts.append(begin)
                begin += step
        return starts or [local_day(plan.day, plan.tz)[0]]

    @api.model
    def _get_refusal_text(self, refusal, tz):
        """Return a sentence for a Refusal, with times of the technician's zone."""
        sentence = getattr(self, f"_get_{refusal.code.value}_text")(refusal, tz)
        # A time may end in a full stop of its own: "2:00 p.m."
        return sentence[:-1] if sentence.endswith("..") else sentence

    @api.model
    def _get_technician_refusal(self, technician):
        """Return why somebody cannot be sent anywhere at all, or False."""
        if not technician.active:
            return self.env._("%(name)s is archived.", name=technician.name)
        if not technician.x_fc_is_technician:
            return self.env._("%(name)s is not a technician.", name=technician.name)
        if self.env.company not in technician.company_ids:
            return self.env._(
                "%(name)s does not work for %(company)s.",
                name=technician.name,
                company=self.env.company.name,
            )
        return False

    @api.model
    def _format_span(self, span, tz):
        start, end = (self._format_time(instant, tz) for instant in span)
        return self.env._("%(start)s to %(end)s", start=start, end=end)

    @api.model
    def _format_time(self, instant, tz):
        return format_time(self.env, self._to_naive(instant), tz, "short")

    @api.model
    def _format_moment(self, instant, tz):
        """Return day and time as people write them, on a whole minute."""
        minute = instant.replace(second=0, microsecond=0)
        if minute < instant:
            minute += timedelta(minutes=1)
        day = format_date(self.env, local_date(minute, tz), date_format="long")
        clock = self._format_time(minute, tz)
        return self.env._("%(day)s at %(time)s", day=day, time=clock)

    @api.model
    def _get_task_text(self, key):
        """Return what a task is called; its client's name is for its own company.

        Words that the system finds are kept where all of this company read them.
        """
        task = self.env["fusion.technician.task"].browse(key)
        own = task.sudo().company_id == self.env.company
        named = own if self.env.su else task.has_access("read")
        return task.display_name if named else task.sudo().name

    # One method a code -------------------------------------------------------------

    def _get_too_soon_text(self, refusal, tz):
        return self.env._(
            "Too soon: with the notice in the settings, the earliest possible visit "
            "is %(time)s.",
            time=self._format_moment(refusal.earliest, tz),
        )

    def _get_too_far_ahead_text(self, refusal, tz):
        return self.env._(
            "Too far ahead: visits are planned until %(time)s.",
            time=self._format_moment(refusal.latest, tz),
        )

    def _get_out_of_radius_text(self, refusal, _tz):
        return self.env._(
            "Outside the technician's area: %(distance)s km away, the limit is "
            "%(radius)s km.",
            distance=round(refusal.distance_km),
            radius=round(refusal.radius_km),
        )

    def _get_no_working_time_text(self, _refusal, _tz):
        return self.env._("The technician does not work on that day, or is on leave.")

    def _get_outside_working_time_text(self, _refusal, _tz):
        return self.env._("Outside the technician's working hours.")

    def _get_past_working_time_text(self, refusal, tz):
        return self.env._(
            "It would not end within the working hours %(span)s.",
            span=self._format_span(refusal.blocked, tz),
        )

    def _get_stop_overlap_text(self, refusal, tz):
        return self.env._(
            "The technician is at another task then: %(task)s, %(span)s.",
            task=self._get_task_text(refusal.stop_key),
            span=self._format_span(refusal.blocked, tz),
        )

    def _get_busy_text(self, refusal, tz):
        return self.env._(
            "The technician's calendar is busy then: %(span)s.",
            span=self._format_span(refusal.blocked, tz),
        )

    def _get_resting_text(self, refusal, tz):
        return self.env._(
            "The technician rests until %(time)s after %(task)s, %(span)s.",
            time=self._format_time(refusal.earliest, tz),
            task=self._get_task_text(refusal.stop_key),
            span=self._format_span(refusal.blocked, tz),
        )

    def _get_travel_from_start_text(self, refusal, tz):
        return self.env._(
            "Travel from the start place (%(minutes)s min) arrives at %(time)s.",
            minutes=refusal.travel_minutes,
            time=self._format_time(refusal.earliest, tz),
        )

    def _get_travel_from_previous_text(self, refusal, tz):
        return self.env._(
            "Travel from the previous stop, %(task)s (%(minutes)s min), arrives at "
            "%(time)s.",
            task=self._get_task_text(refusal.stop_key),
            minutes=refusal.travel_minutes,
            time=self._format_time(refusal.earliest, tz),
        )

    def _get_travel_to_next_text(self, refusal, tz):
        return self.env._(
            "Too late to reach the next stop, %(task)s (%(minutes)s min away): the "
            "latest start is %(time)s.",
            task=self._get_task_text(refusal.stop_key),
            minutes=refusal.travel_minutes,
            time=self._format_time(refusal.latest, tz),
        )

    def _get_off_grid_text(self, _refusal, _tz):
        return self.env._(
            "Visits start every %(minutes)s minutes.",
            minutes=self.env.company.sudo().x_fc_slot_grid_minutes,
        )
