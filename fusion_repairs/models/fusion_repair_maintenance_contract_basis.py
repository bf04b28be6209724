from odoo import api, fields, models

COUNTED = {
    "first_due_date",
    "interval_months",
    "last_service_date",
    "next_due_date",
    "product_id",
    "start_date",
}


class FusionRepairMaintenanceContract(models.Model):
    """Which day a first due date was counted from, whatever is corrected later."""

    _inherit = "fusion.repair.maintenance.contract"

    def _note_first_basis(self):
        """Note what the first due dates of new contracts were counted from."""
        self.filtered(
            lambda c: "counted_from" not in (c.next_due_basis or {})
        )._note_counted_day()

    @api.model
    def _is_basis_touched(self, vals):
        """Tell whether values say what a first due date counts from, but not how.

        The date of a draft follows its days, so its basis is noted anew.
        """
        return bool(COUNTED & vals.keys()) and "next_due_basis" not in vals

    @api.model
    def _prepare_counted_basis(self, day):
        """Return the basis of a first due date that counts from coming into use."""
        return {
            "reason": "first",
            "counted_from": fields.Date.to_string(day),
            "by_service": False,
        }

    def _note_counted_day(self):
        """Keep the day that the first due date was counted from, if it was."""
        for contract in self:
            basis = contract.next_due_basis or {}
            if contract.next_due_date and basis.get("reason", "first") == "first":
                new = {**basis, "reason": "first", **contract._find_counted_day()}
                if new != basis:
                    contract.next_due_basis = new

    def _find_counted_day(self):
        """Return the day that the due date follows from, as a part of the basis.

        :return: dict of ``counted_from``, False for a date that follows from neither
            day, and ``by_service``
        """
        self.ensure_one()
        day = False
        if self._propose_first_due_date() == self.next_due_date:
            day = self.last_service_date or self.start_date
        return {
            "counted_from": fields.Date.to_string(day),
            "by_service": bool(day and self.last_service_date),
        }

    def _say_first_due(self):
        """Return why the unit is due first on its day, as it was counted."""
        basis = self.next_due_basis or {}
        if self.state == "draft" or "counted_from" not in basis:
            basis = self._find_counted_day()
        if not basis["counted_from"]:
            return self.env._("First visit of this unit.")
        day = self._say_date(fields.Date.to_date(basis["counted_from"]))
        if basis.get("by_service"):
            return self.env._(
                "First visit by us, counted from the last service on %(date)s.",
                date=day,
            )
        return self.env._(
            "First visit, counted from %(date)s, when the unit came into use.",
            date=day,
        )
