import logging

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import mute_logger

from odoo.addons.fusion_tasks.button_context import without_button

from ...tools.savepoints import one_by_one
from ..booking.fusion_repair_maintenance_contract_booking import QUIET
from .fusion_repair_backfill_run import FOREGROUND_UNITS
from .scope import IDENTITY

_logger = logging.getLogger(__name__)
BATCH = 500
UNDER_WAY = ("scanning", "running", "undoing")
EXECUTION_LOCK = 4_040_201


class FusionRepairBackfillRun(models.Model):
    """Executing a run: batch by batch, each whole or absent, resumable anywhere."""

    _inherit = "fusion.repair.backfill.run"

    def action_execute(self):
        """Enrol what was previewed: a small set at once, a large one by the job."""
        self._check_manager()
        self.ensure_one()
        if self.state not in ("scanned", "running"):
            raise UserError(
                self.env._("Only a scanned run can be executed, and only once.")
            )
        if self.state == "scanned":
            self._check_plan()
            self._start()
        if self.unit_total - self.unit_done <= FOREGROUND_UNITS:
            self._work_off(self._execute_batch)
            return None
        return self._leave_to_job()

    def _start(self):
        self.sudo().write(
            {
                "state": "running",
                "executed_at": fields.Datetime.now(),
                "user_id": self.env.uid,
            }
        )

    def _leave_to_job(self):
        """Have the job take the run up within a minute."""
        job = self.env.ref("fusion_repairs.ir_cron_continue_backfill_runs")
        job.sudo()._trigger()  # managers need not have rights on jobs
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "The run goes on in the background. You may leave this page."
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # The job -------------------------------------------------------------------

    @api.model
    def _cron_continue_runs(self):
        """Go on with every run that is under way, until time is up.

        A run that fails says so on its form and stops no other; it is tried again the
        next time.
        """
        progress = self.env["ir.cron"]._commit_progress
        runs = self.search(Domain("state", "in", UNDER_WAY), order="id")
        progress(remaining=runs._get_units_left())
        for number, run in enumerate(runs, 1):
            while done := run._continue():
                if not progress(done):
                    return
            # Also what a failed run noted is kept, and what it left is for next time.
            progress(remaining=runs[number:]._get_units_left())

    def _continue(self):
        """Do the next batch of the job, whatever it is; note if it fails.

        :return: how many units were processed
        """
        steps = {
            "scanning": self._scan_all,
            "running": self._execute_batch,
            "undoing": self._undo_batch,
        }
        if not self._is_ours(Domain("state", "in", UNDER_WAY)):
            return 0
        try:
            number = steps[self.state]()
            self._forget_error()
            self.env.flush_all()
        except Exception as error:
            _logger.exception("Backfill %s: a batch failed", self.name)
            # Batches before were committed: this one is all that is lost.
            self.env.cr.rollback()
            self.env.invalidate_all(flush=False)
            self._note_error(error)
            return 0
        return number

    def _get_units_left(self):
        return sum(max(1, run.unit_total - run.unit_done) for run in self)

    def _is_ours(self, domain):
        """Lock the run for one batch; somebody else's work is left alone."""
        return bool(self.try_lock_for_update().filtered_domain(domain))

    # One batch -----------------------------------------------------------------

    def _execute_batch(self):
        """Enrol the next units; close the run after the last.

        :return: how many units were processed
        """
        self.ensure_one()
        # The manager's decision was checked: the work runs with the system's rights.
        run = without_button(self.sudo()).with_context(**QUIET)
        # One execution at a time; the unique indexes decide in any case.
        run.env.cr.execute("SELECT pg_advisory_xact_lock(%s)", [EXECUTION_LOCK])
        run.env.invalidate_all()
        lines = run.env["fusion.repair.backfill.line"].search(
            run._get_pending_domain(),
            order="sale_line_id, unit_index, id",
            limit=BATCH,
        )
        if not lines:
            if run.state == "running":
                run._finish()
            return 0
        for company, members in lines.grouped("company_id").items():
            run._execute_lines(company, members)
        run.unit_done += len(lines)
        # The time of the job may be up now: nothing is left for a next batch to close.
        if not run._has_pending_lines():
            run._finish()
        run.env.flush_all()
        return len(lines)

    def _get_pending_domain(self):
        return Domain("run_id", "=", self.id) & Domain("outcome", "=", "pending")

    def _has_pending_lines(self):
        lines = self.env["fusion.repair.backfill.line"]
        return bool(lines.search_count(self._get_pending_domain(), limit=1))

    def _execute_lines(self, company, lines):
        lines = self._drop_changed(company, lines.with_company(company))
        users = lines.user_id.filtered(company._fc_may_be_given)
        contracts = lines.env["fusion.repair.maintenance.contract"]
        names = contracts._reserve_names(company, len(lines))
        vals_list = [
            line._prepare_contract_vals(name, users.ids)
            for line, name in zip(lines, names, strict=True)
        ]
        vals_by_line = dict(zip(lines, vals_list, strict=True))

        def enrol(some):
            created = contracts.create([vals_by_line[line] for line in some])
            for line, contract in zip(some, created, strict=True):
                line.write({"outcome": "created", "contract_id": contract.id})

        with mute_logger("odoo.sql_db"):
            one_by_one(
                lines,
                enrol,
                f"Backfill {self.name}: enrolling",
                lock=False,  # the run is ours
                keep_error=lambda line, error: line._note_failure(error),
                expected=(UserError, psycopg2.errors.UniqueViolation),
            )

    def _drop_changed(self, company, lines):
        """Return the lines for which the scan would say the same today."""
        now = self.env["fusion.repair.backfill.scan"]._scan_again(
            company, self._get_scope(), lines.sale_line_id.ids, self.last_contract_id
        )
        same = lines.browse()
        for line in lines:
            found = now.get((line.sale_line_id.id, line.unit_index))
            before = line._to_columns()
            if found and all(
                (found[name] or None) == (before[name] or None) for name in IDENTITY
            ):
                same |= line
            else:
                line._note_changed(found)
        return same

    def _finish(self):
        run = self.sudo()  # what came of it is not written by hand
        run.write({"state": "done", "done_at": fields.Datetime.now()})
        run.report_file = self._make_workbook()

    # Undo --------------------------------------------------------------------

    def action_undo(self):
        """Delete the contracts of the run; a large set is left to the job."""
        self._check_manager()
        self.ensure_one()
        if self.state not in ("running", "done"):
            raise UserError(self.env._("Only an executed run can be undone."))
        contracts = self.sudo().contract_ids
        contracts._lock()
        used = contracts._filter_used()
        if used:
            raise UserError(
                self.env._(
                    "The run can no longer be undone: clients were emailed, called "
                    "or booked, or have the link, or the office changed contracts "
                    "(%(number)s units, the first: %(names)s). Cancel single "
                    "contracts instead.",
                    number=len(used),
                    names=", ".join(used[:5].mapped("name")),
                )
            )
        self.sudo().write(
            {"state": "undoing", "unit_total": len(contracts), "unit_done": 0}
        )
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

        :return: how many units were processed
        """
        self.ensure_one()
        run = self.sudo()  # the manager's decision was checked when it was made
        lines = run.env["fusion.repair.backfill.line"]
        contracts = run.env["fusion.repair.maintenance.contract"].search(
            [("backfill_run_id", "=", run.id)], order="id", limit=BATCH
        )
        if not contracts:
            if run.state == "undoing":
                run._finish_undo()
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
        if not contracts.search_count([("backfill_run_id", "=", run.id)], limit=1):
            run._finish_undo()
        run.env.flush_all()
        return len(contracts)

    def _finish_undo(self):
        """Close the run after the last contract; what was never enrolled is undone."""
        lines = self.env["fusion.repair.backfill.line"]
        lines.search(self._get_pending_domain()).outcome = "undone"
        self.state = "undone"
