from contextlib import suppress
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .backfill_case import BackfillCase

MODELS = "odoo.addons.fusion_repairs.models.backfill"
SCOPE = f"{MODELS}.fusion_repair_backfill_scope_mixin"
SCAN = f"{MODELS}.fusion_repair_backfill_scan"
EXECUTE = f"{MODELS}.fusion_repair_backfill_run_execute"
ERRORS = "odoo.addons.fusion_repairs.tools.savepoints"


class Killed(BaseException):
    """What a killed process looks like to the code: nothing catches it."""


class BackgroundCase(BackfillCase):
    """Eight units of four sales, and the job."""

    def setUp(self):
        super().setUp()
        self.lines = self.env["sale.order.line"].union(
            *(self.sold(quantity=2) for _sale in range(4))
        )
        self.runs = self.env["fusion.repair.backfill.run"]

    def go_on(self):
        """Let the job run once."""
        with self.enter_registry_test_mode():
            job = self.env.ref("fusion_repairs.ir_cron_continue_backfill_runs")
            job.method_direct_trigger()
        self.env.invalidate_all()

    def make_run(self, **vals):
        """Return a run of the manager on this company."""
        runs = self.runs.with_user(self.manager)
        return runs.create({"company_ids": self.company.ids, **vals})

    def scan_in_background(self):
        """Return the run that a dialog starts for a large set, not yet scanned."""
        with patch(f"{SCOPE}.FOREGROUND_SALES", 3):
            wizard = self.env["fusion.repair.maintenance.backfill.wizard"]
            wizard = wizard.with_user(self.manager).create(
                {"company_ids": self.company.ids, "weeks": 7}
            )
            action = wizard.action_scan()
        self.assertFalse(wizard.line_ids)
        return self.runs.with_user(self.manager).browse(action["res_id"])

    def fail_with(self, name, error):
        """Let a method of runs fail, until the test ends or the patch is stopped."""

        def fail(*_args, **_options):
            raise error

        failing = patch.object(self.registry["fusion.repair.backfill.run"], name, fail)
        failing.start()
        self.addCleanup(failing.stop)
        return failing


@tagged("post_install", "-at_install", "fusion")
class TestScanInBackground(BackgroundCase):
    """Nobody waits for the scan of a large set; everybody sees how far it is."""

    def test_dialog_opens_a_run_that_the_job_scans(self):
        run = self.scan_in_background()
        self.assertEqual((run.state, run.weeks), ("scanning", 7))
        self.assertEqual((run.sale_total, run.sale_done, run.progress), (4, 0, 0))
        self.assertFalse(run.line_ids)
        self.go_on()
        self.assertEqual(run.state, "scanned")
        self.assertTrue(run.scanned_at)
        self.assertEqual((run.unit_total, run.sale_done), (8, 4))
        self.assertFalse(self.contracts(self.lines))
        run.action_execute()
        self.assertEqual(run.state, "done")
        self.assertEqual(len(self.contracts(self.lines)), 8)

    def test_result_is_that_of_a_scan_at_once(self):
        names = ["sale_line_id", "unit_index", "status", "reason", "due_date", "fee"]
        run = self.scan_in_background()
        self.go_on()
        clean = self.open_wizard(weeks=7)
        self.assertEqual(
            [tuple(line[name] for name in names) for line in run.line_ids],
            [tuple(line[name] for name in names) for line in clean.line_ids],
        )

    def test_small_set_is_scanned_at_once(self):
        run = self.make_run()
        self.assertFalse(run.action_scan())
        self.assertEqual((run.state, run.unit_total), ("scanned", 8))

    def test_saved_run_is_scanned_again_in_the_background(self):
        run = self.make_run()
        run.action_scan()
        self.sold(quantity=1)
        with patch(f"{SCOPE}.FOREGROUND_SALES", 3):
            action = run.action_scan()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(run.state, "scanning")
        for refused in (run.action_scan, run.action_execute, run.action_undo):
            with self.assertRaises(UserError):
                refused()
        self.go_on()
        self.assertEqual((run.state, run.unit_total), ("scanned", 9))

    def test_progress_is_committed_chunk_by_chunk(self):
        run = self.scan_in_background()
        seen = []
        commit = type(self.env["ir.cron"])._commit_progress

        def note(crons, *args, **options):
            shown = crons.env[run._name].browse(run.id)
            seen.append((shown.sale_done, round(shown.progress)))
            return commit(crons, *args, **options)

        with (
            patch(f"{SCAN}.CHUNK", 1),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", note),
        ):
            self.go_on()
        steps = [(1, 25), (2, 50), (3, 75), (4, 100)]
        self.assertEqual([step for step in seen if step in steps][:4], steps)

    def test_killed_scan_begins_anew(self):
        run = self.scan_in_background()
        scans = self.registry["fusion.repair.backfill.scan"]
        propose = scans._propose

        def die(*args):
            propose(*args)
            raise Killed

        # assertRaises would roll back what the job has committed.
        with (
            suppress(Killed),
            patch(f"{SCAN}.CHUNK", 1),
            patch.object(scans, "_propose", die),
        ):
            self.go_on()
            self.fail("nothing was killed")
        self.env.invalidate_all()
        self.assertEqual((run.state, run.sale_done), ("scanning", 4))
        self.go_on()
        self.assertEqual((run.state, run.unit_total), ("scanned", 8))
        self.assertEqual((run.sale_done, len(run.line_ids)), (4, 8))

    def test_run_that_waits_for_its_scan_can_be_deleted(self):
        run = self.scan_in_background()
        run.unlink()
        self.go_on()
        self.assertFalse(run.exists())


@tagged("post_install", "-at_install", "fusion")
class TestFailedBatch(BackgroundCase):
    """What fails as a whole says so on the run, and can be tried again."""

    @mute_logger(EXECUTE)
    def test_job_notes_it_and_goes_on_with_the_others(self):
        broken, other = self.make_run(), self.make_run()
        for run in broken + other:
            run.action_scan()
            run._start()
        runs = self.registry["fusion.repair.backfill.run"]
        drop = runs._drop_changed

        def fail(run, *args):
            if run == broken:
                run.env.cr.execute("UPDATE res_company SET email = 'lost@example.com'")
                raise RuntimeError("no room left on the disk")
            return drop(run, *args)

        with patch.object(runs, "_drop_changed", fail):
            self.go_on()
        self.assertEqual(broken.state, "running")
        self.assertIn("no room left on the disk", broken.error_note)
        self.assertTrue(broken.error_at)
        self.assertNotEqual(self.company.email, "lost@example.com")
        self.assertEqual(other.state, "done")
        self.assertFalse(other.error_note)
        self.assertEqual(len(self.contracts(self.lines)), 8)

        broken.action_try_again()
        self.assertEqual(broken.state, "done")
        self.assertFalse(broken.error_note or broken.error_at)
        self.assertEqual(broken.changed_count, 8)

    @mute_logger(EXECUTE)
    def test_job_tries_again_by_itself(self):
        run = self.scan_in_background()
        failing = self.fail_with("_scan_into_lines", UserError("Not today"))
        self.go_on()
        self.assertEqual((run.state, run.error_note), ("scanning", "Not today"))
        failing.stop()
        self.go_on()
        self.assertEqual((run.state, run.error_note), ("scanned", False))

    @mute_logger(ERRORS)
    def test_small_set_says_it_on_the_form(self):
        run = self.make_run()
        run.action_scan()
        failing = self.fail_with("_drop_changed", RuntimeError("broken"))
        run.action_execute()
        self.assertEqual(run.state, "running")
        self.assertEqual(run.error_note, "RuntimeError: broken")
        self.assertFalse(self.contracts(self.lines))
        failing.stop()
        run.action_try_again()
        self.assertEqual((run.state, run.error_note), ("done", False))

    @mute_logger(ERRORS, EXECUTE)
    def test_undoing_is_tried_again(self):
        run = self.make_run()
        run.action_scan()
        run.action_execute()
        failing = self.fail_with("_undo_batch", RuntimeError("broken"))
        run.action_undo()
        self.assertEqual((run.state, bool(run.error_note)), ("undoing", True))
        failing.stop()
        run.action_try_again()
        self.go_on()
        self.assertEqual((run.state, run.error_note), ("undone", False))
        self.assertFalse(self.contracts(self.lines))

    def test_trying_again_is_for_managers_and_for_what_failed(self):
        run = self.make_run()
        with self.assertRaises(UserError):
            run.action_try_again()
        run.action_scan()
        run._start()
        with self.assertRaises(AccessError):
            run.with_user(self.dispatcher).action_try_again()


@tagged("post_install", "-at_install", "fusion")
class TestSaleTypes(BackgroundCase):
    """The types of sale to look at: none, one or several."""

    def setUp(self):
        super().setUp()
        types = dict(zip(self.lines.ids, ("adp", "odsp", "private", None), strict=True))
        facts = self.registry["fusion.repair.backfill.facts"]
        bridge = self.registry["fusion.repair.claims.bridge"]
        options = [("adp", "ADP"), ("odsp", "ODSP"), ("private", "Private")]
        for model, name, answer in (
            (bridge, "_get_sale_types", lambda bridge: options),
            (
                facts,
                "_get_claims_facts",
                lambda facts, ids: {i: {"sale_type": types.get(i)} for i in ids},
            ),
        ):
            self.patch(model, name, answer)

    def find(self, *sale_types):
        """Return which of the sales a scan for these types finds, by number."""
        found = self.open_wizard(sale_types=list(sale_types)).line_ids.sale_line_id
        return [number for number, line in enumerate(self.lines) if line in found]

    def test_none_one_or_several(self):
        self.assertEqual(self.find(), [0, 1, 2, 3])
        self.assertEqual(self.find("odsp"), [1])
        self.assertEqual(self.find("adp", "private"), [0, 2])

    def test_run_keeps_them(self):
        wizard = self.open_wizard(sale_types=["adp", "private"])
        run = self.runs.browse(wizard.action_save()["res_id"])
        self.assertEqual(run.sale_types, ["adp", "private"])
        run.action_execute()
        self.assertEqual(len(self.contracts(self.lines)), 4)

    def test_options_are_offered_with_their_labels(self):
        wizard = self.open_wizard()
        self.assertTrue(wizard.has_sale_types)
        self.assertEqual(wizard.sale_type_options[1], ["odsp", "ODSP"])

    def test_unknown_type_is_refused(self):
        for nonsense in (["veterans"], "adp", {"adp": 1}, [["adp"]]):
            with self.assertRaises(ValidationError):
                self.open_wizard(sale_types=nonsense)
