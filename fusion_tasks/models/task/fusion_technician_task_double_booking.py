import logging
from contextlib import contextmanager

import psycopg2.errors

from odoo import api, fields, models

from ...button_context import without_button
from ...exceptions import NO_DOUBLE_BOOKING, SlotTakenError
from ...live_statuses import LIVE_STATUSES
from .fusion_technician_task import _LIVE_SQL, LONGEST_HOURS

# What makes a task hold a technician at a time and a place.
HOLDING_FIELDS = frozenset(
    {
        "technician_id",
        "date_start",
        "date_end",
        "duration",
        "status",
        "allow_overlap",
        "partner_id",
        "address_id",
        "latitude",
        "longitude",
    }
)
# To end a task bumps no version; all else does, and waits its turn.
QUEUED_FIELDS = HOLDING_FIELDS - {"status"}

_logger = logging.getLogger(__name__)


class FusionTechnicianTask(models.Model):
    """Who may plan, and what happens in the database when someone does."""

    _inherit = "fusion.technician.task"

    # Ranges of integers and of timestamps need no extension of PostgreSQL. The two
    # checks below are evaluated first, so no bound here is ever empty or reversed.
    _no_double_booking = models.Constraint(
        "EXCLUDE USING gist ("
        "int4range(technician_id, technician_id, '[]') WITH &&, "
        "tsrange(date_start, date_end, '[)') WITH &&"
        f") WHERE (status IN {_LIVE_SQL} AND allow_overlap IS NOT TRUE)",
        "The technician already has another task at that time.",
    )

    @api.model
    def _create_booking(self, vals):
        """Create a scheduled task, or find its slot taken.

        The insert comes first: the exclusion constraint decides a plain overlap
        without a retry. The bump after it lets a concurrent booking that clashes
        only through travel fail to serialise.

        :param vals: of the task; technician_id, date_start and duration at least
        :return: the task
        :raise SlotTakenError: when another task holds the technician at that time
        """
        return without_button(self).create({**vals, "status": "scheduled"})

    @api.model
    def _queue_for_new(self, vals_list):
        """Wait for whoever plans the technicians of new live tasks right now."""
        live = [vals for vals in vals_list if vals.get("status") in LIVE_STATUSES]
        self._queue_for(self._get_span(vals) for vals in live)

    def _queue_for_change(self, vals):
        """Wait for whoever plans the technicians of a change right now.

        :return: what the tasks hold before it, as of ``_get_holdings``; None if the
            change touches nothing of that
        """
        if HOLDING_FIELDS.isdisjoint(vals):
            return None
        if vals.get("status") in LIVE_STATUSES or not QUEUED_FIELDS.isdisjoint(vals):
            self._queue_for(self._get_spans(vals))
        return self._get_holdings()

    # Database --------------------------------------------------------------------

    @contextmanager
    def _slot_guard(self):
        """Write to the database at the end of the block; turn an overlap into words.

        :raise SlotTakenError: after rolling the block back
        """
        try:
            with self.env.cr.savepoint():
                yield
        except psycopg2.errors.ExclusionViolation as error:
            if error.diag.constraint_name != NO_DOUBLE_BOOKING:
                raise
            raise SlotTakenError(
                self.env._("The technician already has another task at that time.")
            ) from error

    @api.model
    def _queue_for(self, spans):
        """Wait for others who plan the days of these spans, those that are planned."""
        self.env["fusion.technician.schedule"]._queue(filter(all, spans))

    def _get_spans(self, vals):
        """Return what tasks hold and what they would hold with values, as spans."""
        tasks = self.sudo()
        return [task._get_span(new) for task in tasks for new in ({}, vals)]

    def _get_span(self, vals):
        """Return what a task (or none yet) would hold with values.

        Near enough for the queue; what the task really holds then bumps the versions.

        :return: (technician id, start, end), what is not known is False
        """
        start = fields.Datetime.to_datetime(vals.get("date_start", self.date_start))
        end = fields.Datetime.to_datetime(vals.get("date_end"))
        if start and not end:
            hours = float(vals.get("duration") or self.duration or 1.0)
            # Too long, infinite or no number: refused in words when it is written.
            end = self._get_end(start, hours if abs(hours) <= LONGEST_HOURS else 0)
        return vals.get("technician_id", self.technician_id.id), start, end

    def _get_holdings(self):
        """Return what each live task holds, by its id."""
        return {
            task.id: (
                task.technician_id.id,
                task.date_start,
                task.date_end,
                task.latitude,
                task.longitude,
            )
            for task in self.sudo()
            if task._is_live()
        }

    def _bump_schedules(self, before):
        """Bump the days of technicians, old and new, that got a task or a change.

        :param before: what the tasks held before, as of :meth:`_get_holdings`; None:
            nothing that counts was written
        """
        if before is None:
            return
        spans = []
        for task_id, holding in self._get_holdings().items():
            previous = before.get(task_id)
            if previous != holding:
                spans.append(holding[:3])
                if previous:
                    spans.append(previous[:3])
        self.env["fusion.technician.schedule"]._bump(spans)

    # Health check ------------------------------------------------------------

    @api.model
    def _get_guard_names(self):
        """Return the names of the constraints and indexes that must be there."""
        return {
            "fusion_technician_task_no_double_booking",
            "fusion_technician_task_end_after_start",
            "fusion_technician_task_live_is_planned",
            "fusion_technician_task_live_is_active",
            "fusion_technician_schedule_day_uniq",
        }

    @api.model
    def _get_missing_guards(self):
        """Return the names of those that the database lacks.

        Odoo only logs a constraint that it could not create, because rows contradict
        it, and goes on without.
        """
        names = self._get_guard_names()
        self.env.cr.execute(
            """
            SELECT conname FROM pg_constraint
             WHERE conname = ANY(%(names)s) AND convalidated
             UNION
            SELECT relname FROM pg_class JOIN pg_index ON indexrelid = oid
             WHERE relname = ANY(%(names)s) AND indisvalid
            """,
            {"names": list(names)},
        )
        return sorted(names - {name for (name,) in self.env.cr.fetchall()})

    def _register_hook(self):
        """Say loudly at every start of the server what is missing."""
        result = super()._register_hook()
        missing = self._get_missing_guards()
        if missing:
            _logger.error(
                "The database lacks %s: double bookings are possible. Repair the rows "
                "that contradict, then upgrade the module.",
                ", ".join(missing),
            )
        return result
