from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, get_lang

SINGLE_WEEKS = 13
"""Weeks that the picture shows one by one; the rest by year."""


class FusionRepairBackfillScopeMixin(models.AbstractModel):
    """The plan of a backfill as a picture, before anything is enrolled."""

    _inherit = "fusion.repair.backfill.scope.mixin"

    planned_on = fields.Date(readonly=True, copy=False)
    plan_html = fields.Html(string="Plan", compute="_compute_plan_html", sanitize=False)
    has_plan_warning = fields.Boolean(compute="_compute_plan_html")
    proposed_cap = fields.Integer(
        string="Proposed Maximum", compute="_compute_plan_html"
    )
    proposed_weeks = fields.Integer(compute="_compute_plan_html")

    @api.depends("weeks", "weekly_cap", "start_date", "planned_on")
    def _compute_plan_html(self):
        for scope in self:
            pictures = scope._get_pictures()
            scope.has_plan_warning = any(p.has_warning() for p in pictures.values())
            caps = [picture.cap for picture in pictures.values()]
            weeks = [picture.weeks_needed for picture in pictures.values()]
            scope.proposed_cap = max(caps, default=0)
            scope.proposed_weeks = max(weeks, default=0)
            scope.plan_html = scope._render_plan(pictures)

    def action_take_proposal(self):
        """Take the proposed weekly maximum and weeks, and plan with them."""
        self._check_manager()
        self.ensure_one()
        if not self.proposed_cap:
            raise UserError(self.env._("There is nothing to propose."))
        self.write({"weekly_cap": self.proposed_cap, "weeks": self.proposed_weeks})
        return self._plan_anew()

    def _get_pictures(self):
        """Return the Picture of each company's plan, of what was scanned last."""
        self.ensure_one()
        lines = self.env[self._fields["line_ids"].comodel_name]
        column = self._fields["line_ids"].inverse_name
        if not self._origin.id or not self.planned_on:
            return {}
        self.env.flush_all()
        plan, scope = self.sudo().env["fusion.repair.backfill.plan"], self._get_scope()
        found = {
            company: plan._draw(
                company, scope, (lines._table, column, self._origin.id), self.planned_on
            )
            for company in self.company_ids._origin
        }
        return {company: p for company, p in found.items() if p.units}

    def _render_plan(self, pictures):
        """Return the plan as a table a company, with what does not work out."""
        if not pictures:
            return False
        companies = [
            {
                "name": company.name if len(pictures) > 1 else "",
                "summary": self._get_plan_summary(picture),
                "warnings": self._get_plan_warnings(picture),
                "rows": self._get_plan_rows(picture),
            }
            for company, picture in pictures.items()
        ]
        return self.env["ir.qweb"]._render(
            "fusion_repairs.backfill_plan", {"companies": companies}
        )

    def _get_plan_rows(self, picture):
        """Return the picture's rows: weeks at first, then years."""
        rows = {}
        for number, week in enumerate(picture.weeks):
            label = format_date(self.env, week.monday)
            if number >= SINGLE_WEEKS:
                label = self.env._("rest of %(year)s", year=week.monday.year)
            row = rows.setdefault(
                label,
                {"label": label, "weeks": 0, "units": 0, "others": 0, "hours": 0.0},
            )
            row["weeks"] += 1
            row["units"] += week.units
            row["others"] += week.others
            row["hours"] += week.hours
        most = max(
            ((r["units"] + r["others"]) / r["weeks"] for r in rows.values()), default=0
        )
        for row in rows.values():
            there = picture.hours_there * row["weeks"]
            row["width"] = round(100 * row["units"] / row["weeks"] / (most or 1))
            row["width_others"] = round(
                100 * row["others"] / row["weeks"] / (most or 1)
            )
            row["too_much"] = row["hours"] > there
            row["hours"] = self._format_number(row["hours"])
            row["there"] = self._format_number(there)
        return list(rows.values())

    def _get_plan_summary(self, picture):
        """Return in words how many units there are, and until when they take."""
        last = picture.last_day - timedelta(days=picture.last_day.weekday())
        return self.env._(
            "%(units)s overdue units in %(weeks)s weeks. The last clients are written "
            "to or called in the week of %(day)s.",
            units=self._format_number(picture.units),
            weeks=self._format_number(len(picture.weeks)),
            day=format_date(self.env, last, date_format="long"),
        )

    def _get_plan_warnings(self, picture):
        """Return in words what does not work out."""
        number = self._format_number
        found = [
            picture.beyond
            and self.env._(
                "%(units)s units do not fit into the weeks you chose with this weekly "
                "maximum. They were given weeks after the last one.",
                units=number(picture.beyond),
            ),
            picture.unsafe_wait
            and self.env._(
                "%(units)s safety-critical units wait longer from now than the "
                "interval between two visits.",
                units=number(picture.unsafe_wait),
            ),
            picture.consent_ends
            and self.env._(
                "For %(units)s units the client's implied consent ends before the "
                "first email. They will have to be called instead.",
                units=number(picture.consent_ends),
            ),
            picture.lacks_hours() and self._get_hours_warning(picture),
        ]
        if picture.cap:
            found.append(
                self.env._(
                    "Proposed: at most %(cap)s units a week, over %(weeks)s weeks.",
                    cap=number(picture.cap),
                    weeks=number(picture.weeks_needed),
                )
            )
        return [words for words in found if words]

    def _get_hours_warning(self, picture):
        if not picture.hours_there:
            return self.env._(
                "No technician has working hours and the skill for these units."
            )
        return self.env._(
            "The busiest week needs about %(needed)s hours of visits and drives; "
            "technicians with the skill work %(there)s hours a week, repairs included.",
            needed=self._format_number(picture.busiest.hours),
            there=self._format_number(picture.hours_there),
        )

    def _format_number(self, number):
        lang = self.env["res.lang"].browse(get_lang(self.env).id)
        return lang.format("%d", round(number), grouping=True)

    # For the spreadsheet -------------------------------------------------------

    def _get_plan_heads(self):
        return (
            self.env._("Company"),
            self.env._("Week of"),
            self.env._("Overdue Units"),
            self.env._("Due Anyway"),
            self.env._("Hours Needed"),
            self.env._("Hours Available"),
        )

    def _get_plan_sheet_rows(self):
        """Yield the rows of the spreadsheet's plan: words first, then every week."""
        for company, picture in self._get_pictures().items():
            yield [company.name, self._get_plan_summary(picture)]
            for words in self._get_plan_warnings(picture):
                yield [company.name, words]
            for week in picture.weeks:
                there = picture.hours_there
                yield [company.name, *week[:3], round(week.hours, 1), round(there, 1)]
