from odoo import api, models
from odoo.fields import Domain
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
        attendee = {name: form[name] or False for name in ATTENDEE}
        code = self._check_attendee(attendee)
        if code:
            return code
        contract = self._for_booking()
        offered = contract._get_companions()
        companions = contract._read_units(form["units"], offered)
        if contract._get_units_text(companions) != (form["units"] or NO_UNITS):
            raise SlotTakenError(
                self.env._(
                    "One of the units can no longer be serviced on this visit. "
                    "Please choose again."
                )
            )
        contract._book_slot(
            form["slot"],
            source="client_portal",
            note=form["note"] or None,
            companions=companions,
            attendee=attendee,
        )
        return None

    # Who will be there -----------------------------------------------------------

    def _check_attendee(self, attendee):
        """Put the email address of whoever will be there in order.

        Copies go to so many different addresses only in one cycle: a link that fell
        into wrong hands must not write to the whole world.

        :return: the code of a message if it cannot stand, else None
        """
        typed = attendee["attendee_email"]
        if not typed:
            return None
        email = email_normalize(typed)
        # One address and nothing around it: Odoo would pick one out of a sentence.
        if not email or is_placeholder_email(email) or typed.split() != [typed]:
            return "email"
        visits = self.visit_ids.filtered(
            lambda visit: visit.cycle_due_date == self.next_due_date
        )
        known = set(filter(None, visits.mapped("attendee_email")))
        if email not in known and len(known) >= MOST_ADDRESSES:
            return "emails"
        attendee["attendee_email"] = email
        return None

    # With which units ------------------------------------------------------------

    def _get_units_text(self, companions):
        """Return a set of other units as one opaque value of a form or an address."""
        return ".".join(self._get_unit_ref(unit) for unit in companions) or NO_UNITS

    def _read_units(self, value, offered):
        """Return those of the offered units that a value names, in their order."""
        named = set(value.split("."))
        return offered.filtered(lambda unit: self._get_unit_ref(unit) in named)

    def _get_unit_ref(self, unit):
        return hmac(self.env(su=True), SCOPE, f"{self.id}:{unit._get_cycle_key()}")[:12]

    # Portal ------------------------------------------------------------------

    @api.model
    def _get_portal_domain(self, partner):
        """Return the units of a client: of the household or firm, as it is now."""
        owner = partner.commercial_partner_id
        return Domain("partner_id", "child_of", owner.id) & Domain(
            "state", "in", ("active", "paused")
        )

    @api.model
    def _get_portal_units(self, partner, unit_id=None):
        """Return the units that a client may look at, in sudo.

        Portal users have no rights on contracts, which hold notes of the office: the
        pages show a fixed few values of the units found here by their owner.

        :param partner: the partner of the user who asks
        :param unit_id: one of them; none if it is not the client's own
        """
        domain = self._get_portal_domain(partner)
        if unit_id is not None:
            domain &= Domain("id", "=", unit_id)
        return self.sudo().search(domain)

    def _get_portal_visits(self):
        """Return the visits to show: those that took place for this owner, and the
        one that is booked."""
        self.ensure_one()
        owner = self.partner_id.commercial_partner_id
        return self.visit_ids.filtered(
            lambda visit: (
                visit.partner_id.commercial_partner_id == owner
                and (visit.state == "done" or visit.is_live)
            )
        )

    def _get_portal_certificates(self):
        """Return the certificates to show: those that were issued to this owner."""
        self.ensure_one()
        owner = self.partner_id.commercial_partner_id
        return self.certificate_ids.filtered(
            lambda certificate: (
                certificate.partner_id.commercial_partner_id == owner
                and certificate.state != "draft"
            )
        )
