from odoo import models
from odoo.exceptions import UserError

from .fusion_repair_backfill_run import FOREGROUND_UNITS
from .fusion_repair_backfill_run_execute import BATCH


class FusionRepairBackfillRun(models.Model):
    """Taking a run back, as long as nobody was mailed and nothing was booked."""

    _inherit = "fusion.repair.backfill.run"

    def action_undo(self):
        """Delete the contracts of the run; a large set is left to the job."""
        self._check_manager()
        self.ensure_one()
        if self.state not in ("running", "done"):
            raise UserError(self.env._("Only an executed run can be undone."))
        contracts = self.sudo().contract_ids
        contracts.lock_for_update(allow_referencing=True)
        used = contracts._filter_used()
        if used:
            raise UserError(
                self.env._(
                    "The run can no longer be undone: clients were mailed, called or "
                    "booked, or have the link, or the office changed contracts "
                    "(%(number)s units, the first: %(names)s). Cancel single "
                    "contracts instead.",
                    number=len(used),
                    names=", ".join(used[:5].mapped("name")),
                )
            )
        self.write({"state": "undoing", "unit_total": len(contracts), "unit_done": 0})
        if len(contracts) <= FOREGROUND_UNITS:
            self._work_off(self._undo_batch)
            return None
        self._pause_contracts()
        return self._leave_to_job()

    def _pause_contracts(self):
        """Keep the daily job off the contracts until all of them are deleted."""
        self.env.cr.execute(
            "UPDATE fusion_repair_maintenance_contract SET state = 'paused'"
            " WHERE backfill_run_id = %s AND state = 'active'",
            [self.id],
        )
        self.contract_ids.invalidate_recordset(["state"])

    def _undo_batch(self):
        """Delete the next contracts; close the run after the last.

        :return: how many units were worked off
        """
        self.ensure_one()
        run = self.sudo()  # the manager's decision was checked when it was made
        lines = run.env["fusion.repair.backfill.line"]
        contracts = run.env["fusion.repair.maintenance.contract"].search(
            [("backfill_run_id", "=", run.id)], order="id", limit=BATCH
        )
        if not contracts:
            lines.search(
                [("run_id", "=", run.id), ("outcome", "=", "pending")]
            ).outcome = "undone"
            run.state = "undone"
            return 0
        # A large run was paused, to keep the daily job off it.
        kept = contracts._filter_used(("active", "paused"))
        kept.backfill_run_id = False
        kept.filtered(lambda c: c.state == "paused").state = "active"
        for outcome, group in (("kept", kept), ("undone", contracts - kept)):
            lines.search([("contract_id", "in", group.ids)]).filtered(
                lambda line: line.run_id == run
            ).outcome = outcome
        (contracts - kept).unlink()
        run.unit_done += len(contracts)
        run.env.flush_all()
        return len(contracts)
