import base64
from datetime import timedelta

import pytz
import vobject

from odoo import fields, models


class FusionRepairMaintenanceVisit(models.Model):
    """What the client gets in writing about a visit: words, mail, calendar file."""

    _inherit = "fusion.repair.maintenance.visit"

    ics_sequence = fields.Integer(
        copy=False, help="Version of the calendar entry that the client was sent."
    )

    def _get_arrival_window(self):
        """Return the arrival window as aware local times."""
        self.ensure_one()
        zone = pytz.timezone(self._get_tz())
        start = pytz.utc.localize(self.visit_date).astimezone(zone)
        minutes = self.company_id.x_fc_arrival_window_minutes
        return start, zone.normalize(start + timedelta(minutes=minutes))

    def _say_when(self):
        """Return day and arrival window in words, in the language of the context."""
        start, end = self._get_arrival_window()
        words = self.env["fusion.repair.public.words"]
        return f"{words._say_day(start.date())}, {words._say_window(start, end)}"

    def _get_ics_uid(self):
        """Return the identity of the calendar entry, the same for all its versions."""
        parameters = self.env["ir.config_parameter"].sudo()
        return f"maintenance-visit-{self.id}@{parameters.get_param('database.uuid')}"

    def _get_ics(self):
        """Return the calendar file of the visit as bytes, without personal data.

        Someone has to be at home from the start of the arrival window until the work
        is done, whenever in the window it begins.
        """
        self.ensure_one()
        visit = self.sudo().with_context(lang=self.sudo().partner_id.lang)
        start, end = visit._get_arrival_window()
        calendar = vobject.iCalendar()
        calendar.add("method").value = "PUBLISH"
        event = calendar.add("vevent")
        event.add("uid").value = visit._get_ics_uid()
        event.add("sequence").value = str(visit.ics_sequence)
        event.add("dtstamp").value = pytz.utc.localize(fields.Datetime.now())
        event.add("dtstart").value = start.astimezone(pytz.utc)
        event.add("dtend").value = end.astimezone(pytz.utc) + timedelta(
            hours=visit.contract_id.duration
        )
        event.add("summary").value = visit._say_ics_summary()
        event.add("description").value = visit._say_ics_description()
        event.add("status").value = "CONFIRMED" if visit.is_live else "CANCELLED"
        return calendar.serialize().encode()

    def _say_ics_summary(self):
        return self.env._(
            "Maintenance visit: %(unit)s (%(company)s)",
            unit=self.contract_id._get_unit_name(),
            company=self.company_id.name,
        )

    def _say_ics_description(self):
        return self.env._(
            "%(when)s. Questions: %(phone)s",
            when=self._say_when(),
            phone=self.company_id.phone or self.company_id.email or "",
        )

    def _send_confirmation(self):
        """Queue the confirmation mail with its calendar file; nothing is sent here.

        The mail carries the client's secret link, so it is tied to no record: in a
        chatter everybody could read it there.
        """
        self.ensure_one()
        if not self.partner_id.email:
            self._message_log(
                body=self.env._("No confirmation was mailed: the client has no e-mail.")
            )
            return
        template = self.env.ref("fusion_repairs.mail_template_visit_confirmation")
        template.sudo().send_mail(
            self.id,
            email_values={
                "model": False,
                "res_id": False,
                "attachments": [("visit.ics", base64.b64encode(self._get_ics()))],
            },
        )
        self._message_log(
            body=self.env._(
                "The confirmation was queued for %(email)s.",
                email=self.partner_id.email,
            )
        )
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
