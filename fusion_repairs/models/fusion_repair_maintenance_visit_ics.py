import re
from datetime import timedelta

import vobject
from vobject.icalendar import utc

from odoo import fields, models

# What must not reach a calendar file: a name could otherwise add lines of its own.
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
PRODUCT = "-//Fusion Repairs//Maintenance Visits//EN"


def one_line(text):
    """Return a text as one line without control characters."""
    return " ".join(CONTROL.sub(" ", text or "").split())


class FusionRepairMaintenanceVisit(models.Model):
    """The calendar file of a visit, as RFC 5545 and 5546 want it.

    A client's calendar knows an entry by its UID and takes the highest SEQUENCE. The
    entry is published, not a meeting request: nobody is asked to accept it. Taking it
    back is METHOD:CANCEL, which wants an ORGANIZER and STATUS:CANCELLED.
    """

    _inherit = "fusion.repair.maintenance.visit"

    ics_sequence = fields.Integer(
        copy=False, help="Version of the calendar entry that the client was sent."
    )

    def _get_ics_uid(self):
        """Return the identity of the calendar entry, the same for all its versions."""
        parameters = self.env["ir.config_parameter"].sudo()
        lead = self._get_lead()
        return f"maintenance-visit-{lead.id}@{parameters.get_param('database.uuid')}"

    def _get_ics(self):
        """Return the calendar file of the visit as bytes, without personal data.

        Units that are looked after together are one entry. Someone has to be at home
        from the start of the arrival window until the work is done, whenever in the
        window it begins.
        """
        self.ensure_one()
        visit = self.sudo()._get_told_visits()[:1]
        visit = visit.with_context(lang=visit.partner_id.lang)
        is_live = not visit._is_ics_cancelled()
        start, end = visit._get_arrival_window()
        # The library's own UTC: of any other it would work out twenty years of clock
        # changes, to find out that it is UTC.
        calendar = vobject.iCalendar()
        calendar.add("prodid").value = PRODUCT
        calendar.add("method").value = "PUBLISH" if is_live else "CANCEL"
        event = calendar.add("vevent")
        event.add("uid").value = visit._get_ics_uid()
        event.add("sequence").value = str(visit._get_lead().ics_sequence)
        event.add("dtstamp").value = fields.Datetime.now().replace(tzinfo=utc)
        event.add("dtstart").value = start.astimezone(utc)
        event.add("dtend").value = end.astimezone(utc) + visit._get_work_time()
        event.add("summary").value = one_line(visit._say_ics_summary())
        event.add("description").value = one_line(visit._say_ics_description())
        event.add("status").value = "CONFIRMED" if is_live else "CANCELLED"
        visit._add_ics_organizer(event)
        return calendar.serialize().encode()

    def _is_ics_cancelled(self):
        """Tell whether the client's calendar should have no entry of the visit."""
        return not self.is_live or self._is_unscheduled()

    def _add_ics_organizer(self, event):
        """Name the dealer; without an e-mail address, by the address of the server."""
        company = self.company_id
        address = company.partner_id.email_normalized
        organizer = event.add("organizer")
        organizer.value = f"mailto:{address}" if address else self.get_base_url()
        organizer.params["CN"] = [one_line(company.name).replace('"', "'")]

    def _get_work_time(self):
        """Return how long the technician works at the place."""
        if self.visit_end and self.visit_end > self.visit_date:
            return self.visit_end - self.visit_date
        return timedelta(hours=self.contract_id.duration)

    def _say_ics_summary(self):
        return self.env._(
            "Maintenance visit: %(unit)s (%(company)s)",
            unit=self._say_units(),
            company=self.company_id.name,
        )

    def _say_ics_description(self):
        return self.env._(
            "%(when)s. Questions: %(phone)s",
            when=self._say_when(),
            phone=self.company_id.phone or self.company_id.email or "",
        )
