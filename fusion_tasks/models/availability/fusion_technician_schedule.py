from collections import defaultdict
from datetime import timedelta, timezone

import psycopg2
import psycopg2.errors

from odoo import api, fields, models
from odoo.sql_db import Cursor
from odoo.tools import SQL

from ...exceptions import SlotTakenError
from ...scheduling import local_dates

UTC = timezone.utc
# Who asks for days in order can wait for one; who asks out of order may be waited for
# by the other: give up before PostgreSQL, which looks for deadlocks after a second.
PATIENCE_MS = 2000
PATIENCE_OUT_OF_ORDER_MS = 500
# Who has nothing in hand yet holds nobody up but themselves.
PATIENCE_AT_THE_START_MS = 30_000
# A task that somebody made last for years: the constraint holds on all of its days.
MOST_TIME = timedelta(days=366)
KEEP_DAYS = 31


class FusionTechnicianSchedule(models.Model):
    """The version of a technician's day: a row that every booking of that day writes.

    The exclusion constraint sees tasks that overlap, not two neighbours that leave too
    little time to drive. Two transactions that book one technician on one day both bump
    its version, so the later one fails to serialise (SQLSTATE 40001), is run again by
    Odoo on fresh data and finds the slot gone. Drives couple the tasks of one local day
    only, so other days are nobody's concern; a task across midnight touches both. It is
    a table of its own because writing res.users clears caches.

    All methods take spans: (id of res.users, start, end), in naive UTC.
    """

    _name = "fusion.technician.schedule"
    _description = "Technician Schedule Version"
    _log_access = False
    _rec_name = "technician_id"

    technician_id = fields.Many2one(
        "res.users", required=True, readonly=True, ondelete="cascade"
    )
    # On the calendar of the technician's zone.
    day = fields.Date(required=True, readonly=True)
    version = fields.Integer(required=True, readonly=True, default=1)

    _day_uniq = models.Constraint(
        "UNIQUE (technician_id, day)", "A day of a technician has one schedule."
    )

    @api.model
    def _get_days(self, spans):
        """Return the days that spans touch.

        They are those of every zone in which one of the technician's resources is
        planned: companies may read the same person's hours in different ones.

        :return: sorted list of (technician id, local date)
        """
        spans = list(spans)
        zones = self._get_zones({span[0] for span in spans})
        days = set()
        for technician_id, start, end in spans:
            start, end = start.replace(tzinfo=UTC), end.replace(tzinfo=UTC)
            if end - start > MOST_TIME:
                end = start + MOST_TIME
            for zone in zones[technician_id]:
                dates = local_dates(start, end, zone)
                days.update((technician_id, date) for date in dates)
        return sorted(days)

    @api.model
    def _get_zones(self, technician_ids):
        """Return the names of the zones of technicians' resources by technician id."""
        zones = defaultdict(lambda: ("UTC",))
        if technician_ids:
            self.env["resource.resource"].flush_model(["active", "tz", "user_id"])
            self.env.cr.execute(
                """
                SELECT user_id, array_agg(DISTINCT tz)
                  FROM resource_resource
                 WHERE user_id = ANY(%s) AND active AND tz IS NOT NULL
              GROUP BY user_id
                """,
                [list(technician_ids)],
            )
            zones.update(self.env.cr.fetchall())
        return zones

    # Taking turns ----------------------------------------------------------------

    @api.model
    def _queue(self, spans):
        """Let bookings of the same days of technicians go one after the other.

        A courtesy, no guard: two inserts that exclude each other would deadlock until
        PostgreSQL notices a second later. Waiting here does not refresh what the
        transaction sees, so the constraint and the version still decide.

        All who change a technician's day come here first, so that the rows they then
        lock are free. In one call the days are locked in order; a transaction that
        comes again for a lower one than it holds might wait in a circle, and gives up
        early.

        :raise SlotTakenError: if others do not finish in time; nothing is locked then
        """
        turn = self._get_held("turn")
        wanted = [day for day in self._get_days(spans) if day not in turn]
        if not wanted:
            return
        held = self._get_held("queue")
        in_order = not held or wanted[0] >= max(held)
        patience = PATIENCE_MS if in_order else PATIENCE_OUT_OF_ORDER_MS
        try:
            with self.env.cr.savepoint(flush=False):
                self._lock_in_order(wanted, patience)
        except psycopg2.errors.LockNotAvailable as error:
            raise self._make_busy_error() from error
        held.update(wanted)

    @api.model
    def _begin_in_turn(self, spans):
        """Wait for who plans these days, then begin the transaction anew.

        A transaction sees the database as it was at its first statement. Who waits in
        the midst of one wakes up to what was true before: they fail to serialise, and
        Odoo lets them sleep before it runs them again. Here the locks are there before
        the first statement, so what was waited for is seen.

        To be called where a request begins, outside of any savepoint: what was read
        before is forgotten. Where something was written already, nothing begins anew,
        and this is :meth:`_queue`.

        :raise SlotTakenError: if others do not finish in time; nothing is locked then
        """
        wanted = self._get_days(spans)
        if not wanted:
            return
        if not self._is_untouched():
            self._queue(spans)
            return
        cr = self.env.cr
        cr.rollback()
        try:
            self._lock_in_order(wanted, PATIENCE_AT_THE_START_MS)
        except psycopg2.errors.LockNotAvailable as error:
            cr.rollback()
            raise self._make_busy_error() from error
        self._carry_over(wanted)
        self._get_held("turn").update(wanted)
        self._get_held("queue").update(wanted)

    @api.model
    def _is_untouched(self):
        """Tell whether the transaction has written nothing, so nothing can be lost."""
        if not isinstance(self.env.cr, Cursor):  # a test's, inside of its transaction
            return False
        self.env.flush_all()
        self.env.cr.execute("SELECT pg_current_xact_id_if_assigned() IS NULL")
        return self.env.cr.fetchone()[0]

    @api.model
    def _get_held(self, kind):
        """Return the days that this transaction holds, as a set to add to.

        Emptied by commit and rollback. A savepoint rolled back leaves too much in the
        set of the queue, which shortens the patience and nothing else; a turn begins
        outside of any savepoint, so its days are held to the end.

        :param kind: queue or turn
        """
        held = self.env.cr.postcommit.data.setdefault(self._name, {})
        return held.setdefault(kind, set())

    @api.model
    def _make_busy_error(self):
        return SlotTakenError(
            self.env._(
                "Somebody else is planning the same technician at this very "
                "moment. Please look again and try once more."
            )
        )

    @api.model
    def _lock_in_order(self, days, patience):
        """Wait for the transactions that plan these days.

        The transaction's own lock_timeout is put aside meanwhile.

        :param days: sorted, as of :meth:`_get_days`
        :param patience: milliseconds to wait for each of them
        """
        self.env.cr.execute(
            SQL(
                """
                SELECT set_config(
                    'fusion.lock_timeout', current_setting('lock_timeout'), TRUE
                );
                SET LOCAL lock_timeout = %s;
                SELECT pg_advisory_xact_lock(key) FROM %s;
                SELECT set_config(
                    'lock_timeout', current_setting('fusion.lock_timeout'), TRUE
                )
                """,
                patience,
                self._query_keys(days),
            ),
            log_exceptions=False,
        )

    @api.model
    def _carry_over(self, days):
        """Begin the transaction anew without letting go of the locks of days.

        The session holds them in between. No statement here waits for anybody.
        """
        keys = self._query_keys(days)
        try:
            self.env.cr.execute(
                SQL(
                    """
                    SELECT pg_advisory_lock(key) FROM %(keys)s;
                    ROLLBACK AND CHAIN;
                    SELECT pg_advisory_xact_lock(key) FROM %(keys)s;
                    SELECT pg_advisory_unlock(key) FROM %(keys)s
                    """,
                    keys=keys,
                )
            )
        except psycopg2.Error:
            self.env.cr.rollback()
            self.env.cr.execute(SQL("SELECT pg_advisory_unlock(key) FROM %s", keys))
            raise

    @api.model
    def _query_keys(self, days):
        """Return the numbers of the locks of days as a table ``keys (key)``."""
        return SQL(
            """
            (SELECT hashtextextended(name, 0) AS key FROM unnest(%s) AS name) AS keys
            """,
            [f"{self._table}:{technician}:{day}" for technician, day in days],
        )

    # Versions --------------------------------------------------------------------

    @api.model
    def _bump(self, spans):
        """Raise the versions of the days that spans touch.

        A concurrent bump raises a serialization failure: let it pass, Odoo retries.
        Bumped in order, against deadlocks.
        """
        days = self._get_days(spans)
        if not days:
            return
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO fusion_technician_schedule (technician_id, day, version)
                SELECT technician_id, day, 1
                  FROM unnest(%s, %s::date[]) AS days (technician_id, day)
              ORDER BY technician_id, day
           ON CONFLICT (technician_id, day)
             DO UPDATE SET version = fusion_technician_schedule.version + 1
                """,
                [technician_id for technician_id, _day in days],
                [day for _technician_id, day in days],
            ),
            log_exceptions=False,  # who lost a race is run again: no error
        )
        self.invalidate_model(["version"])

    @api.autovacuum
    def _gc_past_days(self):
        """Delete the versions of days that nobody books any more."""
        past = fields.Date.subtract(fields.Date.today(), days=KEEP_DAYS)
        self.env.cr.execute(
            "DELETE FROM fusion_technician_schedule WHERE day < %s", [past]
        )
        self.invalidate_model()
