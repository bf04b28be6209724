import logging
from datetime import timezone

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_datetime

from ...scheduling import get_kept_start, offset_minutes

_logger = logging.getLogger(__name__)

UTC = timezone.utc


class FusionTechnicianTask(models.Model):
    """What the clock showed when the task was booked, and is to show.

    The database keeps instants. When the rules of a zone change after a booking, the
    same instant is another time on the clock: the task moves, what was told stays.
    """

    _inherit = "fusion.technician.task"

    told_tz = fields.Char(
        string="Time Zone Told",
        compute="_compute_told_clock",
        store=True,
        precompute=True,
        copy=False,
        help="The time zone by which the start of the task was told.",
    )
    told_offset = fields.Integer(
        string="Minutes Ahead of UTC",
        compute="_compute_told_clock",
        store=True,
        precompute=True,
        copy=False,
        help="How far that zone was from UTC by the rules in use at the booking.",
    )

    @api.depends("date_start", "technician_id")
    def _compute_told_clock(self):
        """Keep zone and offset as they are now: new rules change neither.

        Both depend on what is booked alone, so they are told anew with a new time.
        """
        for task in self:
            technician = task.technician_id.with_company(task.company_id)
            planned = task.date_start and technician
            zone = technician._fc_get_tz() if planned else False
            start = zone and task.date_start.replace(tzinfo=UTC)
            task.told_tz = zone
            task.told_offset = offset_minutes(zone, start) if zone else 0

    @api.model
    def _cron_keep_told_times(self):
        """Move tasks whose time on the clock new rules have changed."""
        moves = self._find_kept_starts()
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=len(moves))
        for task, start in moves:
            try:
                with self.env.cr.savepoint():
                    task._keep_told_time(start)
            except Exception:
                _logger.exception("Task %s does not keep the time told", task.name)
            if not progress(1):
                return

    @api.model
    def _find_kept_starts(self):
        """Return (task, new start) pairs, so that each finds its new time free.

        What moves to later goes from the last to the first, and the other way round.
        """
        tasks = self.search(
            Domain("status", "in", ("scheduled", "en_route"))
            & Domain("date_start", ">", fields.Datetime.now())
            & Domain("told_tz", "!=", False),
            order="date_start, id",
        )
        earlier, later = [], []
        for task in tasks:
            start = task.date_start.replace(tzinfo=UTC)
            kept = get_kept_start(start, task.told_offset, task.told_tz)
            if kept:
                side = later if kept > start else earlier
                side.append((task, kept.replace(tzinfo=None)))
        return earlier + later[::-1]

    def _keep_told_time(self, start):
        """Move a task to where the clock shows the time told; a hook for other addons.

        :param start: naive UTC
        """
        self.ensure_one()
        task = self.with_company(self.company_id)
        lang = self.company_id.partner_id.lang or self.env.lang
        # Said once, below: "moved from 3 p.m. to 2 p.m." would be wrong for all.
        task.with_context(tracking_disable=True).write({"date_start": start})
        task.with_context(lang=lang)._log_kept_time()

    def _log_kept_time(self):
        when = format_datetime(
            self.env, self.date_start, self.told_tz, "EEE d MMM, HH:mm"
        )
        words = self.env._(
            "The time zone rules for %(zone)s have changed. The task stays at the "
            "time that was told: %(when)s.",
            zone=self.told_tz,
            when=when,
        )
        self._log_lines({self.id: words})
