import logging

from odoo import api, models

_logger = logging.getLogger(__name__)


class FusionTechnicianTask(models.Model):
    """A look whether the database really enforces what the code relies on."""

    _inherit = "fusion.technician.task"

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
