import logging
import math
from ipaddress import ip_address, ip_network

from psycopg2.errors import LockNotAvailable

from odoo import api, fields, models
from odoo.sql_db import Cursor
from odoo.tools import SQL
from odoo.tools.misc import hmac

from ...tools.form_limits import MINUTES, PER_ADDRESS, PER_LINK

_logger = logging.getLogger(__name__)

PARAMETER = "fusion_repairs.%s"
KEEP_HOURS = 24
SCOPE = "fusion_repairs.public_post"
LOCK_TIMEOUT = "3s"
COUNT_LOCK = 4_040_202
BUSY_SECONDS = 15
GC_BATCH = 10_000


class FusionRepairPublicPost(models.Model):
    """Forms sent to the public pages lately: what the limits count.

    One row a form and a thing it counts for (its link, its address), written on a
    transaction of its own before the form is looked at, so that a form that fails is
    counted too. One worker at a time counts and adds, and each statement sees what is
    committed by then, so no form more than the limit ever passes, however many come at
    once. The lock is no table's: VACUUM goes on beside it. Links and addresses are kept
    as keyed hashes only, for a day.
    """

    _name = "fusion.repair.public.post"
    _description = "Form Sent to a Public Page"
    _log_access = False
    _rec_name = "key"

    key = fields.Char(required=True, readonly=True)
    posted_at = fields.Datetime(required=True, readonly=True)

    _key_idx = models.Index("(key, posted_at)")

    @api.model
    def _count_post(self, token, address):
        """Count a form, unless its link or its address has sent too many lately.

        :param token: of the link, or None
        :param address: of the sender as the server knows it, or None where a sender
            stands for many people
        :return: the seconds to wait before the next one; 0 if the form may pass
        """
        limits = self._get_limits(token, address)
        if not limits:
            return 0
        try:
            wait = self._add_post(limits)
        except LockNotAvailable:
            # So many come that the table is never free: this one is not let through
            # uncounted, nor is it run again by Odoo to wait once more.
            wait = BUSY_SECONDS
        if wait:
            _logger.info("A public form was refused: too many in a short time.")
        return wait

    def _add_post(self, limits):
        """Add a form on a transaction of its own, unless a limit is reached.

        Who is over a limit already is turned away without the lock, so that their
        forms hold up nobody else's.

        :return: the seconds to wait, 0 if the form was added
        :raise LockNotAvailable: if others count for too long
        """
        table = SQL.identifier(self._table)
        with self.env.registry.cursor() as cr:
            cr.execute(self._query_wait(limits))
            wait = math.ceil(cr.fetchone()[0] or 0)
            if wait > 0:
                return wait
            cr.rollback()
            if isinstance(cr, Cursor):  # not a test's, inside of its transaction
                cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            cr.execute(SQL("SET LOCAL lock_timeout = %s", LOCK_TIMEOUT))
            cr.execute(SQL("SET LOCAL synchronous_commit = off"))
            cr.execute(SQL("SELECT pg_advisory_xact_lock(%s)", COUNT_LOCK))
            cr.execute(self._query_wait(limits))
            wait = math.ceil(cr.fetchone()[0] or 0)
            if wait <= 0:
                cr.execute(
                    SQL(
                        "INSERT INTO %s (key, posted_at) SELECT unnest(%s),"
                        " clock_timestamp() AT TIME ZONE 'UTC'",
                        table,
                        list(limits),
                    )
                )
        return max(wait, 0)

    def _query_wait(self, limits):
        """Return the query for the seconds until the oldest form that counts is old."""
        return SQL(
            """
            SELECT extract(epoch FROM max(full_since.posted_at)
                           + %(minutes)s * interval '1 minute'
                           - clock_timestamp() AT TIME ZONE 'UTC')
              FROM unnest(%(keys)s, %(limits)s) AS asked(key, most)
              JOIN LATERAL (
                    SELECT posted_at
                      FROM %(table)s post
                     WHERE post.key = asked.key
                       AND post.posted_at > clock_timestamp() AT TIME ZONE 'UTC'
                                            - %(minutes)s * interval '1 minute'
                  ORDER BY posted_at DESC
                    OFFSET asked.most - 1
                     LIMIT 1
                   ) full_since ON TRUE
            """,
            minutes=self._get_number("posts_window_minutes", MINUTES),
            keys=list(limits),
            limits=list(limits.values()),
            table=SQL.identifier(self._table),
        )

    @api.model
    def _get_limits(self, token, address):
        """Return how many forms may come in a while, by the key they count for."""
        limits = {}
        per_link = self._get_number("posts_per_link", PER_LINK)
        if token and per_link:
            limits[self._hash(f"link:{token}")] = per_link
        per_address = self._get_number("posts_per_address", PER_ADDRESS)
        if address and per_address:
            limits[self._hash(f"address:{self._to_sender(address)}")] = per_address
        return limits

    @api.model
    def _get_number(self, name, default):
        """Return a system parameter that is a whole number, not below zero."""
        text = self.env["ir.config_parameter"].sudo().get_param(PARAMETER % name)
        try:
            return max(int(text), 0) if text else default
        except ValueError:
            return default

    @api.model
    def _to_sender(self, address):
        """Return what one sender has: an IPv4 address, a whole /64 of IPv6.

        >>> self._to_sender("2001:db8::1:2")
        '2001:db8::/64'
        """
        try:
            parsed = ip_address(address)
        except ValueError:
            return address
        parsed = getattr(parsed, "ipv4_mapped", None) or parsed
        if parsed.version == 4:
            return str(parsed)
        return str(ip_network((int(parsed), 64), strict=False))

    def _hash(self, text):
        return hmac(self.env(su=True), SCOPE, text)

    @api.autovacuum
    def _gc_posts(self):
        """Forget the forms of yesterday, some at a time.

        :return: how many were forgotten, and whether there may be more
        """
        limit = fields.Datetime.subtract(fields.Datetime.now(), hours=KEEP_HOURS)
        table = SQL.identifier(self._table)
        self.env.cr.execute(
            SQL(
                "DELETE FROM %s WHERE id IN"
                " (SELECT id FROM %s WHERE posted_at < %s LIMIT %s)",
                table,
                table,
                limit,
                GC_BATCH,
            )
        )
        done = self.env.cr.rowcount
        return done, done == GC_BATCH
