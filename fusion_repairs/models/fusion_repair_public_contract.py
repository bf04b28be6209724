import re
from datetime import datetime, time, timedelta

import pytz

from odoo import fields, models
from odoo.tools import plaintext2html

from odoo.addons.fusion_tasks.exceptions import SlotTakenError

from .mail_activity import CALLBACK_TYPE

ENOUGH_DIGITS = 7
SATURDAY = 5
LOOK_AHEAD = 14


class FusionRepairMaintenanceContract(models.Model):
    """What else the holder of a booking link may do: move, cancel, ask for a call."""

    _inherit = "fusion.repair.maintenance.contract"

    def _get_public_url(self):
        """Return the path of the client's page, without the server's address."""
        self.ensure_one()
        return f"/repairs/maintenance/book/{self.sudo().booking_token}"

    def _is_change_allowed(self):
        """Tell whether the client may still move or cancel the booked visit."""
        self.ensure_one()
        visit = self.current_visit_id
        if visit.state != "scheduled" or visit.technician_task_id.status != "scheduled":
            return False
        cutoff = timedelta(hours=self.company_id.x_fc_change_cutoff_hours)
        return fields.Datetime.now() + cutoff <= visit.visit_date

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

        contract._take_time(technician, start, plan, task, companions)
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

        :param everything: also for the other units that are looked after on the same
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

    def _get_open_callback(self):
        """Return the office's open activity to call this client back, if any."""
        self.ensure_one()
        return self.activity_ids.filtered(lambda each: each._is_callback())[:1]

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
