from odoo import models
from odoo.exceptions import UserError


class FusionRepairBackfillRun(models.Model):
    """Scanning for a run: a few sales at once, many by the job, in sight."""

    _inherit = "fusion.repair.backfill.run"

    def action_scan(self):
        """Look through the past sales and keep what was found."""
        self._check_manager()
        for run in self:
            if run.state not in ("draft", "scanned"):
                raise UserError(self.env._("This run was executed already."))
        action = None
        for run in self:
            if run._is_large():
                action = run._leave_scan_to_job()
            else:
                run.write({"state": "scanned", **run._prepare_scan_vals()})
                run._scan_into_lines()
                run._count_units()
        return action

    def _leave_scan_to_job(self):
        """Have the job scan; the form shows how far it is."""
        count = self.env["fusion.repair.backfill.scan"]._count_sales
        self.write(
            {
                "state": "scanning",
                "scanned_at": False,
                "sale_total": count(self._get_scope()),
                "sale_done": 0,
            }
        )
        return self._leave_to_job()

    def _scan_all(self):
        """Scan in the job: what was read so far is committed, for all to see.

        Cut short, it begins anew: the lines are replaced as a whole. What changes
        between two chunks is found when the run is executed, like all that changes
        after the scan.

        :return: 0, there is nothing left to do
        """
        self.ensure_one()
        # The manager's decision was checked when it was made.
        run = self.sudo()
        run.sale_done = 0
        vals = run._prepare_scan_vals()

        def tell(number):
            run.sale_done += number
            run.env["ir.cron"]._commit_progress()

        run._scan_into_lines(tell)
        run._count_units()
        run.write({"state": "scanned", **vals})
        run.env.flush_all()
        return 0

    def _count_units(self):
        lines = self.env["fusion.repair.backfill.line"]
        self.env.cr.execute(
            "UPDATE fusion_repair_backfill_line SET outcome = 'pending'"
            " WHERE run_id = %s AND status = 'new'",
            [self.id],
        )
        lines.invalidate_model(["outcome"])
        self.write({"unit_total": self.env.cr.rowcount, "unit_done": 0})
