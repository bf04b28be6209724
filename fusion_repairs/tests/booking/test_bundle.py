from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.fusion_tasks.exceptions import SlotTakenError

from ..common import RepairsCase

ATTENDEE = {
    "attendee_name": "Ruth Daughter",
    "attendee_phone": "416-555-0177",
    "attendee_email": "ruth@example.com",
}


@tagged("post_install", "-at_install", "fusion")
class TestBundle(RepairsCase):
    """Several units in one house: one drive, one visit each, one order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lift = cls.make_contract()
        cls.chair = cls.make_contract(
            next_due_date=cls.lift.next_due_date + timedelta(days=30),
            x_fc_maintenance_fee=60.0,
            duration=0.5,
        )

    def book_both(self, **options):
        """Book the lift with the chair; return both visits, the lift's first."""
        offer = self.lift._get_booking_slots(
            self.lift._prepare_visit_request(self.chair)
        )[0]
        visit = self.lift._book_slot(offer.value, companions=self.chair, **options)
        return visit, self.chair.current_visit_id

    # Which units -----------------------------------------------------------------

    def test_units_of_one_place_due_about_the_same_time_go_together(self):
        self.assertEqual(self.lift._get_companions(), self.chair)
        self.assertEqual(self.chair._get_companions(), self.lift)

    def test_other_units_do_not(self):
        far = self.lift.next_due_date + timedelta(days=46)
        elsewhere = self.client.copy({"name": "Cottage", "parent_id": self.client.id})
        other_skill = self.category.copy({"name": "Of another skill"})
        self.make_contract(next_due_date=far)
        self.make_contract(state="paused")
        self.make_contract(address_id=elsewhere.id)
        self.make_contract(partner_id=self.client.copy().id, address_id=self.client.id)
        self.make_contract(x_fc_policy_category_id=other_skill.id)
        self.book(self.make_contract())
        self.assertEqual(self.lift._get_companions(), self.chair)
        self.company.x_fc_bundle_days = 29
        self.assertFalse(self.lift._get_companions())
        self.company.x_fc_bundle_days = 0
        self.chair.next_due_date = self.lift.next_due_date
        self.assertFalse(self.lift._get_companions())

    def test_one_technician_must_be_able_to_serve_all(self):
        (self.technician | self.technician_2).x_fc_repair_skills = False
        chairs = self.category.copy({"name": "Test chairs", "parent_id": False})
        self.chair.x_fc_policy_category_id = chairs
        self.technician.x_fc_repair_skills = self.category
        self.technician_2.x_fc_repair_skills = chairs
        self.assertFalse(self.lift._get_companions())
        self.technician_2.x_fc_repair_skills = chairs | self.category
        self.assertEqual(self.lift._get_companions(), self.chair)
        offers = self.lift._get_booking_slots(
            self.lift._prepare_visit_request(self.chair)
        )
        self.assertEqual({o.technician_id for o in offers}, {self.technician_2.id})

    def test_a_house_full_of_units_stays_within_half_a_day(self):
        for _number in range(6):
            self.make_contract(next_due_date=self.lift.next_due_date)
        companions = self.lift._get_companions()
        self.assertEqual(len(companions), 3)
        self.assertLessEqual(self.lift._prepare_visit_request(companions).hours, 4.0)

    def test_neighbours_in_one_home_are_clients_of_their_own(self):
        home = self.env["res.partner"].create({"name": "Home", "is_company": True})
        alice, bob = (
            self.make_contract(
                partner_id=self.env["res.partner"]
                .create({"name": name, "parent_id": home.id, "type": "other"})
                .id,
                address_id=self.client.id,
            )
            for name in ("Alice", "Bob")
        )
        self.assertEqual(*(c.partner_id.commercial_partner_id for c in (alice, bob)))
        self.assertFalse(alice._get_companions())
        offer = alice._get_booking_slots(alice._prepare_visit_request(bob))[0]
        with self.assertRaisesRegex(SlotTakenError, "can no longer be serviced"):
            alice._book_slot(offer.value, companions=bob)
        dispatcher = (alice | bob).with_user(self.dispatcher)
        _blocked, stops = dispatcher._plan_visits()
        self.assertEqual([len(units) for units in stops], [1, 1])

    def test_a_large_house_costs_no_more_queries_than_a_small_one(self):
        self.chair.state = "paused"
        counts = []
        for number in (2, 40):
            for _unit in range(number):
                self.make_contract(duration=3.9)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertFalse(self.lift._get_companions())
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1, counts)

    # Booking ---------------------------------------------------------------------

    def test_one_task_one_order_and_a_visit_for_each(self):
        visit, other = self.book_both(note="Dog", attendee=ATTENDEE)
        task, order = visit.technician_task_id, visit.sale_order_id
        self.assertEqual(other.technician_task_id, task)
        self.assertEqual(task.duration, 1.5)
        self.assertEqual(task.date_end - task.date_start, timedelta(minutes=90))
        self.assertEqual(other.sale_order_id, order)
        self.assertEqual(order.order_line.mapped("price_unit"), [179.0, 60.0])
        self.assertEqual((visit | other).sale_line_id, order.order_line)
        self.assertEqual([visit.x_fc_fee, other.x_fc_fee], [179.0, 60.0])
        self.assertEqual(len((visit | other).repair_order_id), 2)
        for contract, its in ((self.lift, visit), (self.chair, other)):
            self.assertEqual(contract.current_visit_id, its)
            self.assertEqual(contract.booking_repair_id, its.repair_order_id)
            self.assertEqual(its.cycle_due_date, contract.next_due_date)
            self.assertEqual(its.attendee_email, "ruth@example.com")
            self.assertEqual(its.repair_order_id.sale_order_id, order)
        for said in ("Stair Lift", "Dog", "Ruth Daughter, 416-555-0177"):
            self.assertIn(said, task.description)
        self.assertEqual(visit._get_bundle(), visit | other)
        self.assertEqual(other._get_bundle(), visit | other)
        price = visit._get_mail_price()
        self.assertAlmostEqual(price["total"], order.amount_total)
        self.assertEqual([amount for _name, amount in price["units"]], [179.0, 60.0])
        self.assertEqual(len(price["taxes"]), 1)

    def test_one_confirmation_for_both(self):
        last = self.env["mail.mail"].search([], order="id desc", limit=1).id or 0
        self.book_both()
        mail = self.env["mail.mail"].search([("id", ">", last)])
        self.assertEqual(len(mail), 1)

    def test_a_value_is_good_for_its_own_set_of_units_only(self):
        third = self.make_contract()
        offer = self.lift._get_booking_slots(
            self.lift._prepare_visit_request(self.chair)
        )[0]
        alone = self.lift._get_booking_slots()[0]
        for value, companions in (
            (offer.value, None),
            (offer.value, third),
            (offer.value, self.chair | third),
            (alone.value, self.chair),
        ):
            with self.subTest(companions=companions):
                with self.refused_before_writing(SlotTakenError):
                    self.lift._book_slot(value, companions=companions)
        self.assertFalse((self.lift | self.chair | third).visit_ids)

    def test_a_companion_booked_meanwhile_is_not_booked_again(self):
        offer = self.lift._get_booking_slots(
            self.lift._prepare_visit_request(self.chair)
        )[0]
        self.book(self.chair)
        with self.refused_before_writing(SlotTakenError):
            self.lift._book_slot(offer.value, companions=self.chair)
        self.assertFalse(self.lift.visit_ids)

    def test_a_unit_of_somebody_else_is_never_a_companion(self):
        stranger = self.make_contract(partner_id=self.client.copy().id)
        offer = self.lift._get_booking_slots(
            self.lift._prepare_visit_request(stranger)
        )[0]
        with self.assertRaises(SlotTakenError):
            self.lift._book_slot(offer.value, companions=stranger)

    # Afterwards ------------------------------------------------------------------

    def test_moving_on_any_link_moves_all(self):
        visit, other = self.book_both()
        task = visit.technician_task_id
        offers = self.chair._get_booking_slots()
        offer = offers[-1]
        self.chair._move_booking(offer.value)
        self.assertEqual(task.date_start, offer.start)
        self.assertEqual(task.duration, 1.5)
        self.assertEqual((visit | other).mapped("visit_date"), [offer.start] * 2)
        alone = self.lift._sign_slot(
            offers[0], self.lift._prepare_visit_request(self.lift.browse())
        )
        with self.assertRaises(SlotTakenError):
            self.lift._move_booking(alone)

    def test_calling_one_unit_off_leaves_the_others(self):
        visit, other = self.book_both()
        task, order = visit.technician_task_id, visit.sale_order_id
        self.lift._cancel_booking("Sold it")
        self.assertEqual([visit.state, other.state], ["cancelled", "scheduled"])
        self.assertEqual(task.status, "scheduled")
        self.assertEqual(task.duration, 0.5)
        self.assertEqual(order.order_line.mapped("price_unit"), [60.0])
        self.assertEqual(order.state, "draft")
        self.assertEqual(visit.repair_order_id.state, "cancel")
        self.assertFalse(self.lift.is_booked)
        task.action_start_travel()
        self.assertEqual(visit.state, "cancelled")
        self.assertFalse(self.chair._cancel_booking())
        other._cancel("No-show")
        self.assertEqual(task.status, "cancelled")
        self.assertEqual(order.state, "cancel")

    def test_no_show_frees_all_and_reopening_brings_all_back(self):
        visit, other = self.book_both()
        task, order = visit.technician_task_id, visit.sale_order_id
        task.action_no_show()
        self.assertFalse(self.lift.is_booked or self.chair.is_booked)
        self.assertEqual(order.state, "cancel")
        task.action_reopen()
        self.assertEqual((visit | other).mapped("state"), ["scheduled"] * 2)
        self.assertEqual(order.state, "draft")
        self.assertEqual(sorted(order.order_line.mapped("price_unit")), [60.0, 179.0])
        self.assertEqual((visit | other).sale_line_id, order.order_line)

    def test_a_unit_reported_first_stays_done_while_the_other_goes_on(self):
        visit, other = self.book_both()
        task, order = visit.technician_task_id, visit.sale_order_id
        due = self.lift.next_due_date
        visit._complete()
        rolled = self.lift.next_due_date
        self.assertGreater(rolled, due)
        self.assertEqual(order.state, "draft")
        token = self.lift.sudo().booking_token
        task.action_start()
        self.assertEqual([visit.state, other.state], ["done", "in_progress"])
        task.action_complete()
        self.assertEqual(other.state, "done")
        self.assertEqual(self.lift.next_due_date, rolled)
        self.assertEqual(self.lift.sudo().booking_token, token)
        self.assertEqual(order.state, "sale")

    def test_reopening_after_a_no_show_leaves_the_unit_that_was_done(self):
        visit, other = self.book_both()
        task = visit.technician_task_id
        visit._complete()
        rolled = self.lift.next_due_date
        task.action_no_show()
        self.assertEqual([visit.state, other.state], ["done", "no_show"])
        task.action_reopen()
        self.assertEqual([visit.state, other.state], ["done", "scheduled"])
        self.assertEqual(self.lift.next_due_date, rolled)

    def test_calling_the_rest_off_completes_what_was_begun(self):
        visit, other = self.book_both()
        task = visit.technician_task_id
        visit._complete()
        other._cancel("Sold")
        self.assertEqual([visit.state, other.state], ["done", "cancelled"])
        self.assertEqual(task.status, "completed")
        self.assertEqual(task.x_fc_maintenance_visit_ids, visit)

    def test_an_order_half_done_is_confirmed_when_the_rest_is_called_off(self):
        visit, other = self.book_both()
        visit._complete()
        other._cancel("Sold")
        self.assertEqual(visit.sale_order_id.state, "sale")
        self.assertEqual(visit.sale_order_id.order_line.mapped("price_unit"), [179.0])

    def test_a_longer_task_is_moved_with_its_length(self):
        visit, _other = self.book_both()
        task = visit.technician_task_id
        task.duration = 3.0
        offers = self.lift._get_booking_slots()
        self.assertTrue(all(o.end - o.start == timedelta(hours=3) for o in offers))
        self.lift._move_booking(offers[-1].value)
        self.assertEqual(task.date_end - task.date_start, timedelta(hours=3))
