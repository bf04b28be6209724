import logging
from collections import defaultdict
from datetime import timedelta, timezone
from zoneinfo import ZoneInfo

import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ...button_context import without_button
from ...groups import MANAGER
from ...live_statuses import LIVE_STATUSES
from ...scheduling import (
    daily_offsets,
    first_difference,
    is_outdated,
    rules_version,
    zone_of,
)

_logger = logging.getLogger(__name__)

UTC = timezone.utc
DAYS_AHEAD = 548
"""Eighteen months: visits are booked a year ahead at most, and reminders beyond."""
ACTIVITY_TYPE = "fusion_tasks.mail_activity_type_clock"


class FusionClock(models.AbstractModel):
    """Watches over the rules of the time zones: whether they are new, and the same.

    pytz tells Odoo and us the time of a visit, PostgreSQL groups by day, ``zoneinfo``
    serves other packages. Each comes with rules of its own.
    """

    _name = "fusion.clock"
    _description = "Rules of the Clock"

    def _register_hook(self):
        """Say in the log at every start what is amiss with the rules."""
        result = super()._register_hook()
        try:
            with self.env.cr.savepoint(flush=False):
                problems = self._get_problems()
        except psycopg2.Error:
            # New code on a database that is still to be upgraded.
            _logger.warning("Time zones: not checked at this start")
            return result
        for problem in problems:
            _logger.warning("Time zones: %s", problem)
        return result

    @api.model
    def _cron_check(self):
        """Tell the manager every day what is amiss, as long as it is."""
        manager = self._get_manager()
        lang = manager.lang or self.env.lang
        problems = self.with_context(lang=lang)._get_problems()
        for problem in problems:
            _logger.warning("Time zones: %s", problem)
        self.with_context(lang=lang)._update_activity(manager, problems)

    @api.model
    def _get_problems(self):
        """Return what is amiss with the rules in use, as sentences."""
        today = fields.Date.today()
        version = rules_version()
        problems = []
        if is_outdated(version, today):
            problems.append(
                self.env._(
                    "The rules in use (%(version)s) are more than a year old. Clock "
                    "changes may have been decided since: have pytz renewed.",
                    version=version,
                )
            )
        noon = fields.Datetime.to_datetime(today).replace(tzinfo=UTC, hour=12)
        ours = {}
        for name in self._get_zones_in_use():
            try:
                ours[name] = daily_offsets(zone_of(name), noon, DAYS_AHEAD)
            except ValueError:
                problems.append(
                    self.env._("The time zone %(zone)s is unknown.", zone=name)
                )
        problems += self._get_differences("Python", self._read_python(ours, noon), ours)
        problems += self._get_differences(
            "PostgreSQL", self._read_postgres(ours, noon), ours
        )
        return problems

    @api.model
    def _get_differences(self, other, theirs, ours):
        """Return where another set of rules differs from those of pytz, as sentences.

        :param other: its name
        :param theirs: dict of daily offsets by zone, None for an unknown one
        """
        sentences = []
        for zone, offsets in ours.items():
            if not theirs.get(zone):
                sentences.append(
                    self.env._(
                        "%(other)s does not know the time zone %(zone)s.",
                        other=other,
                        zone=zone,
                    )
                )
                continue
            first = first_difference(offsets, theirs[zone])
            if first:
                sentences.append(
                    self.env._(
                        "The clocks of pytz and of %(other)s differ in %(zone)s from "
                        "%(day)s on: have the older rules renewed.",
                        other=other,
                        zone=zone,
                        day=format_date(self.env, first.date(), date_format="long"),
                    )
                )
        return sentences

    @api.model
    def _read_python(self, zones, noon):
        """Return the daily offsets of ``zoneinfo`` by zone."""
        found = {}
        for name in zones:
            try:
                zone = ZoneInfo.no_cache(name)
            except (KeyError, OSError, ValueError):
                continue
            found[name] = daily_offsets(zone, noon, DAYS_AHEAD)
        return found

    @api.model
    def _read_postgres(self, zones, noon):
        """Return the daily offsets of the database by zone."""
        start = noon.replace(tzinfo=None)
        self.env.cr.execute(
            SQL(
                """
                SELECT zone.name, moment,
                       date_part('epoch', moment AT TIME ZONE 'UTC'
                           AT TIME ZONE zone.name - moment)::int / 60
                  FROM pg_timezone_names zone,
                       generate_series(%s, %s, interval '1 day') moment
                 WHERE zone.name = ANY(%s)
                 ORDER BY zone.name, moment
                """,
                start,
                start + timedelta(days=DAYS_AHEAD - 1),
                list(zones),
            )
        )
        found = defaultdict(list)
        for name, moment, minutes in self.env.cr.fetchall():
            found[name].append((moment.replace(tzinfo=UTC), minutes))
        return found

    @api.model
    def _get_zones_in_use(self):
        """Return the names of the zones of companies, technicians and their tasks."""
        technicians = self.env["res.users"].sudo()
        companies = self.env["res.company"].sudo().search([("active", "=", True)])
        technicians = technicians.search([("x_fc_is_technician", "=", True)])
        tasks = self.env["fusion.technician.task"].sudo()
        told = tasks._read_group([("status", "in", LIVE_STATUSES)], ["told_tz"])
        people = companies.partner_id | technicians.partner_id
        return sorted(
            {
                *people.mapped("tz"),
                *companies.resource_calendar_id.mapped("tz"),
                *technicians.resource_ids.mapped("tz"),
                *(zone for (zone,) in told),
            }
            - {False, None}
        )

    # Telling ---------------------------------------------------------------------

    @api.model
    def _get_manager(self):
        """Return who hears of it: the first manager."""
        managers = self.env.ref(MANAGER).sudo().all_user_ids
        return managers.filtered("active").sorted("id")[:1]

    @api.model
    def _update_activity(self, manager, problems):
        """Have the manager asked for new rules, once, until all is well."""
        kind = self.env.ref(ACTIVITY_TYPE, raise_if_not_found=False)
        if not kind:
            return
        activities = without_button(self.env["mail.activity"].sudo())
        asked = activities.search([("activity_type_id", "=", kind.id)])
        if not problems:
            asked.unlink()
        elif asked:
            asked.write({"note": " ".join(problems)})
        elif manager:
            activities.with_context(mail_activity_quick_update=True).create(
                {
                    "activity_type_id": kind.id,
                    "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                    "res_id": manager.company_id.partner_id.id,
                    "automated": True,
                    "note": " ".join(problems),
                    "user_id": manager.id,
                }
            )
