from datetime import timedelta, timezone

from odoo import api, models
from odoo.fields import Domain

from .fusion_technician_task import LIVE_STATUSES

UTC = timezone.utc


class FusionTechnicianTask(models.Model):
    """Who is free where and when: the questions that other code asks."""

    _inherit = "fusion.technician.task"

    @api.model
    def _find_open_slots(  # noqa: PLR0913, PLR0917 - other addons rely on them
        self,
        technicians,
        date_from,
        date_to,
        duration,
        latitude,
        longitude,
        exclude_task=None,
    ):
        """Return all open slots, in start order.

        The rules: docs/decisions/0001-when-a-slot-is-open.md.

        Skills are the caller's filter; all other rules are applied, with the settings
        of the current company.

        :param technicians: res.users
        :param date_from: first day, local to each technician
        :param date_to: last day, inclusive
        :param duration: hours
        :param latitude: of the visit, degrees, or None; so longitude
        :param exclude_task: tasks that hold nobody, because they are to be moved
        :return: list of Slot(technician_id, start, end, travel_before, travel_after,
            detour): naive UTC datetimes, minutes
        """
        availability = self.env["fusion.technician.availability"]
        request = availability._prepare_request(duration, latitude, longitude)
        return availability._find_slots(
            technicians, date_from, date_to, request, exclude_task
        )

    @api.model
    def _rank_slots(self, slots, limit=12, per_day=3):
        """Return a short list of slots, in date order, that has something for all."""
        availability = self.env["fusion.technician.availability"]
        people = availability._collect_technicians({slot[0] for slot in slots})
        zones = {person.id: person.tz for person in people.values()}
        aware = [slot._replace(start=slot.start.replace(tzinfo=UTC)) for slot in slots]
        return [
            slot._replace(start=slot.start.replace(tzinfo=None))
            for slot in availability._rank(aware, zones, limit, per_day)
        ]

    @api.model
    def _find_short_list(  # noqa: PLR0913, PLR0917 - those of the two together
        self,
        technicians,
        date_from,
        date_to,
        duration,
        latitude,
        longitude,
        exclude_task=None,
        limit=12,
        per_day=3,
    ):
        """Return what ``_find_open_slots`` and then ``_rank_slots`` do, in one go.

        :return: list of Slot in date order (naive UTC, minutes), and a dict of the
            names of the technicians' time zones by their ids
        """
        availability = self.env["fusion.technician.availability"]
        request = availability._prepare_request(duration, latitude, longitude)
        return availability._find_short_list(
            technicians, date_from, date_to, request, exclude_task, limit, per_day
        )

    @api.model
    def _get_available_gaps(
        self,
        tech_id,
        date,
        duration=None,
        latitude=None,
        longitude=None,
        exclude_task=None,
    ):
        """Return the free stretches of a technician's local day.

        With a duration (and a place), only those in which such a visit fits, without
        the time to drive there and on. Notice, horizon and radius do not count here.

        :param tech_id: id of res.users
        :param duration: hours
        :return: list of (start, end), naive UTC datetimes
        """
        availability = self.env["fusion.technician.availability"]
        technician = self.env["res.users"].browse(tech_id)
        visit = {}
        if duration is not None:
            visit = {
                "duration_minutes": availability._to_minutes(duration),
                "place": availability._to_place(latitude, longitude),
                "travel_on_own_time": self.env.company.sudo().x_fc_travel_on_own_time,
            }
        return availability._find_gaps(technician, date, exclude_task, **visit)

    @api.model
    def _find_next_available_slot(
        self,
        tech_id,
        date,
        duration=1.0,
        latitude=None,
        longitude=None,
        exclude_task=None,
    ):
        """Return the technician's first open Slot on or after a local day, or None.

        :param tech_id: id of res.users
        :param duration: hours
        """
        availability = self.env["fusion.technician.availability"]
        request = availability._prepare_request(duration, latitude, longitude)
        technician = self.env["res.users"].browse(tech_id)
        return availability._find_next(technician, date, request, exclude_task)

    @api.model
    def _explain_slot(
        self, technician, start, duration, latitude, longitude, exclude_task=None
    ):
        """Return in words why a visit cannot start then (naive UTC), else False."""
        availability = self.env["fusion.technician.availability"]
        # The asker may be a client without an account.
        technician = technician.sudo()
        reason = availability._say_no_technician(technician)
        if reason:
            return reason
        request = availability._prepare_request(duration, latitude, longitude)
        refusal = availability._find_refusal(technician, start, request, exclude_task)
        if not refusal:
            return False
        tz = technician._fc_get_tz()
        return technician._fc_get_hours_problem() or availability._say_refusal(
            refusal, tz
        )

    @api.model
    def _find_beside(self, technician, start, duration, exclude_task=None):
        """Return the live tasks that a technician has while another one would last.

        Also those of other companies: they take the technician's time as well.

        :param start: naive UTC
        :param duration: hours
        """
        return self.sudo().search(
            Domain("technician_id", "=", technician.id)
            & Domain("status", "in", LIVE_STATUSES)
            & Domain("date_start", "<", self._get_end(start, duration))
            & Domain("date_end", ">", start)
            & Domain("id", "not in", exclude_task.ids if exclude_task else [])
        )

    @api.model
    def _get_end(self, start, duration):
        """Return when a visit of so many hours ends."""
        return start + timedelta(minutes=round(duration * 60))
