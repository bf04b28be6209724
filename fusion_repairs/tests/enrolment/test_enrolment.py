from datetime import date, datetime
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import RepairsCase


@tagged("post_install", "-at_install", "fusion")
class TestEnrolment(RepairsCase):
    """Every sold unit that should be maintained has exactly one contract."""

    def confirm(self, order):
        order.action_confirm()
        return order.x_fc_maintenance_contract_ids.sorted("x_fc_unit_index")

    def test_one_active_contract_a_unit(self):
        contracts = self.confirm(self.sell(3))
        self.assertEqual(contracts.mapped("state"), ["active"] * 3)
        self.assertEqual(contracts.mapped("x_fc_unit_index"), [1, 2, 3])
        self.assertEqual(set(contracts.mapped("x_fc_source")), {"sale"})
        self.assertEqual(contracts.partner_id, self.client)
        self.assertEqual(set(contracts.mapped("x_fc_maintenance_fee")), {179.0})
        self.assertEqual(contracts.x_fc_policy_category_id, self.category)

    def test_serials_of_the_line_go_to_the_units_in_order(self):
        order = self.sell(3, x_fc_serial_number=" sl-1 , SL-2\n")
        contracts = self.confirm(order)
        self.assertEqual(
            contracts.mapped("x_fc_device_serial"), ["SL-1", "SL-2", False]
        )

    def test_first_due_date_counts_from_the_promised_day(self):
        self.category.x_fc_maintenance_first_interval_months = 6
        order = self.sell()
        order.commitment_date = datetime(2030, 1, 31, 15, 0)
        contract = self.confirm(order)
        self.assertEqual(contract.start_date, date(2030, 1, 31))
        self.assertEqual(contract.next_due_date, date(2030, 7, 31))
        self.assertEqual(contract.first_due_date, date(2030, 7, 31))
        self.assertIn("first visit", contract.next_due_reason.lower())

    def test_day_of_the_anchor_is_the_local_one(self):
        order = self.sell()
        order.commitment_date = datetime(2030, 2, 1, 3, 0)  # 31 January in Toronto
        self.assertEqual(self.confirm(order).start_date, date(2030, 1, 31))

    def test_fee_is_a_snapshot(self):
        contract = self.confirm(self.sell())
        self.category.x_fc_maintenance_fee = 500.0
        self.assertEqual(contract.x_fc_maintenance_fee, 179.0)

    def test_accessories_and_notes_are_left_out(self):
        self.product.x_fc_maintenance_enabled = False
        order = self.sell(2)
        order.order_line = [
            Command.create({"display_type": "line_note", "name": "Thank you"})
        ]
        self.assertFalse(self.confirm(order))

    def test_switch_of_the_company_is_obeyed(self):
        self.company.x_fc_maintenance_auto_enrol = False
        self.assertFalse(self.confirm(self.sell()))

    def test_enrolling_twice_changes_nothing(self):
        order = self.sell(2, x_fc_serial_number="X1")
        contracts = self.confirm(order)
        self.assertFalse(order._spawn_maintenance_contracts())
        self.assertEqual(order.x_fc_maintenance_contract_ids, contracts)

    def test_unit_enrolled_already_is_not_enrolled_again(self):
        first = self.make_contract(x_fc_device_serial="dup 1")
        order = self.sell(1, x_fc_serial_number="DUP  1")
        self.assertFalse(self.confirm(order))
        self.assertFalse(first.activity_ids)

    @mute_logger("odoo.addons.fusion_repairs.tools.savepoints")
    def test_confirmation_never_fails_because_of_enrolment(self):
        order = self.sell()
        contracts = self.registry["fusion.repair.maintenance.contract"]
        with patch.object(contracts, "create", side_effect=UserError("No unit")):
            self.assertFalse(self.confirm(order))
        self.assertEqual(order.state, "sale")
        self.assertIn("No unit", order.activity_ids.note)

    def test_cancelled_sale_ends_contracts_without_a_visit(self):
        order = self.sell(2)
        first, second = self.confirm(order)
        self.book(first)
        order._action_cancel()
        self.assertEqual(second.state, "cancelled")
        self.assertEqual(first.state, "active")

    def test_sale_confirmed_again_takes_its_contracts_up_again(self):
        order = self.sell()
        contract = self.confirm(order)
        token = contract.sudo().booking_token
        order._action_cancel()
        order.action_draft()
        order.action_confirm()
        self.assertEqual(order.x_fc_maintenance_contract_ids, contract)
        self.assertEqual(contract.state, "active")
        self.assertNotEqual(contract.sudo().booking_token, token)

    def test_contract_by_hand_takes_the_policy_and_its_first_date(self):
        contract = self.env["fusion.repair.maintenance.contract"].create(
            {
                "partner_id": self.client.id,
                "product_id": self.product.id,
                "start_date": "2030-03-31",
                "x_fc_device_serial": "  ab\t 12 ",
            }
        )
        self.assertEqual(contract.state, "draft")
        self.assertEqual(contract.interval_months, 12)
        self.assertEqual(contract.next_due_date, date(2031, 3, 31))
        self.assertEqual(contract.x_fc_device_serial, "AB 12")
        self.assertTrue(contract.name.startswith("MC/"))
        contract.action_activate()
        self.assertEqual(contract.state, "active")

    @mute_logger("odoo.sql_db")
    def test_serial_has_one_active_contract(self):
        first = self.make_contract(x_fc_device_serial="A-1")
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.make_contract(x_fc_device_serial=" a-1 ")
        first._cancel()
        self.assertTrue(self.make_contract(x_fc_device_serial="a-1"))

    @mute_logger("odoo.sql_db")
    def test_unit_of_a_line_has_one_active_contract(self):
        contract = self.confirm(self.sell())
        vals = {
            "x_fc_source_sale_line_id": contract.x_fc_source_sale_line_id.id,
            "x_fc_unit_index": 1,
        }
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.make_contract(**vals)
        self.assertTrue(self.make_contract(**{**vals, "x_fc_unit_index": 2}))

    def test_guards_are_in_the_database(self):
        self.assertFalse(self.env["fusion.technician.task"]._get_missing_guards())

    def test_merging_two_clients_loses_no_contract(self):
        twin = self.client.copy({"name": "Margaret E."})
        contracts = self.make_contract() | self.make_contract(partner_id=twin.id)
        merge = self.env["base.partner.merge.automatic.wizard"]
        merge._merge((self.client | twin).ids, self.client)
        self.assertEqual(contracts.exists().partner_id, self.client)
        self.assertEqual(len(contracts.exists()), 2)

    def test_contract_with_visits_is_not_deleted(self):
        contract = self.make_contract()
        self.book(contract)
        with self.assertRaises(UserError):
            contract.unlink()
