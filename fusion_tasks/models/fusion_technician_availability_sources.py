from collections import defaultdict
from datetime import timedelta, timezone
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..scheduling import Busy, Place, Stop, local_day
from .fusion_technician_task import LIVE_STATUSES

UTC = timezone.utc


class Technician(NamedTuple):
    """What a search has to know of a technician besides their days."""

    id: int
    partner_id: int
    resource_id: int | None
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

        Of several resources of a user the company's own counts, else the one of the
        user's main company.
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
            row[0]: Technician(*row[:5], self._to_start_place(*row[5:7]), row[7] or 0.0)
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
                   SELECT u.id, u.partner_id, r.id,
                          c.id IS NOT NULL AND c.flexible_hours IS NOT TRUE,
                          COALESCE(r.tz, 'UTC'), p.partner_latitude::float8,
                          p.partner_longitude::float8,
                          u.x_fc_service_radius_km
                     FROM res_users u
                LEFT JOIN res_partner p ON p.id = u.x_fc_start_address_id
        LEFT JOIN LATERAL (
                          SELECT id, tz, calendar_id
                            FROM resource_resource
                           WHERE user_id = u.id AND active
                        ORDER BY (company_id = %(company)s) IS TRUE DESC,
                                 (company_id = u.company_id) IS TRUE DESC, id
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
        )

    @api.model
    def _collect_hours(self, people, span):
        """Return working intervals (attendances minus leaves) by resource id.

        A technician without a calendar would be free day and night to Odoo, and
        flexible hours tell how much somebody works but not when: both offer nothing.
        """
        resource_ids = [person.resource_id for person in people if person.has_hours]
        if not resource_ids:
            return {}
        # Not every user may read calendars of other companies.
        resources = self.env["resource.resource"].sudo().browse(resource_ids)
        hours, _by_calendar = resources._get_valid_work_intervals(*span)
        return {
            resource_id: [
                (start.astimezone(UTC), self._to_full_second(end.astimezone(UTC)))
                for start, end, _attendances in hours[resource_id]
            ]
            for resource_id in resource_ids
        }

    @api.model
    def _collect_stops(self, user_ids, span, exclude_ids):
        """Return the live tasks as Stops by technician id."""
        self.env["fusion.technician.task"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT technician_id, date_start, date_end, latitude::float8,
                       longitude::float8, id
                  FROM fusion_technician_task
                 WHERE technician_id = ANY(%s) AND status IN %s
                   AND date_start < %s AND date_end > %s AND id != ALL(%s)
                """,
                list(user_ids),
                LIVE_STATUSES,
                self._to_naive(span[1]),
                self._to_naive(span[0]),
                list(exclude_ids),
            )
        )
        stops = defaultdict(list)
        for user_id, start, end, latitude, longitude, key in self.env.cr.fetchall():
            # Thousands of rows, whose coordinates the database has checked.
            place = Place(latitude, longitude) if latitude or longitude else None
            stop = Stop(start.replace(tzinfo=UTC), end.replace(tzinfo=UTC), place, key)
            stops[user_id].append(stop)
        return stops

    @api.model
    def _collect_busy(self, people, span):
        """Return busy calendar events as Busy by technician id.

        Those that the technician attends and has not declined, or organises without
        any attendee; mirrors of tasks are no events of their own. An all-day event
        takes the whole of its local days.
        """
        self.env["calendar.event"].flush_model()
        self.env["calendar.attendee"].flush_model()
        self.env.cr.execute(self._get_busy_query(people, span))
        by_user = {person.id: person for person in people}
        busy = defaultdict(list)
        for user_id, allday, *bounds in self.env.cr.fetchall():
            start, stop, start_date, stop_date = bounds
            if allday:
                tz = by_user[user_id].tz
                event = Busy(local_day(start_date, tz)[0], local_day(stop_date, tz)[1])
            else:
                event = Busy(start.replace(tzinfo=UTC), stop.replace(tzinfo=UTC))
            busy[user_id].append(event)
        return busy

    @api.model
    def _get_busy_query(self, people, span):
        # All-day events have dates, which begin and end up to a day off UTC.
        margin = timedelta(days=1)
        busy = SQL(
            """
                   e.active AND e.show_as = 'busy'
               AND CASE WHEN e.allday
                        THEN e.start_date <= %s AND e.stop_date >= %s
                        ELSE e.start < %s AND e.stop > %s
                   END
               AND NOT EXISTS (
                   SELECT 1 FROM fusion_technician_task t
                    WHERE t.calendar_event_id = e.id)
            """,
            (span[1] + margin).date(),
            (span[0] - margin).date(),
            self._to_naive(span[1]),
            self._to_naive(span[0]),
        )
        return SQL(
            """
            SELECT u.id, e.allday, e.start, e.stop, e.start_date, e.stop_date
              FROM res_users u
              JOIN calendar_attendee a
                ON a.partner_id = u.partner_id AND a.state IS DISTINCT FROM 'declined'
              JOIN calendar_event e ON e.id = a.event_id
             WHERE u.id = ANY(%(users)s) AND %(busy)s
             UNION
            SELECT u.id, e.allday, e.start, e.stop, e.start_date, e.stop_date
              FROM res_users u
              JOIN calendar_event e ON e.user_id = u.id
             WHERE u.id = ANY(%(users)s) AND %(busy)s
               AND NOT EXISTS (
                   SELECT 1 FROM calendar_attendee a WHERE a.event_id = e.id)
            """,
            users=[person.id for person in people],
            busy=busy,
        )
