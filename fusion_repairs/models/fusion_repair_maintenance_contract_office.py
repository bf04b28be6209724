from datetime import date
from typing import NamedTuple

from odoo import models
from odoo.exceptions import AccessError, UserError

from odoo.addons.fusion_tasks.exceptions import SlotTakenError
from odoo.addons.fusion_tasks.models.fusion_technician_task import LIVE_STATUSES
from odoo.addons.fusion_tasks.scheduling import Slot

from .fusion_repair_maintenance_contract_state import DISPATCHER

SHORTEST_REASON = 5


class Override(NamedTuple):
    """What a dispatcher answers for: a time that the engine refuses.

    It travels in the context of the booking. A call from outside cannot make one, as
    nothing in JSON becomes an instance of this class.
    """

    reason: str
    allow_overlap: bool = False


class FusionRepairMaintenanceContract(models.Model):
    """What the office may do that the client's page may not: book against the rules,
    move after the cut-off, and hear in a sentence why a unit cannot be booked."""

    _inherit = "fusion.repair.maintenance.contract"

    def _say_not_bookable(self):
        """Return in a sentence why no visit can be booked now, or False."""
        self.ensure_one()
        if self.state != "active":
            labels = dict(self._fields["state"]._description_selection(self.env))
            return self.env._(
                "The contract is not active (%(state)s).", state=labels[self.state]
            )
        if self.is_booked:
            return self.env._(
                "Booked already (%(when)s).", when=self.current_visit_id._say_when()
            )
        if not self._is_place_known():
            return self.env._(
                "Nobody knows where the unit is: enter its address first."
            )
        if not self.sudo()._get_bookable_technicians():
            return self._say_skill_missing()
        return False

    def _say_skill_missing(self):
        category = self.x_fc_policy_category_id.display_name
        if not category:
            return self.env._("The company has no technician.")
        return self.env._(
            "No technician has the skill for %(category)s.", category=category
        )

    def _is_place_known(self):
        """Tell whether a technician could find the unit: on the map, or by address."""
        place = self.address_id or self.partner_id
        return None not in self._get_place() or bool(place.street or place.city)

    def _plan_visits(self):
        """Return what cannot be booked, and what is booked together, urgent first.

        Units at one place share a visit if one technician can serve them all.

        :return: pairs of contract and reason; for every visit, a list of pairs of
            contract and whether it is asked for: others at the place are proposed
            beside a single unit
        """
        ordered = self.sorted(lambda c: (c.next_due_date or date.max, c.id))
        blocked = [(c, why) for c in ordered if (why := c._say_not_bookable())]
        left = ordered - self.browse().union(*(c for c, _why in blocked))
        visits, single = [], len(self) == 1
        while left:
            lead = left[0]
            same_place = left.filtered_domain(lead._get_same_place_domain())
            units = lead | lead.sudo()._choose_companions(same_place).sudo(False)
            left -= units
            proposed = self.browse()
            if len(units) == 1:
                proposed = lead.sudo()._get_companions().sudo(False) - self
            visits.append(
                [*((c, True) for c in units), *((c, single) for c in proposed)]
            )
        return blocked, visits

    # Against the rules -----------------------------------------------------------

    def _with_override(self, reason, allow_overlap=False):
        """Return the contract, to be booked or moved though the engine says no.

        :param reason: what the dispatcher answers with, kept on the visit
        :param allow_overlap: stand beside another task of the technician
        :raise AccessError: for anybody but dispatchers
        :raise UserError: without a reason
        """
        if not self.env.user.has_group(DISPATCHER):
            raise AccessError(
                self.env._("Only dispatchers may book a time that is not open.")
            )
        reason = (reason or "").strip()
        if len(reason) < SHORTEST_REASON:
            raise UserError(
                self.env._("Please say in a few words why this time is booked anyway.")
            )
        return self.with_context(fusion_override=Override(reason, bool(allow_overlap)))

    def _get_override(self):
        """Return the Override under which this is booked, or None."""
        override = self.env.context.get("fusion_override")
        return override if isinstance(override, Override) else None

    def _explain_visit(self, technician, start, companions=None, exclude_task=None):
        """Return in words why a visit cannot start then (naive UTC), else False.

        The engine's verdict, and before it the skills, which the engine does not know.
        """
        self.ensure_one()
        contract = self._for_booking()
        tasks = contract.env["fusion.technician.task"]
        if technician not in contract._get_serving_technicians(companions):
            return contract.env["fusion.dispatch.board"]._say_day_refused(
                technician.sudo()
            )
        return tasks._explain_slot(
            technician,
            start,
            contract._get_visit_hours(companions, exclude_task),
            *contract._get_place(),
            exclude_task=exclude_task,
        )

    def _take_refused_slot(self, technician, start, exclude_task, companions):
        """Return a slot that the engine refuses; what cannot be at all stays refused.

        :raise SlotTakenError: for somebody who is no technician of the company, and
            for the past
        """
        availability = self.env["fusion.technician.availability"]
        tasks = self.env["fusion.technician.task"]
        impossible = availability._say_no_technician(technician.sudo())
        if impossible:
            raise SlotTakenError(impossible)
        hours = self._get_visit_hours(companions, exclude_task)
        request = availability._prepare_request(hours, *self._get_place())
        if start < request.now.replace(tzinfo=None):
            raise SlotTakenError(self.env._("This time is past."))
        refusal = availability._find_refusal(technician, start, request, exclude_task)
        minutes = (refusal and refusal.travel_minutes) or 0
        end = tasks._get_end(start, hours)
        return Slot(technician.id, start, end, minutes, 0, 0)

    def _prepare_overlap_vals(self, slot, hours, exclude_task=None):
        """Return the mark that lets a task stand beside others, where it has to.

        Only if the dispatcher allowed it, and only if another task is really there.
        """
        override = self._get_override()
        if not override or not override.allow_overlap:
            return {}
        technician = self.env["res.users"].browse(slot.technician_id)
        tasks = self.env["fusion.technician.task"]
        beside = tasks._find_beside(technician, slot.start, hours, exclude_task)
        return {"allow_overlap": bool(beside)}

    def _explain_override(self, slot, companions=None, exclude_task=None):
        """Return what the engine says against an overridden time, or False."""
        if not self._get_override() or not hasattr(slot, "technician_id"):
            return False
        technician = self.env["res.users"].browse(slot.technician_id)
        return self._explain_visit(technician, slot.start, companions, exclude_task)

    # Moving and cancelling -----------------------------------------------------------

    def action_move_visit(self):
        """Show the open times, to move the booked visit for the client."""
        self.ensure_one()
        self._check_office()
        self.current_visit_id._check_movable()
        return self.current_visit_id.action_move()

    def action_cancel_visit(self):
        """Ask why the booked visit is called off, and whether the client is told."""
        self.ensure_one()
        self._check_office()
        if not self.current_visit_id:
            raise UserError(self.env._("No visit is booked for this unit."))
        return self.current_visit_id.action_ask_cancel()

    def _move_by_office(self, slot):
        """Move the booked visit for the client, also after the cut-off.

        :param slot: the value of an offered slot, or a slot itself
        :return: the visit; other units on the same task move with it
        :raise SlotTakenError: if the engine would not offer that slot now
        """
        self.ensure_one()
        contract = self._for_booking().with_context(fusion_travel_offline=True)
        contract._queue_for(slot)
        companions = contract._lock_booking()
        visit = contract.current_visit_id
        visit._check_movable()
        task = visit.technician_task_id
        if hasattr(slot, "technician_id"):
            technician = contract.env["res.users"].browse(slot.technician_id)
            start = slot.start
        else:
            technician, start = contract._read_slot(slot, companions)
        live = task.status in LIVE_STATUSES
        if live and (technician, start) == (task.technician_id, task.date_start):
            return visit
        slot = contract._take_slot(technician, start, task, companions)
        refusal = contract._explain_override(slot, companions, task)
        vals = contract._prepare_move_vals(slot) | contract._prepare_overlap_vals(
            slot, task.duration, task
        )
        if not live:
            vals["status"] = "scheduled"
        task.write(vals)
        bundle = visit._get_bundle()
        bundle._note_override(refusal, contract._get_override())
        return visit
