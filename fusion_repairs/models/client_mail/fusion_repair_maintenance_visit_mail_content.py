import base64
import re
from datetime import timedelta

import pytz
import vobject
from vobject.icalendar import utc

from odoo import api, fields, models
from odoo.tools import email_normalize
from odoo.tools.translate import LazyTranslate

from odoo.addons.fusion_tasks.button_context import without_button

from ...recurrence import is_placeholder_email
from ...tools.savepoints import attempt

_lt = LazyTranslate(__name__)
TEMPLATES = {
    "confirmation": "fusion_repairs.mail_template_visit_confirmation",
    "moved": "fusion_repairs.mail_template_visit_moved",
    "changed": "fusion_repairs.mail_template_visit_changed",
    "unscheduled": "fusion_repairs.mail_template_visit_unscheduled",
    "cancelled": "fusion_repairs.mail_template_visit_cancelled",
    "no_show": "fusion_repairs.mail_template_visit_no_show",
    "day_before": "fusion_repairs.mail_template_visit_day_before",
    "on_the_way": "fusion_repairs.mail_template_visit_on_the_way",
}
NOTICES = ("day_before", "on_the_way")
CHANGES = ("moved", "changed", "unscheduled", "cancelled")
WITH_CALENDAR_FILE = ("confirmation", *CHANGES)

# What must not reach a calendar file: a name could otherwise add lines of its own.
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
PRODUCT = "-//Fusion Repairs//Maintenance Visits//EN"


def one_line(text):
    """Return a text as one line without control characters."""
    return " ".join(CONTROL.sub(" ", text or "").split())


class FusionRepairMaintenanceVisit(models.Model):
    """The client's mails about a visit: their words, and how they are queued."""

    _inherit = "fusion.repair.maintenance.visit"

    ics_sequence = fields.Integer(
        copy=False, help="Version of the calendar entry that the client was sent."
    )

    arrival_window = fields.Char(
        string="Arrival Told",
        compute="_compute_arrival_window",
        compute_sudo=True,  # technicians do not read the messages
        help="What the client was told; until then, what they will be told.",
    )

    @api.depends("visit_date", "technician_id")
    @api.depends_context("lang")
    def _compute_arrival_window(self):
        for visit in self:
            planned = visit.visit_date and visit._format_when()
            visit.arrival_window = planned and (visit._format_told_when() or planned)

    # Words ---------------------------------------------------------------------

    def _get_arrival_window(self, start=None):
        """Return the arrival window as aware local times.

        :param start: naive UTC, the planned start unless told
        """
        self.ensure_one()
        zone = pytz.timezone(self._get_tz())
        start = pytz.utc.localize(start or self.visit_date).astimezone(zone)
        minutes = self.company_id.x_fc_arrival_window_minutes
        return start, zone.normalize(start + timedelta(minutes=minutes))

    def _format_when(self, start=None):
        """Return day and arrival window in words, in the language of the context."""
        start, end = self._get_arrival_window(start)
        words = self.env["fusion.repair.public.words"]
        return f"{words._format_day(start.date())}, {words._format_window(start, end)}"

    def _format_zone(self):
        """Return the sentence that names the zone of the times."""
        return self.env["fusion.repair.public.words"]._format_zone(self._get_tz())

    def _format_told_when(self):
        """Return the time that the client was last told, in words; "" if none."""
        told = self._get_told()
        return self._format_when(told.told_start) if told.told_start else ""

    def _get_units_text(self):
        """Return the units that are maintained, as the client calls them."""
        visits = self._get_told_visits()
        return ", ".join(visit.contract_id._get_unit_name() for visit in visits)

    def _get_changed_subject(self):
        """Return the subject where the units changed: what stays comes first."""
        when = self._format_when()
        if self._get_taken_off_text():
            return self.env._("Your visit takes place as planned: %(when)s", when=when)
        return self.env._("Your visit has changed: %(when)s", when=when)

    def _get_taken_off_text(self):
        """Return the units of which the client was told, and that are no longer due."""
        told = {int(n) for n in (self._get_told().told_units or "").split(",") if n}
        now = self._get_told_visits()
        gone = self._get_mail_group().filtered(lambda v: v.id in told) - now
        # What was done already was not taken off.
        gone = gone.filtered(lambda visit: visit.state in ("cancelled", "no_show"))
        return ", ".join(visit.contract_id._get_unit_name() for visit in gone)

    def _get_whose_text(self):
        """Return whose visit it is, for whoever gets the copy."""
        return self.env._("For %(name)s", name=one_line(self.partner_id.name))

    def _get_place_line(self):
        """Return where the visit takes place, on one line."""
        place = self.address_id or self.partner_id
        town = " ".join(filter(None, (place.state_id.code, place.zip)))
        parts = (place.street, place.street2, place.city, town)
        return one_line(", ".join(filter(None, parts)))

    def _get_technician_text(self):
        """Return who comes."""
        return self.sudo().technician_id.name or ""

    def _get_hello(self):
        """Return how a mail about the visit begins."""
        words = self.env["fusion.repair.public.words"]
        return words._format_hello(self._get_mail_name())

    def _get_mail_name(self):
        """Return who is greeted: the client, or the person who gets the copy.

        The client of the visit, who may own the unit no more.
        """
        self.ensure_one()
        words = self.env["fusion.repair.public.words"]
        if self._is_copy():
            return words._get_first_name(one_line(self.attendee_name))
        return words._get_greeting_name(self.partner_id)

    def _is_copy(self):
        """Tell whether the mail that is written is the copy for somebody else."""
        return self.env.context.get("fusion_mail_audience") == "copy"

    def _get_mail_contract(self):
        """Return the unit whose link the mail carries: one that is still to be done.

        With no more rights than whoever renders the mail: a user gets no link.
        """
        return self._get_told_visits()[:1].contract_id.sudo(self.env.su)

    def _get_mail_price(self):
        """Return what the client pays for all units together, tax by tax."""
        self.ensure_one()
        visits = self._get_told_visits()
        return visits.contract_id._get_bundle_breakdown(visits)

    # Recipients ----------------------------------------------------------------

    def _get_audiences(self):
        """Return who hears of the visit, as (audience, address) pairs.

        The client, and whoever will be there instead or booked for the client. An
        address that cannot be one gets nothing.
        """
        self.ensure_one()
        client = self.partner_id._fc_get_mail_address()
        pairs = [("client", client)]
        copy = email_normalize(self.attendee_email or "")
        if copy and not is_placeholder_email(copy) and copy != email_normalize(client):
            pairs.append(("copy", copy))
        return pairs

    # Queueing ------------------------------------------------------------------

    def _queue_message(self, kind, version, due_at=None):
        """Queue a message and enter it in the ledger; nothing is sent here.

        :param kind: one of the ledger's kinds that have a template
        :param version: of the visit that the client is told about
        :param due_at: naive UTC, before which it does not go out; now unless told
        """
        self.ensure_one()
        now = fields.Datetime.now()
        due_at = due_at or now
        speaker = self._get_told_visits()[:1]
        for audience, address in speaker._get_audiences():
            vals = self._prepare_message_vals(kind, version, audience)
            vals |= {"due_at": due_at, "email": address}
            obstacle = speaker._get_obstacle(kind, audience, address)
            if obstacle:
                vals |= speaker._do_not_mail(kind, obstacle)
            else:
                vals |= speaker._make_mail(kind, audience, address, due_at)
            messages = without_button(self.env["fusion.repair.visit.message"].sudo())
            messages.create(vals)
            speaker._log_message_queued(kind, address, vals["state"])
        cron = self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()
        cron._trigger(at=due_at if due_at > now else None)

    def _prepare_message_vals(self, kind, version, audience="client"):
        """Return the values of a row of the ledger."""
        self.ensure_one()
        speaker = self._get_told_visits()[:1]
        return {
            "contract_id": self.contract_id.id,
            "visit_id": self.id,
            "kind": kind,
            "version": version,
            "audience": audience,
            "told_start": speaker.visit_date,
            "told_end": speaker.visit_end,
            "told_units": self._get_told_units(),
        }

    def _make_mail(self, kind, audience, address, due_at):
        """Render a mail into the queue; return what the ledger says of it.

        A broken template must not make the booking fail: the office tells the client.
        The mail carries the client's secret link, so it is tied to no record: in a
        chatter everybody could read it there.
        """
        entry = {}

        def queue():
            template = without_button(self.env.ref(TEMPLATES[kind]).sudo())
            template = template.with_context(fusion_mail_audience=audience)
            vals = self._prepare_mail_vals(kind, audience, address, due_at)
            mail_id = template.send_mail(self.id, email_values=vals)
            entry.update(state="queued", mail_id=mail_id)

        def have_told(error):
            self.contract_id._notify_office(
                _lt("Tell the client about the visit %(visit)s", visit=self.name),
                reason=f"tell_client:{self.id}",
            )
            reason = str(error)[:500] or type(error).__name__
            entry.update(state="failed", reason=reason, office_told=True)

        what = f"Message {kind} about visit {self.name}"
        attempt(self.env.cr, queue, what, failed=have_told)
        return entry

    def _prepare_mail_vals(self, kind, audience, address, due_at):
        vals = {
            "model": False,
            "res_id": False,
            "x_fc_maintenance_contract_id": self.contract_id.id,
        }
        if due_at > fields.Datetime.now():
            vals["scheduled_date"] = due_at
        if audience == "copy":
            vals |= {"recipient_ids": [], "email_to": address}
        elif kind in NOTICES:
            vals["headers"] = self._prepare_opt_out_headers()
        if kind in WITH_CALENDAR_FILE:
            calendar = self._get_ics(self._get_place_line())
            vals["attachments"] = [("visit.ics", base64.b64encode(calendar))]
        return vals

    def _prepare_opt_out_headers(self):
        """Return the headers by which a mail program stops such notices (RFC 8058)."""
        url = f"{self.sudo().partner_id._fc_get_opt_out_url()}?kind=appointment"
        return {
            "List-Unsubscribe": f"<{url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }

    def _log_message_queued(self, kind, address, state):
        kinds = self.env["fusion.repair.visit.message"]._fields["kind"]
        label = dict(kinds._description_selection(self.env))[kind]
        body = self.env._(
            "“%(message)s” was queued for %(email)s.", message=label, email=address
        )
        if state == "no_email":
            body = self.env._(
                "“%(message)s” was not emailed: the client has no email address.",
                message=label,
            )
            if address:
                body = self.env._(
                    "“%(message)s” was not emailed: email to %(email)s comes back.",
                    message=label,
                    email=address,
                )
        elif state == "not_told":
            body = self.env._("“%(message)s” was not emailed.", message=label)
        elif state == "failed":
            body = self.env._("“%(message)s” could not be emailed.", message=label)
        self._message_log(body=body)

    # Calendar file -----------------------------------------------------------

    def _get_ics_uid(self):
        """Return the identity of the calendar entry, the same for all its versions."""
        parameters = self.env["ir.config_parameter"].sudo()
        lead = self._get_lead()
        return f"maintenance-visit-{lead.id}@{parameters.get_param('database.uuid')}"

    def _get_ics(self, place=""):
        """Return the calendar file of the visit as bytes, without the client's name.

        Units that are serviced together are one entry. Someone has to be at home
        from the start of the arrival window until the work is done, whenever in the
        window it begins.

        :param place: where it takes place; not for whoever has the link only
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
        event.add("summary").value = one_line(visit._get_ics_summary_text())
        event.add("description").value = one_line(visit._get_ics_description_text())
        event.add("status").value = "CONFIRMED" if is_live else "CANCELLED"
        if place:
            event.add("location").value = place
        if is_live:
            event.add("url").value = visit._get_mail_contract()._get_booking_url()
            visit._add_ics_alarm(event)
        visit._add_ics_organizer(event)
        return calendar.serialize().encode()

    def _add_ics_alarm(self, event):
        """Have the client's calendar remind of the visit on the day before."""
        alarm = event.add("valarm")
        alarm.add("action").value = "DISPLAY"
        alarm.add("description").value = event.summary.value
        alarm.add("trigger").value = -timedelta(days=1)

    def _is_ics_cancelled(self):
        """Tell whether the client's calendar should have no entry of the visit."""
        return not self.is_live or self._is_unscheduled()

    def _add_ics_organizer(self, event):
        """Name the dealer; without an email address, by the address of the server."""
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

    def _get_ics_summary_text(self):
        return self.env._(
            "Maintenance visit: %(unit)s (%(company)s)",
            unit=self._get_units_text(),
            company=self.company_id.name,
        )

    def _get_ics_description_text(self):
        return self.env._(
            "%(when)s. Questions: %(phone)s",
            when=self._format_when().removesuffix("."),  # "p.m." ends the sentence
            phone=self.company_id.phone or self.company_id.email or "",
        )
