from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .backfill_case import BackfillCase

CONTRACT = "fusion.repair.maintenance.contract"


@tagged("post_install", "-at_install", "fusion")
class TestBackfillLate(BackfillCase):
    """Time passes between scanning, executing and undoing: nobody pays for it."""

    def setUp(self):
        super().setUp()
        self.lines = self.env["sale.order.line"].union(
            *(self.sold(day="2020-03-10", quantity=2) for _sale in range(4))
        )

    def saved(self, **scope):
        """Return a run that was saved and not executed."""
        action = self.open_wizard(**scope).action_save()
        run = self.env[action["res_model"]].browse(action["res_id"])
        return run.with_user(self.manager)

    def live_in(self, **later):
        """Let some time pass for the dealer."""
        day = self.today + timedelta(**later)
        companies = self.registry["res.company"]
        return patch.object(companies, "_get_today", lambda _self: day)

    # Executed late -----------------------------------------------------------------

    def test_run_executed_weeks_later_has_to_be_planned_anew(self):
        run = self.saved(weeks=4, weekly_cap=2)
        with self.live_in(weeks=5):
            with self.assertRaisesRegex(UserError, "press Scan Again"):
                run.action_execute()
            self.assertEqual(run.state, "scanned")
            run.action_scan()
            today = self.company._get_today()
            lead = timedelta(days=max(self.company._get_reminder_bands()))
            days = [due - lead for due in run.line_ids.mapped("due_date") if due]
            self.assertEqual(len(days), 8)
            self.assertGreaterEqual(min(days), today)
            run.action_execute()
        self.assertEqual(run.state, "done")
        self.assertEqual(len(self.contracts(self.lines)), 8)

    def test_run_is_good_until_its_first_day(self):
        run = self.saved()
        lead = timedelta(days=max(self.company._get_reminder_bands()))
        first = min(run.line_ids.filtered("due_date").mapped("due_date")) - lead
        with self.live_in(days=(first - self.today).days):
            run.action_execute()
        self.assertEqual(run.state, "done")

    def test_dialog_refuses_a_day_that_has_passed(self):
        with self.assertRaisesRegex(ValidationError, "has passed"):
            self.open_wizard(start_date=self.today - timedelta(days=3))

    # Scope changed after the scan ----------------------------------------------------

    def test_scope_changed_after_the_scan_has_to_be_scanned(self):
        wizard = self.open_wizard()
        wizard.date_from = "2025-01-01"
        self.assertFalse(wizard.scanned_at)
        with self.assertRaisesRegex(UserError, "Please scan first"):
            wizard.action_execute()
        wizard.action_scan()
        self.assertEqual(wizard.count_new, 0)

    def test_same_scope_written_again_keeps_the_report(self):
        wizard = self.open_wizard(weeks=3)
        wizard.write({"weeks": 3, "company_ids": [(6, 0, self.company.ids)]})
        self.assertTrue(wizard.scanned_at)

    def test_form_forgets_the_report_at_once(self):
        wizard = self.open_wizard()
        with Form(wizard) as form:
            form.weeks = 2
            self.assertFalse(form.scanned_at)
        self.assertFalse(wizard.scanned_at)

    # Undone late -------------------------------------------------------------------

    def test_contract_that_somebody_knows_of_is_not_undone(self):
        now = fields.Datetime.now()
        heir = self.env["res.partner"].create({"name": "Heir"})
        cases = {
            "link mailed": lambda c: c.write({"link_sent_at": now}),
            "link texted": lambda c: c.write({"link_texted_at": now}),
            "call asked for": lambda c: c._request_callback("416 555 0199"),
            "paused": lambda c: c.action_pause(),
            "ended": lambda c: c.action_cancel(),
            "other owner": lambda c: c.write({"partner_id": heir.id}),
        }
        run = self.saved()
        run.action_execute()
        contracts = self.contracts(self.lines)
        for number, (case, happen) in enumerate(cases.items()):
            with self.subTest(case):
                happen(contracts[number])
                self.assertIn(contracts[number], contracts._filter_used())
        with self.assertRaisesRegex(UserError, "6 units"):
            run.action_undo()
        self.assertEqual(len(self.contracts(self.lines)), 8)

    def test_link_sent_while_a_large_run_is_undone_keeps_that_one(self):
        run = self.saved()
        run.action_execute()
        undo = (
            "odoo.addons.fusion_repairs.models.backfill"
            ".fusion_repair_backfill_run_execute"
        )
        with patch(f"{undo}.FOREGROUND_UNITS", 2):
            run.action_undo()
            kept = self.contracts(self.lines)[3]
            kept.link_sent_at = fields.Datetime.now()
            while run._undo_batch():
                pass
        self.assertEqual(run.state, "undone")
        self.assertEqual(self.contracts(self.lines), kept)
        self.assertEqual(kept.state, "active")
