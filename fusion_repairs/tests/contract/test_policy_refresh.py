from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..enrolment.enrolment_case import EnrolmentCase


@tagged("post_install", "-at_install", "fusion")
class TestPolicyRefresh(EnrolmentCase):
    """A contract keeps what was agreed until the office takes the policy over."""

    def open_dialog(self, contracts, user=None):
        action = contracts.with_user(user or self.dispatcher).action_refresh_policy()
        wizard = self.env["fusion.repair.policy.wizard"]
        return wizard.with_user(user or self.dispatcher).browse(action.get("res_id"))

    def test_every_difference_is_shown_with_its_source(self):
        contract = self.make_contract()
        self.category.write(
            {"x_fc_maintenance_fee": 199, "x_fc_maintenance_duration": 1.5}
        )
        self.product.x_fc_maintenance_interval_months = 6
        lines = {line.field_name: line for line in self.open_dialog(contract).line_ids}
        self.assertEqual(
            set(lines), {"interval_months", "duration", "x_fc_maintenance_fee"}
        )
        interval = lines["interval_months"]
        self.assertEqual((interval.now, interval.policy), ("12", "6"))
        self.assertEqual(interval.source, self.product.product_tmpl_id.display_name)
        self.assertIn("179", lines["x_fc_maintenance_fee"].now)
        self.assertIn("199", lines["x_fc_maintenance_fee"].policy)

    def test_only_what_is_ticked_is_taken_over_and_noted(self):
        contract = self.make_contract()
        self.category.x_fc_maintenance_fee = 199
        self.product.x_fc_maintenance_interval_months = 6
        wizard = self.open_dialog(contract)
        wizard.line_ids.filtered(
            lambda line: line.field_name == "interval_months"
        ).selected = False
        due = contract.next_due_date
        wizard.action_apply()
        self.assertEqual(contract.x_fc_maintenance_fee, 199)
        self.assertEqual(contract.interval_months, 12)
        self.assertEqual(contract.next_due_date, due)
        body = contract.message_ids[0].body
        self.assertIn("179", body)
        self.assertIn("199", body)
        self.assertIn(self.category.display_name, body)

    def test_first_date_follows_while_nothing_happened(self):
        order = self.sell(1)
        order.commitment_date = "2030-01-31 15:00:00"
        order.action_confirm()
        contract = self.in_care(order)
        self.product.x_fc_maintenance_interval_months = 1
        self.open_dialog(contract).action_apply()
        self.assertEqual(contract.next_due_date, date(2030, 2, 28))
        self.assertEqual(contract.first_due_date, date(2030, 2, 28))
        self.assertIn("counted from", contract.next_due_reason)

    def test_booked_unit_keeps_its_date(self):
        contract = self.confirmed(1).x_fc_maintenance_contract_ids
        self.book(contract)
        self.product.x_fc_maintenance_interval_months = 1
        names = self.open_dialog(contract).line_ids.mapped("field_name")
        self.assertEqual(names, ["interval_months"])

    def test_nothing_to_refresh_is_said(self):
        action = self.make_contract().action_refresh_policy()
        self.assertEqual(action["tag"], "display_notification")

    def test_policy_changed_while_the_dialog_was_open(self):
        contract = self.make_contract()
        self.category.x_fc_maintenance_fee = 199
        wizard = self.open_dialog(contract)
        self.category.x_fc_maintenance_fee = 299
        with self.assertRaisesRegex(UserError, "meanwhile"):
            wizard.action_apply()
        self.assertEqual(contract.x_fc_maintenance_fee, 179)

    def test_several_contracts_at_once(self):
        contracts = self.make_contract() | self.make_contract()
        self.category.x_fc_maintenance_fee = 199
        self.open_dialog(contracts).action_apply()
        self.assertEqual(contracts.mapped("x_fc_maintenance_fee"), [199, 199])

    def test_reader_cannot_refresh(self):
        contract = self.make_contract()
        with self.assertRaises(AccessError):
            contract.with_user(self.reader).action_refresh_policy()

    def test_no_other_field_can_be_smuggled_in(self):
        contract = self.make_contract()
        with self.assertRaises(UserError):
            contract._apply_policy(["partner_id"])

    # The product's form ------------------------------------------------------------

    def test_product_shows_what_applies_and_why(self):
        self.product.x_fc_maintenance_fee = 99
        table = self.product.x_fc_maintenance_policy_table
        for text in ("99.00", "12", "Visit", self.category.name, self.product.name):
            self.assertIn(text, table)

    def test_product_says_why_it_is_not_looked_after(self):
        rail = self.env["product.product"].create({"name": "Rail"})
        self.assertIn("no equipment category", rail.x_fc_maintenance_policy_text)
        self.product.x_fc_maintenance_enabled = False
        self.assertIn("itself says so", self.product.x_fc_maintenance_policy_text)
        self.assertFalse(self.product.x_fc_maintenance_policy_table)
        self.product.x_fc_maintenance_enabled = True
        self.category.x_fc_maintenance_enabled = False
        self.product.x_fc_maintenance_enabled = True
        self.assertIn("neither the category", self.product.x_fc_maintenance_policy_text)
