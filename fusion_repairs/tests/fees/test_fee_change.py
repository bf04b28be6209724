from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import RepairsCase


@tagged("post_install", "-at_install", "fusion")
class TestFeeChange(RepairsCase):
    """Fees of many units change from a day on; what was agreed for a visit does not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract()
        cls.change = cls.env["fusion.repair.fee.change"].create(
            {
                "name": "Fees of next year",
                "date_from": cls.today + timedelta(days=30),
                "category_ids": cls.family.ids,
                "fee_mode": "set",
                "fee": 189.0,
            }
        )

    def let_its_day_come(self):
        self.change.date_from = self.today - timedelta(days=1)
        self.env["fusion.repair.fee.change"]._cron_apply_fee_changes()

    def test_a_preview_changes_nothing(self):
        self.change.with_user(self.manager).action_preview()
        self.assertEqual(self.change.line_ids.contract_id, self.contract)
        self.assertEqual(self.change.line_ids.fee_before, 179.0)
        self.assertEqual(self.change.line_ids.fee_after, 189.0)
        self.assertAlmostEqual(self.change.yearly_difference, 10.0)
        self.assertEqual(self.contract.x_fc_maintenance_fee, 179.0)

    def test_nothing_happens_before_its_day(self):
        self.change.action_schedule()
        self.env["fusion.repair.fee.change"]._cron_apply_fee_changes()
        self.assertEqual(self.change.state, "scheduled")
        self.assertEqual(self.contract.x_fc_maintenance_fee, 179.0)

    def test_on_its_day_units_and_categories_change(self):
        self.change.action_schedule()
        self.let_its_day_come()
        self.assertEqual(self.change.state, "applied")
        self.assertEqual(self.contract.x_fc_maintenance_fee, 189.0)
        self.assertEqual(self.category.x_fc_maintenance_fee, 189.0)

    def test_units_sold_meanwhile_are_changed_too(self):
        self.change.action_schedule()
        later = self.make_contract()
        self.let_its_day_come()
        self.assertEqual(later.x_fc_maintenance_fee, 189.0)

    def test_a_booked_visit_keeps_its_fee(self):
        visit = self.book(self.contract)
        self.change.action_schedule()
        self.assertEqual(self.change.booked_count, 1)
        self.let_its_day_come()
        self.assertEqual(visit.x_fc_fee, 179.0)
        self.assertAlmostEqual(visit.sale_order_id.amount_untaxed, 179.0)

    def test_individually_agreed_fees_stay(self):
        special = self.make_contract(x_fc_maintenance_fee=99.0)
        self.change.action_preview()
        self.assertNotIn(special, self.change.line_ids.contract_id)
        self.change.keep_agreed = False
        self.change.action_preview()
        self.assertIn(special, self.change.line_ids.contract_id)

    def test_percent_and_interval(self):
        self.change.write({"fee_mode": "percent", "percent": 5.0, "interval_months": 6})
        due = self.contract.next_due_date
        self.change.action_schedule()
        self.let_its_day_come()
        self.assertEqual(self.contract.x_fc_maintenance_fee, 188.0)
        self.assertEqual(self.contract.interval_months, 6)
        self.assertEqual(self.contract.next_due_date, due)

    def test_undo_gives_back_what_was_there(self):
        self.change.action_schedule()
        self.let_its_day_come()
        self.change.action_undo()
        self.assertEqual(self.change.state, "undone")
        self.assertEqual(self.contract.x_fc_maintenance_fee, 179.0)
        self.assertEqual(self.category.x_fc_maintenance_fee, 179.0)

    def test_undo_leaves_what_was_changed_since(self):
        self.change.action_schedule()
        self.let_its_day_come()
        self.contract.x_fc_maintenance_fee = 150.0
        self.change.action_undo()
        self.assertEqual(self.contract.x_fc_maintenance_fee, 150.0)
        self.assertIn("1 units", self.change.message_ids[0].body)

    def test_each_step_has_its_state(self):
        with self.assertRaises(UserError):
            self.change.action_undo()
        self.change.action_schedule()
        self.change.action_draft()
        self.assertEqual(self.change.state, "draft")
        with self.assertRaises(UserError):
            self.change.action_draft()

    def test_only_managers_change_fees(self):
        with self.assertRaises(AccessError):
            self.change.with_user(self.dispatcher).action_schedule()

    def test_the_client_is_told_of_a_higher_fee(self):
        self.assertEqual(self.contract._get_fee_increase_text(), "")
        visit = self.book(self.contract)
        visit.technician_task_id.action_start()
        visit.technician_task_id.action_complete()
        self.assertEqual(self.contract._get_fee_increase_text(), "")
        self.contract.x_fc_maintenance_fee = 189.0
        text = self.contract._get_fee_increase_text()
        self.assertIn("$189.00", text)
        self.assertIn("$179.00", text)
        self.contract.x_fc_maintenance_fee = 150.0
        self.assertEqual(self.contract._get_fee_increase_text(), "")

    def test_the_reminder_says_that_the_fee_went_up(self):
        self.client.x_fc_consent_express_date = self.today
        visit = self.book(self.contract)
        visit.technician_task_id.action_start()
        visit.technician_task_id.action_complete()
        self.contract.x_fc_maintenance_fee = 189.0
        self.contract._queue_reminder_mails()
        mail = self.env["mail.mail"].search(
            [("x_fc_maintenance_contract_id", "=", self.contract.id)], limit=1
        )
        self.assertIn("The fee for a visit is now $189.00", mail.body_html)
