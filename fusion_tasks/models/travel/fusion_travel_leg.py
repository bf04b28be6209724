import logging
from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

KEEP_DAYS = 30
STALE_DAYS = 60
"""Beyond its expiry a leg still serves while the server is silent; then it goes."""


class Leg(NamedTuple):
    """What is remembered of a leg; minutes are None where there is no road."""

    minutes: int | None
    is_fresh: bool


class FusionTravelLeg(models.Model):
    """A remembered drive between two places, as a routing server told it.

    Places are rounded, so neighbours share their legs: coordinates are whole numbers
    of ten-thousandths of a degree (some 11 metres). Legs belong to no company,
    because roads do not either.
    """

    _name = "fusion.travel.leg"
    _description = "Travel Leg"
    _log_access = False
    _rec_name = "minutes"

    from_latitude = fields.Integer(required=True, readonly=True)
    from_longitude = fields.Integer(required=True, readonly=True)
    to_latitude = fields.Integer(required=True, readonly=True)
    to_longitude = fields.Integer(required=True, readonly=True)
    minutes = fields.Integer(
        readonly=True, help="Empty in the database where the server knows no road."
    )
    expires_on = fields.Date(required=True, readonly=True)

    _leg_uniq = models.UniqueIndex(
        "(from_latitude, from_longitude, to_latitude, to_longitude)"
    )
    _expires_on_idx = models.Index("(expires_on)")
    _minutes_positive = models.Constraint(
        "CHECK (minutes >= 0)", "A drive takes zero minutes or more."
    )

    @api.model
    def _look_up(self, keys):
        """Return the remembered legs, in one query whatever their number.

        :param keys: tuples of the four coordinates
        :return: Leg by key
        """
        self.env.cr.execute(
            SQL(
                """
                SELECT leg.from_latitude, leg.from_longitude, leg.to_latitude,
                       leg.to_longitude, leg.minutes, leg.expires_on >= %(today)s
                  FROM fusion_travel_leg leg
                  JOIN unnest(%(a)s::int[], %(b)s::int[], %(c)s::int[], %(d)s::int[])
                       AS key (a, b, c, d)
                    ON leg.from_latitude = key.a AND leg.from_longitude = key.b
                   AND leg.to_latitude = key.c AND leg.to_longitude = key.d
                """,
                today=fields.Date.today(),
                **self._to_columns(keys),
            )
        )
        return {tuple(row[:4]): Leg(*row[4:]) for row in self.env.cr.fetchall()}

    @api.model
    def _keep(self, minutes):
        """Remember legs, and go on without if that is not possible now.

        They are written by a transaction of their own, which ends at once: a search
        may be read-only, may be rolled back, and must neither wait for a rival that
        keeps the same legs nor fail with it.

        :param minutes: by key, None where there is no road
        """
        rows = sorted(minutes.items(), key=lambda row: row[0])
        query = SQL(
            """
            INSERT INTO fusion_travel_leg (from_latitude, from_longitude, to_latitude,
                                           to_longitude, minutes, expires_on)
            SELECT leg.*, %(expires_on)s
              FROM unnest(%(a)s::int[], %(b)s::int[], %(c)s::int[], %(d)s::int[],
                          %(minutes)s::int[]) AS leg
       ON CONFLICT (from_latitude, from_longitude, to_latitude, to_longitude)
         DO UPDATE SET minutes = EXCLUDED.minutes, expires_on = EXCLUDED.expires_on
            """,
            minutes=[value for _key, value in rows],
            expires_on=fields.Date.today() + timedelta(days=KEEP_DAYS),
            **self._to_columns([key for key, _value in rows]),
        )
        try:
            with self.env.registry.cursor() as cr:
                cr.execute("SET LOCAL lock_timeout = '1s'", log_exceptions=False)
                cr.execute(query, log_exceptions=False)
        except Exception as error:  # noqa: BLE001 - nobody fails for want of a cache
            _logger.info("Travel legs were not kept: %s", type(error).__name__)

    @api.model
    def _to_columns(self, keys):
        """Return the coordinates of keys as the parameters a, b, c and d."""
        columns = zip(*keys, strict=True) if keys else ((), (), (), ())
        return dict(zip("abcd", map(list, columns), strict=True))

    @api.model
    def _forget_all(self):
        """Forget every leg: another server knows other roads."""
        self.env.cr.execute("DELETE FROM fusion_travel_leg")
        self.invalidate_model()

    @api.autovacuum
    def _gc_expired_legs(self):
        limit = fields.Date.today() - timedelta(days=STALE_DAYS)
        self.env.cr.execute(
            SQL("DELETE FROM fusion_travel_leg WHERE expires_on < %s", limit)
        )
