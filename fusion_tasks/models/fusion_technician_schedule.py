from odoo import api, fields, models
from odoo.tools import SQL


class FusionTechnicianSchedule(models.Model):
    """The version of a technician's schedule: one row that every booking writes.

    The exclusion constraint sees tasks that overlap, not two neighbours that leave too
    little time to drive. Two transactions that book one technician both bump this
    version, so the later one fails to serialise (SQLSTATE 40001), is retried by Odoo
    on fresh data and finds the slot gone. It is a table of its own because writing
    res.users clears caches.
    """

    _name = "fusion.technician.schedule"
    _description = "Technician Schedule Version"
    _log_access = False
    _rec_name = "technician_id"

    technician_id = fields.Many2one(
        "res.users", required=True, readonly=True, ondelete="cascade"
    )
    version = fields.Integer(required=True, readonly=True, default=1)

    _technician_uniq = models.Constraint(
        "UNIQUE (technician_id)", "A technician has one schedule."
    )

    @api.model
    def _queue(self, technician_ids):
        """Let bookings of the same technicians go one after the other.

        A courtesy, no guard: two inserts that exclude each other would deadlock until
        PostgreSQL notices a second later. Waiting here does not refresh what the
        transaction sees, so the constraint and the version still decide.
        """
        if technician_ids:
            self.env.cr.execute(
                SQL(
                    """
                    SELECT pg_advisory_xact_lock(hashtext(%s), technician_id)
                      FROM (SELECT unnest(%s) AS technician_id ORDER BY 1) ids
                    """,
                    self._table,
                    sorted(set(technician_ids)),
                )
            )

    @api.model
    def _bump(self, technician_ids):
        """Raise the version of the schedules of technicians.

        A concurrent bump raises a serialization failure: let it pass, Odoo retries.

        :param technician_ids: ids of res.users; bumped in order, against deadlocks
        """
        if not technician_ids:
            return
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO fusion_technician_schedule (technician_id, version)
                SELECT technician_id, 1
                  FROM unnest(%s) AS technician_id
              ORDER BY technician_id
           ON CONFLICT (technician_id)
             DO UPDATE SET version = fusion_technician_schedule.version + 1
                """,
                sorted(set(technician_ids)),
            )
        )
        self.invalidate_model(["version"])
