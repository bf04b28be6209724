from odoo import api, fields, models
from odoo.tools.misc import format_date


class FusionRepairMaintenanceContract(models.Model):
    """Why the unit is due on its next date, in words."""

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
