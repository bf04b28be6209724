from urllib.parse import quote

from odoo import api, models
from odoo.exceptions import UserError
from odoo.http import request

from .fusion_technician_task import LIVE_STATUSES

PLACE_MARK = "{place}"


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
        return users.search(users._get_technician_domain(self.company_id))

    def _say_unable(self, technician):
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
            raise UserError(self._say_unable(technician.sudo()))
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
        request = availability._prepare_request(duration, *self._get_coordinates())
        refusals = availability._find_main_refusals(technicians, days, request, self)
        sentences = []
        for technician in technicians.sudo():
            refusal = refusals.get(technician.id)
            reason = (
                availability._say_no_technician(technician)
                or technician._fc_get_hours_problem()
                or (
                    refusal
                    and availability._say_refusal(refusal, technician._fc_get_tz())
                )
            )
            sentences.append(f"{technician.name}: {reason}")
        return sentences
