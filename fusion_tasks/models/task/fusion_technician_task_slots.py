from datetime import timedelta, timezone
from urllib.parse import quote

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request

from .fusion_technician_task import LIVE_STATUSES

PLACE_MARK = "{place}"

UTC = timezone.utc


class FusionTechnicianTask(models.Model):
    """The dispatcher's hand: finding a slot for a task, and putting it there."""

    _inherit = "fusion.technician.task"

    def action_find_slot(self):
        """Show the open slots for this task."""
        self.ensure_one()
        self.check_access("write")
        self._check_plannable()
        return self.env["fusion.task.slot.wizard"]._open_for(self)

    def _check_plannable(self):
        """Refuse to put a task on another day that has begun, or is over.

        :raise UserError: in that case
        """
        if not self._filter_plannable():
            raise UserError(
                self.env._(
                    "A slot can be found for a task that is to be scheduled or moved."
                )
            )

    def action_open_map(self):
        """Open the place in the device's map."""
        self.ensure_one()
        self.check_access("read")
        query = self.address_inline
        if self.is_place_known:
            query = f"{self.latitude},{self.longitude}"
        if not query:
            raise UserError(self.env._("This task has no place yet."))
        agent = request.httprequest.user_agent.string if request else ""
        return {
            "type": "ir.actions.act_url",
            "url": self._get_map_url(query, agent),
            "target": "new",
        }

    @api.model
    def _get_map_url(self, query, agent):
        """Return the address of the way there, in the map service that opens it.

        The company's own map service, else the app of the phone, else a map on the web.

        :param query: coordinates or a postal address
        :param agent: how the browser describes itself
        """
        pattern = self.company_id.x_fc_directions_url
        if pattern:
            return pattern.replace(PLACE_MARK, quote(query, safe=""))
        query = quote(query)
        if "Android" in agent:
            return f"geo:0,0?q={query}"
        if "iPhone" in agent or "iPad" in agent:
            return f"https://maps.apple.com/?q={query}"
        return f"https://www.openstreetmap.org/search?query={query}"

    def _get_slot_technicians(self):
        """Return who can do this work; a hook for addons that know skills."""
        users = self.env["res.users"]
        return users.search(users._fc_get_technician_domain(self.company_id))

    def _get_unable_reason(self, technician):
        """Return in words why a technician cannot do this work, whatever the hour."""
        return self.env._(
            "%(name)s lacks the skill for this work.", name=technician.name
        )

    def _schedule_at(self, technician, start, duration, travel_before):
        """Put the task on a technician's day, beside nothing.

        :raise SlotTakenError: when another task holds the technician at that time
        :raise UserError: when somebody is on the way to it, or the technician cannot
            do the work any more
        """
        self.ensure_one()
        self._check_plannable()
        if technician not in self._get_slot_technicians():
            raise UserError(self._get_unable_reason(technician.sudo()))
        vals = {
            "technician_id": technician.id,
            "date_start": start,
            "duration": duration,
            "travel_before": travel_before,
            "allow_overlap": False,
        }
        if self.status not in LIVE_STATUSES:
            vals["status"] = "scheduled"
        self.write(vals)

    def _explain_no_slots(self, technicians, days, duration):
        """Return what keeps each technician from coming, as sentences.

        Meant for a search that found nothing.

        :param days: first and last day
        :param duration: hours
        """
        self.ensure_one()
        availability = self.env["fusion.technician.availability"]
        request = availability._prepare_request(
            duration, *self._get_coordinates(), past_horizon=True
        )
        refusals = availability._find_main_refusals(technicians, days, request, self)
        sentences = []
        for technician in technicians.sudo():
            refusal = refusals.get(technician.id)
            reason = (
                availability._get_technician_refusal(technician)
                or technician._fc_get_hours_problem()
                or (
                    refusal
                    and availability._get_refusal_text(refusal, technician._fc_get_tz())
                )
            )
            sentences.append(f"{technician.name}: {reason}")
        return sentences

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
        past_horizon=False,
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
        :param past_horizon: as of ``_prepare_request`` of the availability
        :return: list of Slot(technician_id, start, end, travel_before, travel_after,
            detour): naive UTC datetimes, minutes
        """
        availability = self.env["fusion.technician.availability"]
        request = availability._prepare_request(
            duration, latitude, longitude, past_horizon
        )
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
        past_horizon=False,
        with_earliest=False,
    ):
        """Return what ``_find_open_slots`` and then ``_rank_slots`` do, in one go.

        :param with_earliest: for the office: the first of all is in the list
        :return: list of Slot in date order (naive UTC, minutes), and a dict of the
            names of the technicians' time zones by their ids
        """
        availability = self.env["fusion.technician.availability"]
        request = availability._prepare_request(
            duration, latitude, longitude, past_horizon
        )
        return availability._find_short_list(
            technicians,
            date_from,
            date_to,
            request,
            exclude_task,
            limit,
            per_day,
            with_earliest,
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
    def _explain_slot(  # noqa: PLR0913, PLR0917 - as those of a search
        self,
        technician,
        start,
        duration,
        latitude,
        longitude,
        exclude_task=None,
        past_horizon=False,
    ):
        """Return in words why a visit cannot start then (naive UTC), else False."""
        availability = self.env["fusion.technician.availability"]
        # The asker may be a client without an account.
        technician = technician.sudo()
        reason = availability._get_technician_refusal(technician)
        if reason:
            return reason
        request = availability._prepare_request(
            duration, latitude, longitude, past_horizon
        )
        refusal = availability._find_refusal(technician, start, request, exclude_task)
        if not refusal:
            return False
        tz = technician._fc_get_tz()
        return technician._fc_get_hours_problem() or availability._get_refusal_text(
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
