from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .backfill_case import BackfillCase

RUN = "odoo.addons.fusion_repairs.models.backfill.fusion_repair_backfill_run_execute"
SAVEPOINTS = "odoo.addons.fusion_repairs.tools.savepoints"


class Killed(BaseException):
    """What a killed process looks like to the code: nothing catches it."""


@tagged("post_install", "-at_install", "fusion")
class TestBackfillRun(BackfillCase):
    """A run is kept, goes on in the background, survives a crash, can be undone."""

    def setUp(self):
        super().setUp()
        self.lines = self.env["sale.order.line"].union(
            *(self.sold(quantity=2) for _sale in range(4))
        )

    def saved(self, **scope):
        """Return a run that was saved and not executed."""
        action = self.open_wizard(**scope).action_save()
        run = self.env[action["res_model"]].browse(action["res_id"])
        return run.with_user(self.manager)

    def go_on(self):
        with self.enter_registry_test_mode():
            job = self.env.ref("fusion_repairs.ir_cron_continue_backfill_runs")
            job.method_direct_trigger()
        self.env.invalidate_all()

    def test_saved_run_keeps_what_was_shown(self):
        run = self.saved()
        self.assertEqual(run.state, "scanned")
        self.assertEqual(run.unit_total, 8)
        self.assertFalse(self.contracts(self.lines))
        self.assertEqual(run.action_view_lines()["domain"], [("run_id", "=", run.id)])

    def test_large_set_goes_on_in_the_background(self):
        run = self.saved()
        with patch(f"{RUN}.FOREGROUND_UNITS", 2), patch(f"{RUN}.BATCH", 3):
            action = run.action_execute()
            self.assertEqual(action["tag"], "display_notification")
            self.assertEqual(run.state, "running")
            self.assertFalse(self.contracts(self.lines))
            self.go_on()
        self.assertEqual(run.state, "done")
        self.assertEqual(run.progress, 100.0)
        self.assertEqual(len(self.contracts(self.lines)), 8)
        self.assertTrue(run.report_file)

    def test_run_is_closed_although_the_time_ends_with_its_last_batch(self):
        run = self.saved()
        with patch(f"{RUN}.FOREGROUND_UNITS", 2):
            run.action_execute()
        self.assertEqual(run.state, "running")
        self.let_time_end_after(1)
        self.runs_of_the_job()
        self.assertEqual((run.state, run.progress), ("done", 100.0))
        self.assertTrue(run.report_file)
        with patch(f"{RUN}.FOREGROUND_UNITS", 2):
            run.action_undo()
        self.let_time_end_after(1)
        self.runs_of_the_job()
        self.assertEqual(run.state, "undone")

    def runs_of_the_job(self):
        self.env["fusion.repair.backfill.run"].sudo()._cron_continue_runs()

    def test_crash_between_batches_is_taken_up_again(self):
        run = self.saved()
        run._start()
        with patch(f"{RUN}.BATCH", 3):
            run._execute_batch()
            self.assertEqual(run.unit_done, 3)
            self.assertEqual(run.progress, 37.5)
            run.action_execute()
        self.assertEqual(run.state, "done")
        self.assertEqual(len(self.contracts(self.lines)), 8)

    def test_crash_within_a_batch_leaves_nothing_of_it(self):
        run = self.saved()
        run._start()
        contracts = self.registry["fusion.repair.maintenance.contract"]
        renew = contracts._renew_token
        calls = []

        def die(records):
            calls.append(records)
            renew(records)
            raise Killed

        with self.assertRaises(Killed), self.env.cr.savepoint():
            with patch.object(contracts, "_renew_token", die):
                run._execute_batch()
        self.assertTrue(calls)
        run.action_execute()
        self.assertEqual(len(self.contracts(self.lines)), 8)

    @mute_logger(SAVEPOINTS)
    def test_poison_unit_stops_nobody_else(self):
        poison = self.lines[1]
        run = self.saved()
        contracts = self.registry["fusion.repair.maintenance.contract"]
        create = contracts.create

        def refuse(records, vals_list):
            if any(v["x_fc_source_sale_line_id"] == poison.id for v in vals_list):
                raise UserError(self.env._("No way"))
            return create(records, vals_list)

        with patch.object(contracts, "create", refuse):
            run.action_execute()
        self.assertEqual(run.state, "done")
        self.assertEqual(run.failed_count, 2)
        self.assertEqual(len(self.contracts(self.lines)), 6)
        failed = run.line_ids.filtered(lambda u: u.outcome == "failed")
        self.assertEqual(set(failed.mapped("outcome_note")), {"No way"})

    def test_run_is_executed_once(self):
        run = self.saved()
        run.action_execute()
        with self.assertRaises(UserError):
            run.action_execute()
        with self.assertRaises(UserError):
            run.action_scan()

    def test_undone_run_leaves_no_contract_and_may_be_repeated(self):
        run = self.saved()
        run.action_execute()
        run.action_undo()
        self.assertEqual(run.state, "undone")
        self.assertFalse(self.contracts(self.lines))
        self.assertEqual(set(run.line_ids.mapped("outcome")), {"undone"})
        self.assertEqual(self.execute().contract_count, 8)

    def test_large_run_is_undone_in_the_background(self):
        run = self.saved()
        run.action_execute()
        with patch(f"{RUN}.FOREGROUND_UNITS", 2), patch(f"{RUN}.BATCH", 3):
            run.action_undo()
            self.assertEqual(run.state, "undoing")
            self.assertEqual(
                set(self.contracts(self.lines).mapped("state")), {"paused"}
            )
            self.go_on()
        self.assertEqual(run.state, "undone")
        self.assertFalse(self.contracts(self.lines))

    def test_half_executed_run_can_be_undone(self):
        run = self.saved()
        run._start()
        with patch(f"{RUN}.BATCH", 3):
            run._execute_batch()
        run.action_undo()
        self.assertEqual(run.state, "undone")
        self.assertFalse(self.contracts(self.lines))

    def test_booked_run_is_not_undone(self):
        run = self.saved()
        run.action_execute()
        self.book(self.contracts(self.lines)[0])
        with self.assertRaisesRegex(UserError, "no longer be undone"):
            run.action_undo()
        self.assertEqual(len(self.contracts(self.lines)), 8)

    def test_mailed_run_is_not_undone(self):
        run = self.saved()
        run.action_execute()
        contract = self.contracts(self.lines)[0]
        contract._send_reminders({contract: 30})
        with self.assertRaisesRegex(UserError, "no longer be undone"):
            run.action_undo()

    def test_executed_run_is_kept(self):
        run = self.saved()
        run.action_execute()
        with self.assertRaises(UserError):
            run.unlink()
        self.saved().unlink()
