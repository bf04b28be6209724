from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .enrolment_case import EnrolmentCase


@tagged("post_install", "-at_install", "fusion")
class TestSerialQuestion(EnrolmentCase):
    """What somebody types takes no unit from another client: the office is asked."""

    def setUp(self):
        super().setUp()
        self.heir = self.env["res.partner"].create({"name": "New Owner"})
        self.first = self.make_contract(x_fc_device_serial="S9")
        self.visit = self.book(self.first)
        self.link = self.first.sudo().booking_token

    def sell_on(self, serial="S9", quantity=1):
        """Return the confirmed order of another client who is to have a serial."""
        order = self.sell(quantity, partner=self.heir, x_fc_serial_number=serial)
        order.action_confirm()
        return order

    def correct(self, order, serial, **vals):
        """Correct the serial on the line of an order, as its form does."""
        vals |= {"x_fc_serial_number": serial}
        order.order_line = [Command.update(order.order_line[:1].id, vals)]

    def questions(self, contracts):
        return contracts.activity_ids.filtered(
            lambda a: a.x_fc_reason == "serial_question"
        )

    def assert_untouched(self):
        self.assertEqual(self.first.state, "active")
        self.assertEqual(self.first.x_fc_device_serial, "S9")
        self.assertEqual(self.first.sudo().booking_token, self.link)
        self.assertEqual(self.visit.state, "scheduled")
        messages = self.env["fusion.repair.visit.message"].sudo()
        told = messages.search([("contract_id", "=", self.first.id)])
        self.assertNotIn("cancelled", told.mapped("kind"))

    # Asking ------------------------------------------------------------------------

    def test_both_clients_stay_in_care_until_the_office_answers(self):
        new = self.in_care(self.sell_on(" s9 "))
        self.assert_untouched()
        self.assertEqual(new.partner_id, self.heir)
        self.assertFalse(new.x_fc_device_serial)
        self.assertEqual(new.serial_answer, "open")
        note = self.questions(new).note
        for word in ("New Owner", "Margaret Example", self.first.name):
            self.assertIn(word, note)

    def test_it_is_asked_once_however_often_the_line_is_looked_at(self):
        order = self.sell_on()
        order._spawn_maintenance_contracts()
        order.order_line.product_uom_qty = 2
        self.assertEqual(len(self.questions(self.in_care(order))), 1)
        self.assertNotIn("could not be given", str(order.activity_ids.mapped("note")))

    def test_a_serial_typed_later_is_asked_about_too(self):
        order = self.sell_on("")
        self.correct(order, "S9")
        self.assert_untouched()
        self.assertTrue(self.questions(self.in_care(order)))

    def test_a_paused_contract_is_asked_about_too(self):
        self.first._cancel_booking()
        self.first.action_pause()
        self.assertTrue(self.questions(self.in_care(self.sell_on())))
        self.assertEqual(self.first.state, "paused")

    def test_a_sale_confirmed_again_takes_nobodys_unit(self):
        order = self.sell_on("S10")
        order._action_cancel()
        other = self.make_contract(x_fc_device_serial="S10")
        order.action_draft()
        order.action_confirm()
        self.assertEqual(other.state, "active")
        self.assertTrue(self.questions(self.in_care(order)))

    # Answering ---------------------------------------------------------------------

    def test_same_unit_is_handed_over(self):
        new = self.in_care(self.sell_on())
        new.with_user(self.dispatcher).action_same_unit()
        self.assertEqual(self.first.end_cause, "sold_on")
        self.assertEqual(self.visit.state, "cancelled")
        self.assertEqual(new.x_fc_device_serial, "S9")
        self.assertFalse(self.questions(new))

    def test_different_unit_stays_apart_for_good(self):
        order = self.sell_on()
        new = self.in_care(order)
        new.with_user(self.dispatcher).action_different_unit()
        self.assert_untouched()
        self.assertFalse(self.questions(new))
        order._spawn_maintenance_contracts()
        self.assertFalse(self.questions(new))
        self.assertEqual(new.state, "active")

    def test_nobody_else_answers_and_nobody_twice(self):
        new = self.in_care(self.sell_on())
        for user in (self.reader, self.technician):
            with self.assertRaises(AccessError):
                new.with_user(user).action_same_unit()
        new.action_different_unit()
        with self.assertRaises(UserError):
            new.action_same_unit()

    def test_a_technician_on_site_is_not_sent_away(self):
        new = self.in_care(self.sell_on())
        self.visit.technician_task_id.action_start()
        with self.assertRaisesRegex(UserError, "right now"):
            new.action_same_unit()
        self.assertEqual(self.first.state, "active")

    def test_two_who_ask_for_one_serial(self):
        new, third = self.in_care(self.sell_on()), self.in_care(self.sell_on())
        third.partner_id = self.env["res.partner"].create({"name": "Third"})
        new.action_same_unit()
        self.assertEqual(new.x_fc_device_serial, "S9")
        self.assertEqual(third.asked_contract_id, new)
        third.action_same_unit()
        self.assertEqual(new.end_cause, "sold_on")
        self.assertEqual(third.x_fc_device_serial, "S9")

    def test_the_other_contract_ends_by_itself(self):
        new = self.in_care(self.sell_on())
        self.first._cancel()
        self.assertEqual(new.x_fc_device_serial, "S9")
        self.assertFalse(self.questions(new))

    def test_a_delivered_lot_is_the_answer(self):
        self.track_serials()
        lot = self.make_lot("S9")
        order = self.sell_on()
        new = self.in_care(order)
        self.deliver(order, [lot])
        self.assertEqual(self.first.end_cause, "sold_on")
        self.assertEqual((new.lot_id, new.x_fc_device_serial), (lot, "S9"))
        self.assertFalse(self.questions(new))

    # Taking back -------------------------------------------------------------------

    def test_cancelling_the_order_withdraws_the_question(self):
        order = self.sell_on()
        new = self.in_care(order)
        order._action_cancel()
        self.assertEqual(new.state, "cancelled")
        self.assertFalse(self.questions(new))
        self.assert_untouched()

    def test_cancelling_the_order_takes_a_hand_over_back(self):
        order = self.sell_on()
        self.in_care(order).action_same_unit()
        order._action_cancel()
        self.assertEqual(self.first.state, "active")
        self.assertFalse(self.first.end_cause)
        self.assertIn("visit_cancelled", self.first.activity_ids.mapped("x_fc_reason"))

    def test_correcting_the_line_takes_a_hand_over_back(self):
        order = self.sell_on()
        new = self.in_care(order)
        new.action_same_unit()
        self.correct(order, "S8")
        self.assertEqual(self.first.state, "active")
        self.assertEqual(self.first.x_fc_device_serial, "S9")
        self.assertEqual(new.x_fc_device_serial, "S8")

    def test_correcting_the_line_withdraws_the_question(self):
        order = self.sell_on()
        new = self.in_care(order)
        self.correct(order, "S8")
        self.assert_untouched()
        self.assertEqual(new.x_fc_device_serial, "S8")
        self.assertFalse(self.questions(new))

    def test_a_delivered_unit_stays_delivered_when_the_line_changes(self):
        self.track_serials()
        lot = self.make_lot("S9")
        order = self.sell_on()
        self.deliver(order, [lot])
        self.correct(order, "S8")
        self.assertEqual(self.in_care(order).x_fc_device_serial, "S9")
        self.assertEqual(self.first.end_cause, "sold_on")

    # One's own line ------------------------------------------------------------------

    def test_a_correction_on_ones_own_line_is_taken_over(self):
        cases = (
            ("A1", 1, "A2", ["A2"]),
            ("B1; B2", 2, "B1; B3", ["B1", "B3"]),
            ("C1; C2", 2, "C2", ["C2", False]),
            ("D1", 1, "", [False]),
        )
        for before, quantity, after, expected in cases:
            with self.subTest(before=before, after=after):
                order = self.sell_on(before, quantity)
                units = self.in_care(order)
                self.correct(order, after)
                self.assertEqual(self.in_care(order), units)
                serials = units.mapped("x_fc_device_serial")
                self.assertEqual(sorted(serials, key=str), sorted(expected, key=str))

    def test_the_unit_that_is_not_sold_any_more_is_the_one_that_left_the_list(self):
        order = self.sell_on("E1; E2", 2)
        self.correct(order, "E2", product_uom_qty=1)
        self.assertEqual(self.in_care(order).x_fc_device_serial, "E2")

    def test_a_serial_that_the_office_typed_on_the_contract_stays(self):
        order = self.sell_on("F1")
        self.in_care(order).x_fc_device_serial = "F7"
        self.correct(order, "F2")
        self.assertEqual(self.in_care(order).x_fc_device_serial, "F7")

    def test_merged_contacts_keep_every_contract(self):
        self.heir.email = self.client.email
        new = self.in_care(self.sell_on())
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.client | self.heir).ids, self.client)
        self.assertEqual((self.first | new).mapped("state"), ["active", "active"])
        self.assertEqual(self.visit.state, "scheduled")

    # By hand -------------------------------------------------------------------------

    def test_typed_on_a_contract_it_is_told_whose_it_is(self):
        self.first._cancel_booking()
        self.first.action_pause()
        other = self.make_contract(partner_id=self.heir.id)
        self.assertFalse(other._onchange_serial_of_another())
        other = other.new({"x_fc_device_serial": " s9 "}, origin=other)
        told = other._onchange_serial_of_another()["warning"]["message"]
        for word in ("Margaret Example", self.first.name, "S9"):
            self.assertIn(word, told)
        self.assertFalse(self.first._onchange_serial_of_another())
        self.assertEqual(self.first.state, "paused")
