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

    def _get_units_text(self, others):
        """Return a set of other units as one opaque value of a form or an address."""
        return ".".join(self._get_unit_ref(unit) for unit in others) or NO_UNITS

    def _read_units(self, value, offered):
        """Return those of the offered units that a value names, in their order."""
        named = set(value.split("."))
        return offered.filtered(lambda unit: self._get_unit_ref(unit) in named)

    def _get_unit_ref(self, unit):
        return hmac(self.env(su=True), SCOPE, f"{self.id}:{unit._get_cycle_key()}")[:12]
