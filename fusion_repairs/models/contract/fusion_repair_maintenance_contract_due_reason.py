from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ...recurrence import LIVE_VISITS

DUE_SOON_DAYS = 30


class FusionRepairMaintenanceContract(models.Model):
    """Why the unit is due on its next date, in words; and how far off that is."""

    _inherit = "fusion.repair.maintenance.contract"

    next_due_reason = fields.Char(
        string="Reason for This Date", compute="_compute_next_due_reason"
    )

    @api.depends(
        "next_due_basis",
        "next_due_date",
        "interval_months",
        "start_date",
        "last_service_date",
        "product_id",
        "state",
    )
    @api.depends_context("lang")
    def _compute_next_due_reason(self):
        for contract in self:
            contract.next_due_reason = contract._get_next_due_reason()

    def _get_next_due_reason(self):
        """Return in a sentence why the unit is due on its next date."""
        if not self.next_due_date:
            return False
        basis = self.next_due_basis or {}
        reason = basis.get("reason", "first")
        if reason == "manual":
            return self.env._("Somebody in the office chose this date.")
        if reason == "first":
            return self._get_first_due_reason()
        if reason == "spread":
            return self._get_spread_reason(basis)
        return self._get_rolled_reason(reason, basis)

    def _format_date(self, day):
        return format_date(self.env, day, date_format="long")

    def _get_rolled_reason(self, reason, basis):
        days = abs(basis["days_from_due"])
        values = {
            "months": basis["interval_months"],
            "service": self._format_date(basis["service_date"]),
            "due": self._format_date(basis["previous_due"]),
            "days": self.env._("one day")
            if days == 1
            else self.env._("%(number)s days", number=days),
            "skipped": basis["cycles_skipped"],
        }
        texts = {
            "counted_from_service": self.env._(
                "%(months)s months after the visit of %(service)s.", **values
            ),
            "on_time": self.env._(
                "%(months)s months after %(due)s, the day it was due and serviced.",
                **values,
            ),
            "early": self.env._(
                "The visit of %(service)s came %(days)s early and counts for "
                "%(due)s; the interval of %(months)s months stays.",
                **values,
            ),
            "late_same_cadence": self.env._(
                "The visit of %(service)s came %(days)s late; the interval of "
                "%(months)s months since %(due)s stays.",
                **values,
            ),
            "late_skipped": self.env._(
                "The visit of %(service)s came %(days)s late, and other due dates "
                "passed meanwhile (%(skipped)s); the interval of %(months)s months "
                "since %(due)s stays.",
                **values,
            ),
        }
        return texts[reason]

    def _get_first_due_reason(self):
        """Return why the unit is due first on its day, as it was counted."""
        basis = self.next_due_basis or {}
        if self.state == "draft" or "counted_from" not in basis:
            basis = self._find_counted_day()
        if not basis["counted_from"]:
            return self.env._("First visit of this unit.")
        day = self._format_date(fields.Date.to_date(basis["counted_from"]))
        if basis.get("by_service"):
            return self.env._(
                "First visit by us, counted from the last service on %(date)s.",
                date=day,
            )
        return self.env._(
            "First visit, counted from %(date)s, when the unit came into use.",
            date=day,
        )

    # Grouped and sorted by, though it changes with the day -------------------------

    due_state = fields.Selection(
        [
            ("overdue", "Overdue"),
            ("due_soon", "Due Soon"),
            ("booked", "Booked"),
            ("later", "Later"),
            ("none", "Not Maintained"),
        ],
        string="Maintenance Status",
        compute="_compute_due_state",
        search="_search_due_state",
    )
    current_visit_date = fields.Datetime(
        string="Booked For",
        compute="_compute_current_visit_date",
        search="_search_current_visit_date",
    )

    arrival_window = fields.Char(related="current_visit_id.arrival_window")

    @api.depends("state", "next_due_date", "visit_ids.state")
    @api.depends_context("tz")
    def _compute_due_state(self):
        today = fields.Date.context_today(self)
        for contract in self:
            contract.due_state = contract._get_due_state(today)

    def _get_due_state(self, today):
        if self.state != "active" or not self.next_due_date:
            return "none"
        if self.is_booked:
            return "booked"
        days = (self.next_due_date - today).days
        if days < 0:
            return "overdue"
        return "due_soon" if days <= DUE_SOON_DAYS else "later"

    @api.depends("visit_ids.state", "visit_ids.visit_date")
    def _compute_current_visit_date(self):
        for contract in self:
            contract.current_visit_date = contract.current_visit_id.visit_date

    def _search_due_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        states = tuple(value) or (None,)
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN %s", model._field_to_sql(alias, "due_state", query), states
            ),
            predicate=lambda contract: contract.due_state in states,
        )

    def _search_current_visit_date(self, operator, value):
        if operator == "not in":
            return NotImplemented
        if operator == "in" and False in value:
            found = Domain("is_booked", "=", False)
            dates = [date for date in value if date]
            if dates:
                found |= self._search_current_visit_date("in", dates)
            return found
        return Domain(
            "visit_ids",
            "any",
            Domain("is_live", "=", True) & Domain("visit_date", operator, value),
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let lists sort, and reports group, by what is not stored."""
        if field_expr == "due_state":
            return self._get_due_state_sql(alias)
        if field_expr == "current_visit_date":
            return SQL("(%s)", self._get_live_visit_sql(alias))
        return super()._field_to_sql(alias, field_expr, query)

    def _get_due_state_sql(self, alias):
        """Return ``_get_due_state`` as the database computes it."""
        today = fields.Date.context_today(self)
        due = self._field_to_sql(alias, "next_due_date")
        return SQL(
            """CASE WHEN %(state)s <> 'active' OR %(due)s IS NULL THEN 'none'
                    WHEN EXISTS (%(visit)s) THEN 'booked'
                    WHEN %(due)s < %(today)s THEN 'overdue'
                    WHEN %(due)s <= %(soon)s THEN 'due_soon'
                    ELSE 'later' END""",
            state=self._field_to_sql(alias, "state"),
            due=due,
            visit=self._get_live_visit_sql(alias),
            today=today,
            soon=today + timedelta(days=DUE_SOON_DAYS),
        )

    def _get_live_visit_sql(self, alias):
        """Return the query for when the visit to come is planned."""
        visits = self.env["fusion.repair.maintenance.visit"]
        named = {
            name: SQL.identifier("booked", name, to_flush=visits._fields[name])
            for name in ("contract_id", "state", "visit_date")
        }
        # A unit has one live visit at most: the database sees to it.
        return SQL(
            """SELECT %(visit_date)s FROM fusion_repair_maintenance_visit booked
                WHERE %(contract_id)s = %(contract)s AND %(state)s IN %(live)s""",
            **named,
            contract=SQL.identifier(alias, "id"),
            live=LIVE_VISITS,
        )
