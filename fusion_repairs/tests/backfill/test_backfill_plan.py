import base64
import io
from datetime import timedelta

from openpyxl import load_workbook

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .backfill_case import BackfillCase


@tagged("post_install", "-at_install", "fusion")
class TestBackfillPlan(BackfillCase):
    """Before anything is enrolled, the plan is a picture that can be changed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old = cls.sell("Old", cls.today - timedelta(days=6600), 8)
        # Overdue, and bought so long ago that consent ends in half a year.
        cls.recent = cls.sell("Recent", cls.today - timedelta(days=550), 4)

    @classmethod
    def sell(cls, name, day, count, product=None):
        """Return the lines of sales of one day to as many clients."""
        partners = cls.env["res.partner"].create(
            [
                {"name": f"{name} {n}", "email": f"{name.lower()}{n}@mapleclient.ca"}
                for n in range(count)
            ]
        )
        return cls.env["sale.order.line"].union(
            *(
                cls.sold(product, day=fields.Date.to_string(day), partner=partner)
                for partner in partners
            )
        )

    def due(self, scope, lines):
        """Return the due dates of sale lines in a dialog or a run."""
        found = scope.line_ids.filtered(
            lambda line: line.sale_line_id in lines and line.status == "new"
        )
        self.assertEqual(len(found), len(lines))
        return found.mapped("due_date")

    def saved(self, **scope):
        """Return a run that was saved and not executed."""
        action = self.open_wizard(**scope).action_save()
        run = self.env[action["res_model"]].browse(action["res_id"])
        return run.with_user(self.manager)

    def test_plan_names_its_last_week_and_warns_when_it_does_not_fit(self):
        wizard = self.open_wizard(weeks=2, weekly_cap=1)
        self.assertTrue(wizard.has_plan_warning)
        last = max(wizard.line_ids.mapped("due_date")) - timedelta(days=30)
        last -= timedelta(days=last.weekday())
        self.assertIn(str(last.year), wizard.plan_html)
        self.assertIn("do not fit", wizard.plan_html)
        self.assertIn("Proposed: at most", wizard.plan_html)

    def test_client_whose_consent_ends_is_not_left_behind_older_sales(self):
        wizard = self.open_wizard(weeks=2, weekly_cap=1)
        limits = wizard.line_ids.filtered(lambda line: line.sale_line_id in self.recent)
        self.assertTrue(all(limits.mapped("mail_until")))
        for line in limits:
            self.assertLessEqual(line.due_date, line.mail_until)

    def test_safety_critical_units_come_before_others_that_are_more_overdue(self):
        self.assertTrue(self.category.safety_critical)
        beds = self.env["fusion.repair.product.category"].create(
            {"name": "Test Bed", "x_fc_maintenance_enabled": True}
        )
        bed = self.make_product("Bed", x_fc_repair_category_id=beds.id)
        older = self.sell("Bed", self.today - timedelta(days=7000), 5, bed)
        wizard = self.open_wizard(weeks=2, weekly_cap=1)
        self.assertLess(max(self.due(wizard, self.old)), min(self.due(wizard, older)))

    def test_weeks_and_maximum_of_a_saved_run_can_be_changed(self):
        run = self.saved(weeks=2, weekly_cap=1)
        before = max(run.line_ids.mapped("due_date"))
        run.write({"weeks": 2, "weekly_cap": 10})
        self.assertEqual(run.state, "scanned")
        self.assertLess(max(run.line_ids.mapped("due_date")), before)
        planned = {line.id: line.due_date for line in run.line_ids}
        run.action_execute()
        for line in run.line_ids:
            self.assertEqual(line.contract_id.next_due_date, planned[line.id])

    def test_proposal_is_taken_by_one_button(self):
        for scope in (
            self.open_wizard(weeks=2, weekly_cap=1),
            self.saved(weeks=2, weekly_cap=1),
        ):
            cap, weeks = scope.proposed_cap, scope.proposed_weeks
            self.assertTrue(cap and weeks)
            scope.action_take_proposal()
            self.assertEqual((scope.weekly_cap, scope.weeks), (cap, weeks))
            monday = self.monday()
            last = max(scope.line_ids.mapped("due_date")) - timedelta(days=30)
            self.assertLess((last - monday).days // 7, weeks)

    def test_nothing_is_proposed_where_nothing_was_scanned(self):
        wizard = self.env["fusion.repair.maintenance.backfill.wizard"].with_user(
            self.manager
        )
        with self.assertRaises(UserError):
            wizard.create({}).action_take_proposal()

    def test_hours_of_those_with_the_skill_stand_beside_those_needed(self):
        technicians = self.env["res.users"]._fc_get_technicians_for(
            self.category, self.company
        )
        self.assertTrue(technicians)
        plan = self.env["fusion.repair.backfill.plan"]
        hours = plan._get_hours_there(self.company, self.category.ids, self.today)
        self.assertGreater(hours, 0)
        technicians.x_fc_repair_skills = False
        self.assertFalse(
            plan._get_hours_there(self.company, self.category.ids, self.today)
        )
        self.assertIn("No technician", self.open_wizard().plan_html)

    def test_spreadsheet_holds_the_plan(self):
        run = self.saved(weeks=2, weekly_cap=1)
        book = load_workbook(io.BytesIO(base64.b64decode(run._make_workbook())))
        words = [row[1] for row in book["Plan"].iter_rows(values_only=True)]
        self.assertTrue(any("do not fit" in str(word) for word in words))

    def test_contracts_of_the_run_itself_are_not_counted_twice(self):
        run = self.saved(weeks=4, weekly_cap=10)
        others = [p.weeks[0].others for p in run._get_pictures().values()]
        run.action_execute()
        run.invalidate_recordset()
        self.assertEqual(
            [p.weeks[0].others for p in run._get_pictures().values()], others
        )
