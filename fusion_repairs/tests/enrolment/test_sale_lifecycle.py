from datetime import date, datetime
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .enrolment_case import EnrolmentCase


@tagged("post_install", "-at_install", "fusion")
class TestSaleLifecycle(EnrolmentCase):
    """Whatever happens to a confirmed order, each unit keeps one contract."""

    # Edited after confirmation ---------------------------------------------------

    def test_more_units_get_more_contracts(self):
        order = self.confirmed(1)
        order.order_line.product_uom_qty = 3
        self.assertEqual(self.indexes(order), [1, 2, 3])

    def test_fewer_units_end_the_last_contracts_with_a_reason(self):
        order = self.confirmed(3)
        order.order_line.product_uom_qty = 1
        self.assertEqual(self.indexes(order), [1])
        ended = order.x_fc_maintenance_contract_ids.filtered("end_cause")
        self.assertEqual(set(ended.mapped("end_cause")), {"quantity"})
        self.assertIn("was changed", ended[0].message_ids[0].body)

    def test_units_with_visits_are_put_to_the_office(self):
        order = self.confirmed(2)
        for contract in self.in_care(order):
            self.book(contract)
        order.order_line.product_uom_qty = 1
        self.assertEqual(self.indexes(order), [1, 2])
        asked = self.in_care(order).filtered("activity_ids")
        self.assertEqual(asked.mapped("x_fc_unit_index"), [2])

    def test_unit_with_a_visit_stays_when_another_can_go(self):
        order = self.confirmed(2)
        self.book(self.in_care(order)[1])
        order.order_line.product_uom_qty = 1
        self.assertEqual(self.indexes(order), [2])

    def test_fewer_and_more_again_takes_the_same_contracts_up(self):
        order = self.confirmed(2)
        contracts = self.in_care(order)
        links = contracts.sudo().mapped("booking_token")
        order.order_line.product_uom_qty = 1
        order.order_line.product_uom_qty = 2
        self.assertEqual(self.in_care(order), contracts)
        self.assertFalse(contracts[1].end_cause)
        self.assertNotEqual(contracts.sudo().mapped("booking_token"), links)

    def test_line_added_to_a_confirmed_order_is_enrolled(self):
        order = self.confirmed(1)
        order.order_line = [
            Command.create({"product_id": self.product.id, "product_uom_qty": 2})
        ]
        self.assertEqual(len(self.in_care(order)), 3)

    def test_order_that_was_not_confirmed_here_is_left_alone(self):
        order = self.sell(1)
        order.state = "sale"
        order.order_line.product_uom_qty = 2
        self.assertFalse(order.x_fc_maintenance_contract_ids)

    def test_serials_typed_later_go_to_units_without(self):
        order = self.confirmed(2, x_fc_serial_number="S-1")
        order.order_line.x_fc_serial_number = "S-1\ns-2"
        serials = self.in_care(order).mapped("x_fc_device_serial")
        self.assertEqual(serials, ["S-1", "S-2"])

    def test_policy_unticked_later_ends_nobodys_care(self):
        order = self.confirmed(2)
        self.product.x_fc_maintenance_enabled = False
        order.order_line.x_fc_serial_number = "S-1"
        self.assertEqual(self.indexes(order), [1, 2])

    def test_address_corrected_later_moves_the_units(self):
        order = self.confirmed(1)
        cottage = self.env["res.partner"].create({"name": "Cottage"})
        order.partner_shipping_id = cottage
        self.assertEqual(self.in_care(order).address_id, cottage)

    def test_place_of_the_unit_is_the_delivery_address(self):
        cottage = self.env["res.partner"].create({"name": "Cottage"})
        order = self.sell(1)
        order.partner_shipping_id = cottage
        order.action_confirm()
        contract = self.in_care(order)
        self.assertEqual(contract.partner_id, self.client)
        self.assertEqual(contract.address_id, cottage)

    def test_seller_without_rights_on_contracts_can_do_it_all(self):
        seller = new_test_user(
            self.env, "fr_seller", groups="sales_team.group_sale_salesman_all_leads"
        )
        order = self.sell(1).with_user(seller)
        order.action_confirm()
        order.order_line.write({"product_uom_qty": 2, "x_fc_serial_number": "V-1"})
        contracts = self.in_care(order.sudo())
        self.assertEqual(contracts.mapped("x_fc_device_serial"), ["V-1", False])
        order._action_cancel()
        self.assertEqual(set(contracts.mapped("end_cause")), {"order"})

    def test_other_product_on_the_line_is_another_unit(self):
        order = self.confirmed(1)
        former = self.in_care(order)
        chair = self.env["product.product"].create(
            {"name": "Lift Chair", "x_fc_repair_category_id": self.category.id}
        )
        order.picking_ids.action_cancel()  # else Odoo keeps the product
        order.order_line.product_id = chair
        self.assertEqual(former.end_cause, "quantity")
        self.assertEqual(self.in_care(order).product_id, chair)

    # Cancelled -------------------------------------------------------------------

    def test_cancelled_sale_asks_about_units_with_visits(self):
        order = self.confirmed(2)
        first, second = self.in_care(order)
        self.book(first)
        order._action_cancel()
        self.assertEqual((first.state, second.state), ("active", "cancelled"))
        self.assertEqual(second.end_cause, "order")
        self.assertTrue(first.activity_ids)

    def test_contract_that_the_office_ended_stays_ended(self):
        order = self.confirmed(2)
        self.in_care(order)[1].action_cancel()
        order.order_line.x_fc_serial_number = "S-1"
        self.assertEqual(self.indexes(order), [1])
        order._action_cancel()
        order.action_draft()
        order.action_confirm()
        self.assertEqual(self.indexes(order), [1])

    # Odd lines -------------------------------------------------------------------

    def test_lines_that_sell_no_unit_are_left_out(self):
        order = self.sell(1)
        order.order_line = [
            Command.create({"display_type": "line_section", "name": "Lifts"}),
            Command.create({"display_type": "line_note", "name": "Thank you"}),
            Command.create(
                {
                    "product_id": self.product.id,
                    "is_downpayment": True,
                    "product_uom_qty": 0,
                }
            ),
            Command.create({"product_id": self.service.id}),
        ]
        order.action_confirm()
        self.assertEqual(self.indexes(order), [1])
        self.assertFalse(order.activity_ids)

    def test_bad_quantities_and_serials_are_told_and_stop_nothing(self):
        cases = (
            (1.5, "", 1, "not whole"),
            (0.4, "", 0, "not whole"),
            (-2, "", 0, "negative"),
            (2, "D-1, d-1", 2, "more than once"),
            (1, "M-1, M-2", 1, "more serials than units"),
            (1, "X" * 200, 1, "longer than 100"),
        )
        for quantity, serials, units, reason in cases:
            with self.subTest(quantity=quantity, serials=serials):
                order = self.confirmed(quantity, x_fc_serial_number=serials)
                self.assertEqual(order.state, "sale")
                self.assertEqual(len(self.in_care(order)), units)
                self.assertIn(reason, order.activity_ids.note)

    def test_serial_that_is_needed_and_not_known_is_told(self):
        self.family.x_fc_serial_required = True
        order = self.confirmed(2, x_fc_serial_number="N-1")
        self.assertEqual(len(self.in_care(order)), 2)
        self.assertIn("1 units of this kind need", order.activity_ids.note)

    def test_one_activity_for_a_reason_however_often_it_is_seen(self):
        order = self.confirmed(1.5)
        order._spawn_maintenance_contracts()
        self.assertEqual(len(order.activity_ids), 1)

    def test_dozens_are_counted_in_units(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self.confirmed(0.5, product_uom_id=dozen.id)
        self.assertEqual(len(self.in_care(order)), 6)

    def test_date_that_cannot_be_meant_falls_back_and_says_so(self):
        for wrong in (datetime(1970, 5, 1), datetime(2199, 5, 1)):
            with self.subTest(wrong=wrong):
                order = self.sell(1)
                order.commitment_date = wrong
                order.action_confirm()
                contract = self.in_care(order)
                self.assertEqual(contract.start_date_source, "order")
                self.assertIn(str(wrong.year), order.activity_ids.note)

    def test_source_of_the_first_date_is_recorded(self):
        order = self.sell(1)
        order.commitment_date = datetime(2030, 3, 31, 16, 0)
        order.action_confirm()
        contract = self.in_care(order)
        self.assertEqual(contract.start_date_source, "commitment")
        self.assertEqual(contract.start_date, date(2030, 3, 31))

    @mute_logger("odoo.addons.fusion_repairs.tools.savepoints")
    def test_one_bad_line_does_not_cost_the_others(self):
        order = self.sell(1)
        line = order.order_line
        order.order_line = [Command.create({"product_id": self.product.id})]
        lines = self.registry["sale.order.line"]
        sync = lines._sync_maintenance_contracts

        def fail_on_one(record):
            if record == line:
                raise UserError("No unit")  # pylint: disable=translation-required
            return sync(record)

        with patch.object(lines, "_sync_maintenance_contracts", fail_on_one):
            order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(len(self.in_care(order)), 1)
        self.assertIn("No unit", order.activity_ids.note)

    def test_other_company_takes_its_own_policy_and_number(self):
        other = self.env["res.company"].create({"name": "Other dealer"})
        self.env.user.company_ids |= other
        order = self.sell(1, company=other)
        order.action_confirm()
        contract = order.x_fc_maintenance_contract_ids
        self.assertEqual(contract.company_id, other)
        self.assertEqual(contract.currency_id, other.currency_id)

    def test_combo_items_are_enrolled_and_the_combo_is_not(self):
        combo = self.env["product.combo"].create(
            {
                "name": "Lift",
                "combo_item_ids": [Command.create({"product_id": self.product.id})],
            }
        )
        bundle = self.env["product.product"].create(
            {
                "name": "Lift and fitting",
                "type": "combo",
                "x_fc_repair_category_id": self.category.id,
                "combo_ids": [Command.set(combo.ids)],
            }
        )
        order = self.sell(1, product_id=bundle.id)
        order.order_line = [
            Command.create(
                {
                    "product_id": self.product.id,
                    "combo_item_id": combo.combo_item_ids.id,
                    "linked_line_id": order.order_line.id,
                    "product_uom_qty": 1,
                }
            )
        ]
        order.action_confirm()
        self.assertEqual(self.in_care(order).product_id, self.product)
