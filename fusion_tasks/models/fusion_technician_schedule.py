import psycopg2.errors

from odoo import api, fields, models
from odoo.tools import SQL

from ..exceptions import SlotTakenError

# Who asks for technicians in the order of their ids can wait for one; who asks out of
# order may be waited for by the other: give up before PostgreSQL, which looks for
# deadlocks after a second.
PATIENCE_MS = 2000
PATIENCE_OUT_OF_ORDER_MS = 500


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

        All who change a technician's day come here first, so that the rows they then
        lock are free. In one call the ids are locked in order; a transaction that
        comes again for a lower id than it holds might wait in a circle, and gives up
        early.

        :param technician_ids: ids of res.users
        :raise SlotTakenError: if others do not finish in time; nothing is locked then
        """
        if not technician_ids:
            return
        wanted = sorted(set(technician_ids))
        # Emptied by commit and rollback. A savepoint rolled back leaves too much in it,
        # which shortens the patience and nothing else.
        held = self.env.cr.postcommit.data.setdefault(self._name, set())
        in_order = not held or wanted[0] >= max(held)
        patience = PATIENCE_MS if in_order else PATIENCE_OUT_OF_ORDER_MS
        try:
            with self.env.cr.savepoint(flush=False):
                self._lock_in_order(wanted, patience)
        except psycopg2.errors.LockNotAvailable as error:
            raise SlotTakenError(
                self.env._(
                    "Somebody else is planning the same technician at this very "
                    "moment. Please look again and try once more."
                )
            ) from error
        held.update(wanted)

    @api.model
    def _lock_in_order(self, technician_ids, patience):
        """Wait for the transactions that plan for these technicians.

        The transaction's own lock_timeout is put aside meanwhile.

        :param technician_ids: sorted ids
        :param patience: milliseconds to wait for each of them
        """
        self.env.cr.execute(
            SQL(
                """
                SELECT set_config(
                    'fusion.lock_timeout', current_setting('lock_timeout'), TRUE
                );
                SET LOCAL lock_timeout = %s;
                SELECT pg_advisory_xact_lock(hashtext(%s), technician_id)
                  FROM (SELECT unnest(%s) AS technician_id ORDER BY 1) ids;
                SELECT set_config(
                    'lock_timeout', current_setting('fusion.lock_timeout'), TRUE
                )
                """,
                patience,
                self._table,
                technician_ids,
            ),
            log_exceptions=False,
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
