from datetime import datetime, time

import pytz

from odoo import api, fields, models
from odoo.tools import SQL


class ResUsers(models.Model):
    """Which hours and which time off of a technician count, and what is amiss."""

    _inherit = "res.users"

    # The same order in Python and, for the engine, in SQL ---------------------------

    def _fc_get_resources(self):
        """Return the active resources, first the one that counts in this company.

        The company's own comes before that of the user's main company. Of several, an
        employee's: with Time Off, approved leave is written on that one.
        """
        self.ensure_one()
        employed = self.env["resource.resource"]
        if "hr.employee" in self.env:
            employed = self.sudo().resource_ids.employee_id.filtered("active")
            employed = employed.resource_id

        def rank(resource):
            company = resource.company_id
            return (
                company != self.env.company,
                company != self.company_id,
                resource not in employed,
                resource.id,
            )

        return self.sudo().resource_ids.filtered("active").sorted(rank)

    @api.model
    def _fc_get_resource_depends(self):
        """Return what the choice of a resource depends on."""
        names = ["resource_ids.company_id", "resource_ids.active", "company_id"]
        if "hr.employee" in self.env:
            names.append("resource_ids.employee_id.active")
        return names

    @api.model
    def _fc_get_resource_order(self, company):
        """Return how SQL sorts resources r of users u, the one that counts first.

        :param company: in which they work
        """
        employed = SQL("r.id")
        if "hr.employee" in self.env:
            self.env["hr.employee"].flush_model(["active", "resource_id"])
            employed = SQL(
                "EXISTS (SELECT 1 FROM hr_employee e"
                " WHERE e.resource_id = r.id AND e.active) DESC"
            )
        return SQL(
            """(r.company_id = %s) IS TRUE DESC,
               (r.company_id = u.company_id) IS TRUE DESC, %s, r.id""",
            company.id,
            employed,
        )

    # What the technician form and the engine say ---------------------------------

    def _fc_get_tz(self):
        """Return the name of the zone in which the technician's hours are read."""
        self.ensure_one()
        resource = self.sudo().x_fc_resource_id
        return resource.tz or self.tz or "UTC"

    def _fc_get_hours_problem(self):
        """Return why the technician has no working hours at all, or False."""
        self.ensure_one()
        resource = self.sudo().x_fc_resource_id
        calendar = resource.calendar_id
        if not resource:
            return self.env._("%(name)s has no planning resource.", name=self.name)
        if not calendar:
            return self.env._(
                "%(name)s has no working hours: choose a schedule.", name=self.name
            )
        if calendar.flexible_hours:
            return self.env._(
                "%(name)s works flexible hours, which do not say when: no visit can "
                "be offered. Choose a schedule with fixed hours.",
                name=self.name,
            )
        if calendar.duration_based:
            return self.env._(
                "The schedule of %(name)s says how many hours a day, not when: no "
                "visit can be offered. Choose a schedule with times.",
                name=self.name,
            )
        if not calendar.attendance_ids:
            return self.env._(
                "The schedule of %(name)s has no hours in it.", name=self.name
            )
        return False

    def _fc_get_setup_problems(self):
        """Return what keeps the technician from being planned well, as sentences."""
        self.ensure_one()
        place = self.x_fc_start_address_id
        resource_tz = self.x_fc_resource_id.tz
        problems = [self._fc_get_hours_problem(), self._fc_get_resource_problem()]
        if not self.tz:
            problems.append(
                self.env._(
                    "No time zone is set: hours are read in %(tz)s.",
                    tz=self._fc_get_tz(),
                )
            )
        elif resource_tz and resource_tz != self.tz:
            problems.append(
                self.env._(
                    "Hours are read in %(hours)s, but the user lives in %(user)s.",
                    hours=resource_tz,
                    user=self.tz,
                )
            )
        company = self.company_id
        if resource_tz and not company._has_clock_of(resource_tz):
            problems.append(
                self.env._(
                    "Hours are read in %(hours)s, but %(company)s is in %(zone)s.",
                    hours=resource_tz,
                    company=company.name,
                    zone=company._get_chosen_tz(),
                )
            )
        if not place:
            problems.append(self.env._("No start place: the first drive is a guess."))
        elif not (place.partner_latitude or place.partner_longitude):
            problems.append(self.env._("The start place is not on the map yet."))
        return [problem for problem in problems if problem]

    def _fc_get_resource_problem(self):
        """Return that hours and time off are kept twice, or False."""
        self.ensure_one()
        first = self.sudo().x_fc_resource_id
        others = self._fc_get_resources() - first
        if first.company_id not in others.company_id:
            return False
        return self.env._(
            "%(name)s has several planning resources in %(company)s. Hours and time "
            "off of “%(resource)s” (%(hours)s) count; archive the others.",
            name=self.name,
            company=first.company_id.name,
            resource=first.name,
            hours=first.calendar_id.name or self.env._("no schedule"),
        )

    # Who is off ------------------------------------------------------------------

    def _fc_find_off_today(self, company):
        """Return those of these users who are off today, at noon where a company is."""
        known = company.sudo()
        zone = known.partner_id.tz or known.resource_calendar_id.tz
        zone = pytz.timezone(zone or self.env.user.tz or "UTC")
        now = pytz.utc.localize(fields.Datetime.now()).astimezone(zone)
        noon = zone.localize(datetime.combine(now.date(), time(12)))
        noon = noon.astimezone(pytz.utc).replace(tzinfo=None)
        # Time off of colleagues is not for everybody; who is there today is.
        leaves = self.env["resource.calendar.leaves"].sudo()
        leaves = leaves.search(
            [
                ("resource_id.user_id", "in", self.ids),
                ("time_type", "=", "leave"),
                ("date_from", "<=", noon),
                ("date_to", ">", noon),
            ]
        )
        return self & leaves.resource_id.user_id
