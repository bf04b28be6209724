from collections import Counter
from datetime import timedelta
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL, split_every

from odoo.addons.fusion_tasks.scheduling.travel import FLAT_MINUTES

from ...recurrence import Overdue, Planned, Spread, draw, plan

CLIENTS_AT_ONCE = 5000
USUAL_WEEKS = 8
"""Over how many weeks the technicians' usual hours are averaged."""


class PlanUnit(NamedTuple):
    """A unit to be planned. ``key`` is the caller's; ``due`` as its interval gives."""

    key: object
    due: object
    area: str
    urgent: bool
    partner_id: int
    bought: object


class FusionRepairBackfillPlan(models.AbstractModel):
    """Gives overdue units their weeks, and says what that comes to. It never writes."""

    _name = "fusion.repair.backfill.plan"
    _description = "Weeks of the Backfill"

    @api.model
    def _get_spread(self, company, scope, today=None):
        """Return how to spread: nothing can be planned for a day that has passed."""
        today = today or company._get_today()
        return Spread(max(scope.start or today, today), scope.weeks, scope.weekly_cap)

    @api.model
    def _get_lead(self, company):
        """Return how many days before the due date the first mail goes out."""
        return max(company._get_reminder_bands())

    @api.model
    def _plan(self, company, scope, units):
        """Return by key the due date of each unit, and how long its consent lasts.

        :param units: iterable of PlanUnit
        :return: {key: (due date, last day of the consent to be emailed or None)}
        """
        spread, lead = self._get_spread(company, scope), self._get_lead(company)
        taken = self.env["fusion.repair.backfill.facts"]._get_due_weeks(
            company, spread.monday, lead
        )
        late, found = [], {}
        for unit in units:
            found[unit.key] = unit.due, None
            day = unit.due - timedelta(days=lead)
            if day < spread.monday:
                late.append(unit)
            else:
                week = spread.week_of(day)
                taken[week] = taken.get(week, 0) + 1
        ends = self._get_consent_ends(company, late)
        # The last reminder of a cycle, too, should go out while consent lasts.
        rest = timedelta(days=lead - min(company._get_reminder_bands()))
        overdue = [
            Overdue(
                number,
                unit.due,
                unit.area,
                unit.urgent,
                max(ends[unit.partner_id] - rest, spread.monday)
                if ends.get(unit.partner_id)
                else None,
            )
            for number, unit in enumerate(late)
        ]
        for number, day in plan(overdue, spread, taken).items():
            unit = late[number]
            found[unit.key] = (
                day + timedelta(days=lead),
                ends.get(unit.partner_id),
            )
        return found

    @api.model
    def _get_consent_ends(self, company, units):
        """Return by client until when implied consent lasts, where it does now.

        Not of those whose consent is express, or who are not emailed anyway. That a
        unit was bought from us is a purchase, too.
        """
        months = relativedelta(months=company.x_fc_consent_implied_months)
        today, bought = company._get_today(), {}
        for unit in units:
            known = bought.get(unit.partner_id)
            if unit.bought and (not known or unit.bought > known):
                bought[unit.partner_id] = unit.bought
        ends = {}
        partners = self.env["res.partner"].with_company(company)
        for ids in split_every(CLIENTS_AT_ONCE, bought):
            clients = partners.browse(ids)
            last_contacts = clients._fc_get_last_contacts(company)
            for client in clients:
                days = (last_contacts.get(client.id), bought[client.id])
                last = max(day for day in days if day)
                basis = client._fc_get_consent_basis(last)
                end = last + months
                if (
                    basis == "implied"
                    and end >= today
                    and client._fc_get_mail_address()
                ):
                    ends[client.id] = end
            clients.invalidate_recordset(flush=False)  # thousands, not needed again
        return ends

    # The picture ---------------------------------------------------------------

    @api.model
    def _draw(self, company, scope, lines, planned_on):
        """Return the Picture of the stored lines of a dialog or a run.

        :param lines: (table, column, id): which lines
        :param planned_on: the day on which they were planned
        """
        lead = self._get_lead(company)
        spread = self._get_spread(company, scope, planned_on)
        rows = self._read_lines(company, lines)
        run_id = lines[2] if lines[1] == "run_id" else None
        taken = Counter(
            self.env["fusion.repair.backfill.facts"]._get_due_weeks(
                company, spread.monday, lead, run_id
            )
        )
        planned, category_ids = [], set()
        drive = FLAT_MINUTES / 60
        for count, due, natural, hours, months, urgent, mail_until, category in rows:
            day = due - timedelta(days=lead)
            category_ids.add(category)
            if natural - timedelta(days=lead) >= spread.monday:
                taken[spread.week_of(day)] += count
                continue
            planned.append(
                Planned(
                    count, day, natural, (hours or 0) + drive, months or 0,
                    bool(urgent), mail_until,
                )
            )  # fmt: skip
        there = self._get_hours_there(company, category_ids - {None}, spread.start)
        return draw(planned, spread, taken, there)

    @api.model
    def _read_lines(self, company, lines):
        """Return the new units among lines, counted by what the picture depends on."""
        table, column, parent_id = lines
        columns = SQL(
            "due_date, natural_due_date, duration, interval_months, safety_critical,"
            " mail_until, category_id"
        )
        return self.env.execute_query(
            SQL(
                "SELECT count(*), %s FROM %s WHERE %s = %s AND company_id = %s"
                " AND status = 'new' AND due_date IS NOT NULL GROUP BY %s",
                columns,
                SQL.identifier(table),
                SQL.identifier(column),
                parent_id,
                company.id,
                columns,
            )
        )

    @api.model
    def _get_hours_there(self, company, category_ids, first):
        """Return the hours a week of those who may serve units of these categories."""
        users = self.env["res.users"].sudo()
        categories = self.env["fusion.repair.product.category"].sudo()
        lineage = set()
        for category in categories.browse(category_ids):
            lineage.update(category._get_lineage().ids)
        technicians = users.search(
            [
                ("x_fc_is_technician", "=", True),
                ("share", "=", False),
                ("company_ids", "in", company.ids),
                ("x_fc_repair_skills", "in", list(lineage)),
            ]
        )
        availability = self.env["fusion.technician.availability"].with_company(company)
        last = first + timedelta(days=7 * USUAL_WEEKS - 1)
        days = availability.sudo()._get_day_plans(technicians, first, last)
        spans = [end - start for day in days for start, end in day.windows]
        return sum(spans, timedelta()).total_seconds() / 3600 / USUAL_WEEKS
