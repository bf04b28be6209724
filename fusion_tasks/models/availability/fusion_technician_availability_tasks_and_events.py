from collections import defaultdict
from datetime import timedelta
from struct import Struct
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...live_statuses import LIVE_STATUSES
from ...scheduling import Place, TimelineStop, local_day, ticks
from .fusion_technician_availability_working_time import TICKS

# Odoo keeps seven digits of a coordinate: whole numbers of these are read faster.
UNITS_PER_DEGREE = 10_000_000
PACKED_STOP = Struct(">qqiii")
"""Start and end in microseconds since 2000, id, latitude and longitude in units."""
YEAR_2000 = 946_684_800 * 1_000_000
"""What PostgreSQL counts the binary form of its timestamps from, in ticks."""


class _Places(dict):
    """The Place of coordinates in units; both zero is none, as nobody entered them."""

    def __missing__(self, units):
        latitude, longitude = units
        place = None
        if latitude or longitude:
            place = Place(latitude / UNITS_PER_DEGREE, longitude / UNITS_PER_DEGREE)
        self[units] = place
        return place


class Technician(NamedTuple):
    """What a search has to know of a technician besides their days."""

    id: int
    partner_id: int
    resource_id: int | None
    company_id: int | None
    has_hours: bool
    tz: str
    place: Place | None
    radius_km: float


class FusionTechnicianAvailability(models.AbstractModel):
    """What is known of technicians' time: one query per source, for all at once."""

    _inherit = "fusion.technician.availability"

    @api.model
    def _collect_technicians(self, user_ids):
        """Return the active technicians of the current company as Technician by id.

        Of several resources of a user one counts: see ``_fc_get_resource_order``.
        """
        self.env["res.users"].flush_model(
            ["active", "company_id", "company_ids", "x_fc_is_technician",
             "x_fc_start_address_id", "x_fc_service_radius_km"]
        )  # fmt: skip
        self.env["res.partner"].flush_model(["partner_latitude", "partner_longitude"])
        self.env["resource.resource"].flush_model()
        self.env["resource.calendar"].flush_model(["flexible_hours"])
        self.env.cr.execute(self._get_technicians_query(user_ids))
        return {
            row[0]: Technician(*row[:6], self._to_start_place(*row[6:8]), row[8] or 0.0)
            for row in self.env.cr.fetchall()
        }

    @api.model
    def _to_start_place(self, latitude, longitude):
        """Return a Place, or None: one senseless address must not stop a search."""
        try:
            return self._to_place(latitude, longitude)
        except UserError:
            return None

    @api.model
    def _get_technicians_query(self, user_ids):
        return SQL(
            """
                   SELECT u.id, u.partner_id, r.id, r.company_id,
                          c.id IS NOT NULL AND c.flexible_hours IS NOT TRUE,
                          COALESCE(r.tz, 'UTC'), p.partner_latitude::float8,
                          p.partner_longitude::float8,
                          u.x_fc_service_radius_km
                     FROM res_users u
                LEFT JOIN res_partner p ON p.id = u.x_fc_start_address_id
        LEFT JOIN LATERAL (
                          SELECT r.id, r.tz, r.calendar_id, r.company_id
                            FROM resource_resource r
                           WHERE r.user_id = u.id AND r.active
                        ORDER BY %(order)s
                           LIMIT 1
                          ) r ON TRUE
                LEFT JOIN resource_calendar c ON c.id = r.calendar_id
                    WHERE u.id = ANY(%(users)s) AND u.active AND u.x_fc_is_technician
                      AND EXISTS (
                          SELECT 1 FROM res_company_users_rel
                           WHERE user_id = u.id AND cid = %(company)s)
                   """,
            users=list(user_ids),
            company=self.env.company.id,
            order=self.env["res.users"]._fc_get_resource_order(self.env.company),
        )

    @api.model
    def _collect_stops(self, user_ids, span, exclude_ids):
        """Return the live tasks as TimelineStop, in order, by technician id."""
        self.env["fusion.technician.task"].flush_model()
        self.env.cr.execute(self._get_stops_query(user_ids, span, exclude_ids))
        stops, places = defaultdict(list), _Places()
        # Thousands of tasks, whose coordinates the database has checked.
        for user_id, packed in self.env.cr.fetchall():
            stops[user_id] = [
                TimelineStop(
                    start + YEAR_2000, end + YEAR_2000, key, places[north, east]
                )
                for start, end, key, north, east in PACKED_STOP.iter_unpack(packed)
            ]
        return stops

    @api.model
    def _get_stops_query(self, user_ids, span, exclude_ids):
        """Return the query for each technician's tasks, as PACKED_STOP in order.

        One value a technician comes from the database in half the time of a row a
        task, each of six columns that are written and read as text.
        """
        return SQL(
            """
            SELECT technician_id,
                   string_agg(
                       timestamp_send(date_start) || timestamp_send(date_end)
                       || int4send(id)
                       || int4send((COALESCE(latitude, 0) * %(units)s)::int4)
                       || int4send((COALESCE(longitude, 0) * %(units)s)::int4),
                       ''::bytea ORDER BY date_start, date_end, id)
              FROM fusion_technician_task
             WHERE technician_id = ANY(%(users)s) AND status IN %(statuses)s
               AND date_start < %(until)s AND date_end > %(since)s
               AND id != ALL(%(excluded)s)
          GROUP BY technician_id
            """,
            units=UNITS_PER_DEGREE,
            users=list(user_ids),
            statuses=LIVE_STATUSES,
            since=span[0].replace(tzinfo=None),
            until=span[1].replace(tzinfo=None),
            excluded=list(exclude_ids),
        )

    @api.model
    def _collect_busy(self, people, span):
        """Return the spans of busy calendar events, in ticks, by technician id.

        Those that the technician attends, or organises without any attendee; mirrors
        of tasks are no events of their own. An invitation of somebody else takes time
        once it is answered with yes or maybe: else any colleague could keep clients
        from booking. An all-day event takes the whole of its local days.
        """
        self.env["calendar.event"].flush_model()
        self.env["calendar.attendee"].flush_model()
        self.env.cr.execute(self._get_busy_query(people, span))
        by_partner = {person.partner_id: person for person in people}
        busy = defaultdict(list)
        for partner_id, start, end, start_date, stop_date in self.env.cr.fetchall():
            person = by_partner[partner_id]
            if start_date:
                start = ticks(local_day(start_date, person.tz)[0])
                end = ticks(local_day(stop_date, person.tz)[1])
            busy[person.id].append((start, end))
        return busy

    @api.model
    def _get_busy_query(self, people, span):
        """Return the query for (partner, start, end, first and last day if all-day)."""
        # All-day events have dates, which begin and end up to a day off UTC, and
        # instants within those dates.
        margin = timedelta(days=2)
        since, until = (instant.replace(tzinfo=None) for instant in span)
        columns = SQL(
            """%s, %s, CASE WHEN e.allday THEN e.start_date END,
               CASE WHEN e.allday THEN e.stop_date END""",
            SQL(TICKS, SQL("e.start")),
            SQL(TICKS, SQL("e.stop")),
        )
        return SQL(
            """
              WITH e AS (
            SELECT id, user_id, start, stop, start_date, stop_date, allday
              FROM calendar_event
             WHERE active AND show_as = 'busy' AND x_fc_is_mirror IS NOT TRUE
               AND stop > %(first)s AND start < %(last)s
               AND (allday OR start < %(until)s AND stop > %(since)s)
                   )
            SELECT a.partner_id, %(columns)s
              FROM e
              JOIN calendar_attendee a ON a.event_id = e.id
         LEFT JOIN res_users o ON o.id = e.user_id
             WHERE a.partner_id = ANY(%(partners)s)
               AND (a.state IN ('accepted', 'tentative')
                    OR a.state IS DISTINCT FROM 'declined'
                       AND o.partner_id = a.partner_id)
         UNION ALL
            SELECT u.partner_id, %(columns)s
              FROM e
              JOIN res_users u ON u.id = e.user_id
             WHERE e.user_id = ANY(%(users)s)
               AND NOT EXISTS (
                   SELECT 1 FROM calendar_attendee a WHERE a.event_id = e.id)
            """,
            columns=columns,
            users=[person.id for person in people],
            partners=[person.partner_id for person in people],
            first=since - margin,
            last=until + margin,
            since=since,
            until=until,
        )
