import re
from datetime import datetime, time, timedelta
from typing import NamedTuple

import pytz

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import plaintext2html

from odoo.addons.fusion_tasks.exceptions import SlotTakenError
from odoo.addons.fusion_tasks.models.task.fusion_technician_task import LIVE_STATUSES
from odoo.addons.fusion_tasks.scheduling import Slot

from ..contract.fusion_repair_maintenance_contract import DISPATCHER
from ..contract.mail_activity import CALLBACK_TYPE

SHORTEST_REASON = 5


class Override(NamedTuple):
    """What a dispatcher answers for: a time that the engine refuses.

    It travels in the context of the booking. A call from outside cannot make one, as
    nothing in JSON becomes an instance of this class.
    """

    reason: str
    allow_overlap: bool = False


ENOUGH_DIGITS = 7
SATURDAY = 5
LOOK_AHEAD = 14


class FusionRepairMaintenanceContract(models.Model):
    """What the office may do that the client's page may not: book against the rules,
    move after the cut-off, and hear in a sentence why a unit cannot be booked."""

    _inherit = "fusion.repair.maintenance.contract"

    # Against the rules -----------------------------------------------------------

    def _with_override(self, reason, allow_overlap=False):
        """Return the contract, to be booked or moved though the engine says no.

        :param reason: what the dispatcher answers with, kept on the visit
        :param allow_overlap: overlap another task of the technician
        :raise AccessError: for anybody but dispatchers
        :raise UserError: without a reason
        """
        if not self.env.user.has_group(DISPATCHER):
            raise AccessError(
                self.env._("Only dispatchers may book a time that is not open.")
            )
        reason = (reason or "").strip()
        if len(reason) < SHORTEST_REASON:
            raise UserError(self.env._("Please enter an override reason."))
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
            return contract.env["fusion.dispatch.board"]._get_day_refusal(
                technician.sudo()
            )
        return tasks._explain_slot(
            technician,
            start,
            contract._get_visit_hours(companions, exclude_task),
            *contract._get_place(),
            exclude_task=exclude_task,
        )

    def _get_overridden_slot(self, technician, start, exclude_task, companions):
        """Return a slot that the engine refuses; what cannot be at all stays refused.

        :raise SlotTakenError: for somebody who is no technician of the company, and
            for the past
        """
        availability = self.env["fusion.technician.availability"]
        tasks = self.env["fusion.technician.task"]
        impossible = availability._get_technician_refusal(technician.sudo())
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
        """Return the mark that lets a task overlap others, where it has to.

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
        """Ask why the booked visit is cancelled, and whether the client is told."""
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
        slot = contract._get_open_slot(technician, start, task, companions)
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

    # Moving and cancelling -------------------------------------------------------

    def _move_booking(self, value):
        """Move the booked visit to an offered time; nothing moves if it is taken.

        :raise SlotTakenError: if the engine would not offer that time now
        """
        self.ensure_one()
        # Rivals wait for what is locked here, so nothing here waits for a server.
        contract = self._for_booking().with_context(
            fusion_travel_offline=True, fusion_by_client=True
        )
        contract._queue_for(value)
        companions = contract._lock_booking()
        visit = contract.current_visit_id
        if not contract._is_change_allowed():
            raise SlotTakenError(
                self.env._("This visit can no longer be changed. Please call us.")
            )
        technician, start = contract._read_slot(value, companions)
        if (technician, start) == (visit.technician_id, visit.visit_date):
            return visit
        task = visit.technician_task_id

        def plan(free):
            task.write(contract._prepare_move_vals(free))

        contract._choose_technician_at(technician, start, plan, task, companions)
        # The new time in writing, and over the old entry in the calendar.
        visit._get_bundle()[0]._send_confirmation()
        return visit

    def _lock_booking(self):
        """Lock all units of the booked visit; return the others that share it."""
        visit = self.current_visit_id
        (self | (visit and visit._get_other_contracts()))._lock()
        visit = self.current_visit_id
        return visit._get_other_contracts() if visit else self.browse()

    def _prepare_move_vals(self, slot):
        """Return what changes on the task when its visit moves to a slot."""
        return {
            "technician_id": slot.technician_id,
            "date_start": slot.start,
            "travel_before": slot.travel_before,
            # Beside another task stood the old time; a new one is free.
            "allow_overlap": False,
        }

    def _cancel_booking(self, reason="", everything=False):
        """Cancel the booked visit for the client; the cycle stays open for booking.

        :param everything: also for the other units that are serviced on the same
            visit; else theirs stays
        :return: False if it is too late for that
        """
        self.ensure_one()
        contract = self._for_booking().with_context(fusion_by_client=True)
        contract._lock_booking()
        if not contract._is_change_allowed():
            return False
        said = contract.env._("The client cancelled on the booking page.")
        if reason:
            said = contract.env._(
                "The client cancelled on the booking page: %(reason)s", reason=reason
            )
        visit = contract.current_visit_id
        (visit._get_bundle() if everything else visit)._cancel(said)
        return True

    # Asking for a call -----------------------------------------------------------

    def _request_callback(self, phone, days=""):
        """Ask the office to call the client; asking twice makes one activity.

        :return: False when the phone number cannot be one, None when there is nothing
            to call about: a visit is booked, or the contract has ended
        """
        self.ensure_one()
        if len(re.sub(r"\D", "", phone)) < ENOUGH_DIGITS:
            return False
        contract = self._for_booking()
        contract._lock()
        if contract.state != "active" or contract.current_visit_id:
            return None
        user = contract._get_office_user()
        # No mail to the office on the way: it would be sent inside this request.
        office = contract.with_context(mail_activity_quick_update=True)
        note = plaintext2html(
            office.env._(
                "Phone: %(phone)s\nWhich days suit: %(days)s",
                phone=phone,
                days=days or "-",
            )
        )
        activity = office._get_open_callback()
        deadline = contract._get_callback_deadline()
        if activity:
            promised = office._get_promised_call().date_deadline
            activity.write({"note": note, "date_deadline": promised or deadline})
        else:
            office.activity_schedule(
                CALLBACK_TYPE,
                date_deadline=deadline,
                summary=office.env._("Client asks for a call to book the visit"),
                note=note,
                user_id=user.id,
            )
        contract._confirm_callback()
        return True

    def _get_callback_deadline(self):
        """Return the next working day, by which the client is promised a call.

        Monday to Friday, but not on a public holiday of the company's calendar.
        """
        today = self._get_today()
        days = [today + timedelta(days=ahead) for ahead in range(1, LOOK_AHEAD + 1)]
        weekdays = [day for day in days if day.weekday() < SATURDAY]
        open_days = [day for day in weekdays if not self._is_holiday(day)]
        return (open_days or weekdays)[0]

    def _is_holiday(self, day):
        """Tell whether the company as a whole is closed at noon of a local day."""
        zone = pytz.timezone(self.company_id._get_maintenance_tz())
        noon = zone.localize(datetime.combine(day, time(12)))
        noon = noon.astimezone(pytz.utc).replace(tzinfo=None)
        calendar = self.company_id.resource_calendar_id
        domain = [
            ("resource_id", "=", False),
            ("company_id", "in", (False, self.company_id.id)),
            ("calendar_id", "in", (False, calendar.id)),
            ("date_from", "<=", noon),
            ("date_to", ">", noon),
        ]
        return bool(self.env["resource.calendar.leaves"].sudo().search_count(domain))

    def _is_change_allowed(self):
        """Tell whether the client may still move or cancel the booked visit."""
        self.ensure_one()
        visit = self.current_visit_id
        if visit.state != "scheduled" or visit.technician_task_id.status != "scheduled":
            return False
        cutoff = timedelta(hours=self.company_id.x_fc_change_cutoff_hours)
        return fields.Datetime.now() + cutoff <= visit.visit_date
