import re
from datetime import datetime, time, timedelta

import pytz

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import plaintext2html

from odoo.addons.fusion_tasks.exceptions import SlotTakenError
from odoo.addons.fusion_tasks.groups import DISPATCHER
from odoo.addons.fusion_tasks.models.task.fusion_technician_task import LIVE_STATUSES
from odoo.addons.fusion_tasks.scheduling import Slot

from ..contract.mail_activity import CALLBACK_TYPE
from .visit_request import Override, Telling

SHORTEST_REASON = 5
ENOUGH_DIGITS = 7
SATURDAY = 5
LOOK_AHEAD = 14


class FusionRepairMaintenanceContract(models.Model):
    """What the office may do that the client's page may not: book against the rules,
    move after the cut-off, and hear in a sentence why a unit cannot be booked."""

    _inherit = "fusion.repair.maintenance.contract"

    callback_phone = fields.Char(
        string="Phone for the Call",
        readonly=True,
        copy=False,
        help="The number at which the client last asked to be called.",
    )

    # Against the rules -----------------------------------------------------------

    def _make_override(self, reason, allow_overlap=False):
        """Return the Override under which a time is booked though the engine says no.

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
        return Override(reason, bool(allow_overlap))

    def _get_overridden_slot(self, request):
        """Return a slot that the engine refuses; what cannot be at all stays refused.

        :raise SlotTakenError: for somebody who is no technician of the company, and
            for the past
        """
        technician, start = request.technician, request.start
        availability = self.env["fusion.technician.availability"]
        impossible = availability._get_technician_refusal(technician.sudo())
        if impossible:
            raise SlotTakenError(impossible)
        wanted = availability._prepare_request(
            request.hours, *self._get_place(), past_horizon=request.past_horizon
        )
        if start < wanted.now.replace(tzinfo=None):
            raise SlotTakenError(self.env._("This time is past."))
        refusal = availability._find_refusal(
            technician, start, wanted, request.exclude_task
        )
        minutes = (refusal and refusal.travel_minutes) or 0
        end = self.env["fusion.technician.task"]._get_end(start, request.hours)
        return Slot(technician.id, start, end, minutes, 0, 0)

    def _prepare_overlap_vals(self, request, slot):
        """Return the mark that lets a task overlap others, where it has to.

        Only if the dispatcher allowed it, and only if another task is really there.
        """
        if not request.override.allow_overlap:
            return {}
        technician = self.env["res.users"].browse(slot.technician_id)
        beside = self.env["fusion.technician.task"]._find_beside(
            technician, slot.start, request.hours, request.exclude_task
        )
        return {"allow_overlap": bool(beside)}

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

    def _move_booking(self, value):
        """Move the booked visit to an offered time, as its client wishes.

        :raise SlotTakenError: as ``_move_visit``, and if the value is none of ours
        """
        request = self._prepare_visit_request(source="client_portal")
        request.lead._check_movable(request)
        return request.lead._move_visit(request.lead._read_slot(value, request))

    def _move_visit(self, request):
        """Move the booked visit with all its units; nothing moves if the time is taken.

        A client may do so until the cut-off, and whoever is free then comes. The
        office may until the technician sets out, gets the technician it chose, and
        may override.

        :param request: VisitRequest of this contract, with technician and start
        :return: the visit
        :raise SlotTakenError: if the engine would not offer that time now, or for the
            client after the cut-off
        :raise UserError: for the office, if the visit has begun
        """
        request = self._hold_request(request)
        lead, task = request.lead, request.exclude_task
        lead._queue_for(request)
        lead._lock_booking()
        lead._check_movable(request)
        visit = lead.current_visit_id
        wanted, planned = (
            (request.technician, request.start),
            (task.technician_id, task.date_start),
        )
        if task.status in LIVE_STATUSES and wanted == planned:
            return visit
        refusal = request.override and lead._explain_visit(request)
        lead._plan_task(request)
        bundle = visit._get_bundle()
        # The new time in writing, and over the old entry in the calendar.
        bundle[0]._send_confirmation()
        bundle._drop_override()
        if refusal:
            bundle._note_override(refusal, request.override)
        if not request.tell_client:
            visit._message_log(
                body=self.env._("The client was not notified of the new time.")
            )
        return visit

    def _check_movable(self, request):
        """Refuse to move a visit for which it is too late.

        :raise SlotTakenError: for the client, after the cut-off
        :raise UserError: for the office, if the visit has begun
        """
        if not request.is_from_client:
            self.current_visit_id._check_movable()
        elif not self._is_change_allowed():
            raise SlotTakenError(
                self.env._("This visit can no longer be changed. Please call us.")
            )

    def _lock_booking(self):
        """Lock all units of the booked visit."""
        visit = self.current_visit_id
        (self | (visit and visit._get_other_contracts()))._lock()

    def _prepare_move_vals(self, request, slot):
        """Return what changes on the task when its visit moves to a slot."""
        vals = {
            "technician_id": slot.technician_id,
            "date_start": slot.start,
            "travel_before": slot.travel_before,
            # Beside another task stood the old time; a new one is free.
            "allow_overlap": False,
        }
        if request.exclude_task.status not in LIVE_STATUSES:
            vals["status"] = "scheduled"
        return vals

    def _cancel_booking(
        self, reason="", everything=False, source="client_portal", tell_client=True
    ):
        """Cancel the booked visit; the cycle stays open for booking.

        :param reason: of the client, who need not say one; or of the office, where it
            stays
        :param everything: also for the other units that are serviced on the same
            visit; else theirs stays
        :param source: client_portal or office; clients cancel until the cut-off only
        :param tell_client: False: no mail about it goes to the client
        :return: False if it is too late for that
        :raise SlotTakenError: if others plan that day and do not finish in time
        """
        telling = Telling(source == "client_portal", tell_client)
        contract = self._for_booking().with_context(fusion_telling=telling)
        # As everybody does: the day first, then the contracts.
        nobody_else = contract.env["res.users"]
        contract.env["fusion.technician.schedule"].sudo()._queue(
            contract._get_turn(None, nobody_else)
        )
        contract._lock_booking()
        visit = contract.current_visit_id
        if not visit or (telling.by_client and not contract._is_change_allowed()):
            return False
        if telling.by_client:
            reason = contract._get_cancel_text(reason)
        visits = visit._get_bundle() if everything else visit
        visits._cancel(reason)
        if not tell_client:
            body = contract.env._("The client was not notified of the cancellation.")
            visits._message_log_batch({visit.id: body for visit in visits})
        return True

    def _get_cancel_text(self, reason):
        """Return what the visit says of a client who cancelled."""
        if not reason:
            return self.env._("The client cancelled on the booking page.")
        return self.env._(
            "The client cancelled on the booking page: %(reason)s", reason=reason
        )

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
        contract.callback_phone = phone
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
