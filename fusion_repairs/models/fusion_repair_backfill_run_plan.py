from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date


class FusionRepairBackfillRun(models.Model):
    """A plan is good until its first day: then the weeks have to be filled anew."""

    _inherit = "fusion.repair.backfill.run"

    def _check_plan(self):
        """Refuse a run whose first reminders should have gone out already.

        Executed weeks late, it would have whole weeks of mails sent on one day.

        :raise UserError: with the day, and what to do about it
        """
        self.ensure_one()
        contracts = self.env["fusion.repair.maintenance.contract"]
        for company, first_due in self.env["fusion.repair.backfill.line"]._read_group(
            [("run_id", "=", self.id), ("outcome", "=", "pending")],
            ["company_id"],
            ["due_date:min"],
        ):
            lead = timedelta(days=max(company._get_reminder_bands()))
            day = first_due and first_due - lead
            if day and day < contracts._get_company_today(company):
                raise UserError(
                    self.env._(
                        "The first reminders of this run were planned for %(day)s, "
                        "which has passed. Please press Scan Again: it plans the "
                        "weeks anew, from today on.",
                        day=format_date(self.env, day, date_format="long"),
                    )
                )
