from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.savepoints import run_in_batches

# A visit of tomorrow, in any zone of the world, begins within these hours.
FARTHEST = timedelta(hours=50)


class FusionRepairMaintenanceVisit(models.Model):
    """The mail on the day before a visit."""

    _inherit = "fusion.repair.maintenance.visit"

    @api.model
    def _cron_tell_day_before(self):
        """Remind clients of the visits of tomorrow.

        Each visit is a savepoint. The ledger lets the mail of a version through once,
        so the job may run often, be killed and run again.
        """
        run_in_batches(
            self.search(self._get_day_before_domain(), order="id"),
            lambda visit: visit._notify_day_before(),
            "The mail on the day before",
            size=1,
            wanted=lambda visit: visit.filtered(lambda v: v._is_day_before_due()),
        )

    @api.model
    def _get_day_before_domain(self):
        now = fields.Datetime.now()
        companies = self.env["res.company"].search(
            [("x_fc_mail_day_before", "=", True)]
        )
        return (
            Domain("company_id", "in", companies.ids)
            & Domain("state", "=", "scheduled")
            & Domain("visit_date", ">", now)
            & Domain("visit_date", "<", now + FARTHEST)
        )

    def _notify_day_before(self):
        """Queue the mail about one visit, and whatever shares it."""
        lead = self._get_lead()
        version = lead._get_notice_version("day_before")
        lead._queue_message("day_before", version)

    def _is_day_before_due(self):
        """Tell whether this visit's client is to be reminded now."""
        if self.technician_task_id.status != "scheduled":
            return False
        lead = self._get_lead()
        return (
            self.state == "scheduled"
            # The first of those made together speaks for all.
            and lead._get_told_visits()[:1] == self
            and self._is_day_before_time(lead._get_told())
            and not lead._was_noticed("day_before")
            and bool(self.partner_id._fc_get_mail_address())
            and self.partner_id._fc_accepts_maintenance_mail("appointment")
        )

    def _is_day_before_time(self, told):
        """Tell whether it is the time for the mail, and not too soon after another.

        :param told: the message by which the client knows of the visit
        """
        send_at = self._get_day_before_time()
        quiet = timedelta(hours=self.company_id.x_fc_mail_day_before_quiet_hours)
        return (
            send_at <= fields.Datetime.now() < self.visit_date
            and not self._is_today()
            and not (told and told.due_at > send_at - quiet)
        )

    def _get_day_before_time(self):
        """Return from when on the mail is due, naive UTC.

        The company's hour on the local day before the visit; in the gap of a change to
        daylight-saving time, the hour after it.
        """
        zone = pytz.timezone(self._get_tz())
        day = self._get_arrival_window()[0].date() - timedelta(days=1)
        minutes = round(self.company_id.x_fc_mail_day_before_hour * 60)
        local = datetime.combine(day, time(minutes // 60, minutes % 60))
        aware = zone.normalize(zone.localize(local, is_dst=False))
        return aware.astimezone(pytz.utc).replace(tzinfo=None)

    def _is_today(self):
        """Tell whether it is the day of the visit already, where it takes place."""
        zone = pytz.timezone(self._get_tz())
        now = pytz.utc.localize(fields.Datetime.now()).astimezone(zone)
        return now.date() >= self._get_arrival_window()[0].date()
