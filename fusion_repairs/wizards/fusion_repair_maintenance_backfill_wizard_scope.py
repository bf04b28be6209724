from odoo import api, fields, models
from odoo.exceptions import ValidationError

SCOPE_FIELDS = (
    "company_ids",
    "category_ids",
    "date_from",
    "date_to",
    "sale_types",
    "start_date",
    "weeks",
    "weekly_cap",
)


class FusionRepairMaintenanceBackfillWizard(models.TransientModel):
    """The report is of one scope: another scope has to be scanned anew."""

    _inherit = "fusion.repair.maintenance.backfill.wizard"

    @api.constrains("start_date")
    def _check_start_date(self):
        today = fields.Date.context_today(self)
        if self.filtered(lambda wizard: wizard.start_date < today):
            raise ValidationError(
                self.env._(
                    "The first reminders cannot go out on a day that has passed."
                )
            )

    def write(self, vals):
        """Forget what was found when something else is looked for."""
        before = {wizard: wizard._get_scope() for wizard in self}
        result = super().write(vals)
        changed = self.filtered(
            lambda w: (
                w.scanned_at
                and "scanned_at" not in vals
                and w._get_scope() != before[w]
            )
        )
        if changed:
            changed.write({"scanned_at": False})
        return result

    @api.onchange(*SCOPE_FIELDS)
    def _onchange_scope(self):
        if self._origin and self._get_scope() != self._origin._get_scope():
            self.scanned_at = False
