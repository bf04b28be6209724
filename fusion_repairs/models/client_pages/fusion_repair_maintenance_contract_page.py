from odoo import models
from odoo.tools import email_normalize
from odoo.tools.misc import hmac

from odoo.addons.fusion_tasks.exceptions import SlotTakenError

from ...recurrence import is_placeholder_email

ATTENDEE = ("attendee_name", "attendee_phone", "attendee_email")
MOST_ADDRESSES = 3
SCOPE = "fusion_repairs.unit"
NO_UNITS = "none"


class FusionRepairMaintenanceContract(models.Model):
    """What a visitor says when booking: with which other units, who will be there."""

    _inherit = "fusion.repair.maintenance.contract"

    def _book_online(self, form):
        """Book what the form of the page asks for.

        :param form: slot, note, units and the attendee's fields, as text
        :return: the code of a message if the form has to be corrected, else None
        :raise SlotTakenError: if the time or the set of units is not offered now
        """
        self.ensure_one()
        if not form["slot"]:
            return "choose"
        attendee = self._prepare_attendee(form)
        code = self._check_attendee(attendee)
        if code:
            return code
        contract = self._for_booking()
        if contract.current_visit_id or contract.state != "active":
            return None  # pressed twice, or ended while the client waited
        others = contract._read_units(form["units"], contract._get_companions())
        if contract._get_units_text(others) != (form["units"] or NO_UNITS):
            raise SlotTakenError(
                self.env._(
                    "One of the units can no longer be serviced on this visit. "
                    "Please choose again."
                )
            )
        request = contract._prepare_visit_request(
            others,
            source="client_portal",
            note=form["note"] or None,
            attendee=attendee,
        )
        contract._book_visit(contract._read_slot(form["slot"], request))
        return None

    def _cancel_online(self, reason, scope):
        """Cancel what the form of the page asks for.

        :param scope: "all", or which of the units of the visit as in the form; this
            link's own unless told
        :return: the code of the message that says what was done
        """
        self.ensure_one()
        contract = self
        if scope not in ("", "all"):
            units = self | self.current_visit_id._get_other_contracts()
            contract = self._read_units(scope, units)
            if len(contract) != 1:
                return "not_cancelled"
        if not contract._cancel_booking(reason, scope == "all"):
            return "late"
        return "cancelled" if contract == self or scope == "all" else "taken_off"

    def _get_staying_visits(self):
        """Return the visits that go on after this unit was taken off theirs."""
        self.ensure_one()
        left = self.visit_ids.filtered(
            lambda visit: (
                visit.state == "cancelled"
                and visit.cycle_due_date == self.next_due_date
            )
        ).sorted("id")[-1:]
        others = left.sale_order_id.x_fc_maintenance_visit_ids - left
        return others.filtered("is_live").sorted("id")

    # What the technician is told -----------------------------------------------------

    def _change_details(self, form):
        """Change the note and who will be there, as the form of a booked visit says.

        What was left empty stays as it is.

        :param form: note, alone (the client will be there) and the attendee's fields
        :return: the code of a message, None if there is nothing to change
        """
        self.ensure_one()
        visit = self.current_visit_id
        if not visit or visit._is_unscheduled():
            return None
        if visit.state != "scheduled":
            return "late"
        attendee = {k: v for k, v in self._prepare_attendee(form).items() if v}
        code = self._check_attendee({"attendee_email": False, **attendee})
        if code:
            return code
        if form["alone"]:
            attendee = dict.fromkeys(ATTENDEE, False)
        vals = attendee | ({"client_note": form["note"]} if form["note"] else {})
        if not vals:
            return "nothing_new"
        contract = self._for_booking()
        contract._lock_booking()
        contract.current_visit_id._tell_technician(vals)
        return "noted"

    # Who will be there -----------------------------------------------------------

    def _prepare_attendee(self, form):
        """Return who will be there, as typed, with the email address in order."""
        attendee = {name: form[name] or False for name in ATTENDEE}
        typed = attendee["attendee_email"]
        # One address and nothing around it: Odoo would pick one out of a sentence.
        if typed and typed.split() == [typed]:
            attendee["attendee_email"] = email_normalize(typed) or typed
        return attendee

    def _check_attendee(self, attendee):
        """Return why whoever will be there cannot stand so.

        Copies go to so many different addresses only in one cycle: a link that fell
        into wrong hands must not write to the whole world.

        :param attendee: as of ``_prepare_attendee``
        :return: the code of a message, None if nothing is wrong
        """
        email = attendee["attendee_email"]
        if not email:
            return None
        if email_normalize(email) != email or is_placeholder_email(email):
            return "email"
        visits = self.visit_ids.filtered(
            lambda visit: visit.cycle_due_date == self.next_due_date
        )
        known = set(filter(None, visits.mapped("attendee_email")))
        if email not in known and len(known) >= MOST_ADDRESSES:
            return "emails"
        return None

    # With which units ------------------------------------------------------------

    def _get_told_companions(self, offered):
        """Return those of the offered units that our last reminder named with this.

        They are one group, whose mail opened this link.
        """
        self.ensure_one()
        group = self.offered_with_id
        return offered.filtered(lambda c: group and c.offered_with_id == group)

    def _get_units_text(self, others):
        """Return a set of other units as one opaque value of a form or an address."""
        return ".".join(self._get_unit_ref(unit) for unit in others) or NO_UNITS

    def _read_units(self, value, offered):
        """Return those of the offered units that a value names, in their order."""
        named = set(value.split("."))
        return offered.filtered(lambda unit: self._get_unit_ref(unit) in named)

    def _get_unit_ref(self, unit):
        return hmac(self.env(su=True), SCOPE, f"{self.id}:{unit._get_cycle_key()}")[:12]
