import time

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.tools import SQL

from ...maps import geocoding

LONGEST_WAIT_SECONDS = 10.0
MOST_TRIES = 5


class FusionGeocoderTurn(models.Model):
    """When a geocoding service may be asked next, by whichever worker.

    Free services allow one question a second in all, and each worker process knows of
    its own questions only. So every question draws a number first: the row says when
    the next turn is, a turn is taken in a short transaction of its own, and nothing is
    locked while somebody waits for it.
    """

    _name = "fusion.geocoder.turn"
    _description = "Turn at a Geocoding Service"
    _log_access = False
    _rec_name = "service"

    service = fields.Char(required=True, readonly=True)
    next_at = fields.Datetime(required=True, readonly=True)

    _service_uniq = models.Constraint("UNIQUE (service)", "A service has one queue.")

    @api.model
    def _wait(self, service):
        """Take the next turn at a service and wait for it.

        :param service: Service of the geocoding
        :raise GeocodingError: "busy" when too many others wait
        """
        seconds = self._take(f"{service.provider} {service.url}".strip())
        if seconds is None:
            raise geocoding.GeocodingError("busy")
        time.sleep(max(0.0, seconds))

    @api.model
    def _take(self, service):
        """Return the seconds until our turn, or None if that is too long.

        Several connections that take a turn at one time fail to serialise but for one.
        """
        for _number in range(MOST_TRIES):
            try:
                with self.env.registry.cursor() as cr:  # commits at its end
                    cr.execute(self._get_take_query(service), log_exceptions=False)
                    row = cr.fetchone()
                return row and float(row[0])
            except SerializationFailure:
                continue
        return None

    @api.model
    def _get_take_query(self, service):
        """Return the query that takes a turn, and answers in how many seconds it is.

        A turn further away than anybody waits is from before the clock was put back.
        """
        return SQL(
            """
            INSERT INTO fusion_geocoder_turn AS turn (service, next_at)
            SELECT %(service)s, now_utc + %(pause)s * interval '1 second'
              FROM (SELECT clock_timestamp() AT TIME ZONE 'UTC' AS now_utc) clock
       ON CONFLICT (service) DO UPDATE
               SET next_at = %(pause)s * interval '1 second' + CASE
                   WHEN turn.next_at BETWEEN %(now)s AND %(now)s + %(longest)s
                   THEN turn.next_at ELSE %(now)s END
             WHERE turn.next_at NOT BETWEEN %(now)s + %(patience)s
                                        AND %(now)s + %(longest)s
         RETURNING EXTRACT(
                   EPOCH FROM turn.next_at - %(now)s - %(pause)s * interval '1 second')
            """,
            service=service,
            pause=geocoding.SECONDS_BETWEEN_QUESTIONS,
            now=SQL("(clock_timestamp() AT TIME ZONE 'UTC')"),
            patience=SQL("%s * interval '1 second'", LONGEST_WAIT_SECONDS),
            longest=SQL("%s * interval '1 second'", 2 * LONGEST_WAIT_SECONDS),
        )
