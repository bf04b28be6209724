from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.fusion_tasks.exceptions import SlotTakenError

from .office_case import OfficeCase


@tagged("post_install", "-at_install", "fusion")
class TestOfficeBooking(OfficeCase):
    """The office books from contract, contact, visit and list, in one dialog."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract()

    def test_dialog_offers_what_the_client_is_offered(self):
        wizard = self.open_booking(self.contract)
        offers = self.contract._get_booking_slots(limit=12)
        self.assertEqual(wizard.line_ids.mapped("value"), [o.value for o in offers])
        line = wizard.line_ids[0]
        self.assertEqual(line.technician_id.id, offers[0].technician_id)
        self.assertEqual(line.travel_before, offers[0].travel_before)
        self.assertEqual(line.travel_after, offers[0].travel_after)
        self.assertRegex(line.when, r"\w+day, \w+ \d+, \d+:\d\d.[AP]M")
        self.assertIn("Eastern", wizard.zone_words)

    def test_each_time_says_what_speaks_for_it(self):
        lines = self.open_booking(self.contract).line_ids
        for line in lines:
            said = line.reason
            if line.low_detour and line.detour:
                self.assertEqual(said, f"Nearby: +{line.detour} min of driving")
            elif line.detour:
                self.assertEqual(said, f"+{line.detour} min of driving")
            else:
                self.assertIn("no detour", said)
        self.assertTrue(any(lines.mapped("detour")))

    def test_more_times_adds_to_the_same_list(self):
        wizard = self.open_booking(self.contract)
        before = set(wizard.line_ids.mapped("date_start"))
        wizard.action_more()
        after = wizard.line_ids.mapped("date_start")
        self.assertGreater(len(after), len(before))
        self.assertLessEqual(len(after), 24)

    def test_units_at_one_place_are_booked_together(self):
        second = self.make_contract(next_due_date=self.today + timedelta(days=200))
        wizard = self.open_booking(self.contract | second)
        self.assertEqual(wizard.stop_count, 1)
        self.assertEqual(wizard.unit_ids.contract_id, self.contract | second)
        wizard.note = "Blue door"
        wizard.attendee_name = "Her daughter"
        wizard.line_ids[0].action_book()
        visits = (self.contract | second).current_visit_id
        self.assertEqual(len(visits), 2)
        self.assertEqual(len(visits.technician_task_id), 1)
        self.assertEqual(visits.technician_task_id.duration, 2.0)
        self.assertEqual(visits.mapped("attendee_name"), ["Her daughter"] * 2)
        self.assertIn("Blue door", visits.technician_task_id.description)

    def test_a_price_that_changed_meanwhile_is_looked_at_first(self):
        wizard = self.open_booking(self.contract)
        self.contract.sudo().x_fc_maintenance_fee = 250.0
        action = wizard.line_ids[0].action_book()
        self.assertIn("price has changed", action["params"]["message"])
        self.assertEqual(action["params"]["next"]["res_id"], wizard.id)
        self.assertFalse(self.contract.is_booked)
        wizard.line_ids[0].action_book()
        self.assertEqual(self.contract.current_visit_id.x_fc_fee, 250.0)

    def test_unit_left_out_shortens_the_visit_and_stays_bookable(self):
        second = self.make_contract()
        wizard = self.open_booking(self.contract | second)
        unit = wizard.unit_ids.filtered(lambda u: u.contract_id == second)
        unit.action_toggle()
        wizard.line_ids[0].action_book()
        self.assertTrue(self.contract.is_booked)
        self.assertFalse(second.is_booked)
        self.assertEqual(self.contract.current_visit_id.technician_task_id.duration, 1)
        self.assertEqual(unit.state, "skipped")

    def test_last_unit_cannot_be_left_out(self):
        wizard = self.open_booking(self.contract)
        with self.assertRaises(UserError):
            wizard.unit_ids.action_toggle()

    def test_unit_due_soon_at_the_place_is_proposed(self):
        neighbour = self.make_contract(next_due_date=self.today + timedelta(days=20))
        later = self.make_contract(next_due_date=self.today + timedelta(days=300))
        wizard = self.open_booking(self.contract)
        self.assertEqual(wizard.unit_ids.contract_id, self.contract | neighbour)
        self.assertTrue(all(wizard.unit_ids.mapped("included")))
        self.assertNotIn(later, wizard.all_unit_ids.contract_id)

    def test_several_clients_become_a_queue(self):
        contracts = self.contract
        for name in ("Ada", "Bea", "Cy"):
            contracts |= self.make_contract_of(f"{name} Example")
        paused, booked = contracts[1], contracts[2]
        paused.action_pause()
        self.book(booked)
        wizard = self.open_booking(contracts)
        blocked = wizard.other_unit_ids.filtered(lambda u: u.state == "blocked")
        self.assertEqual(blocked.contract_id, paused | booked)
        self.assertIn(
            "Paused", blocked.filtered(lambda u: u.contract_id == paused).note
        )
        self.assertIn(
            "Booked", blocked.filtered(lambda u: u.contract_id == booked).note
        )
        self.assertEqual(wizard.progress, "1 of 2")
        wizard.line_ids[0].action_book()
        self.assertTrue(contracts[0].is_booked)
        self.assertEqual(wizard.progress, "2 of 2")
        self.assertEqual(wizard.contract_id, contracts[3])
        later = fields.Datetime.now() + timedelta(days=5)
        wizard.write({"other_technician_id": self.technician.id, "other_start": later})
        action = wizard.action_skip()
        # The dialog reads it, shown or not.
        self.assertFalse(wizard.read(["other_verdict"])[0]["other_verdict"])
        self.assertEqual(action["res_id"], wizard.id)
        self.assertEqual(wizard.state, "done")
        self.assertEqual(
            wizard.progress, "Booked: 1. Left out: 1. Cannot be booked now: 2."
        )
        shown = self.env[contracts.visit_ids._name].search(
            wizard.action_view_visits()["domain"]
        )
        self.assertEqual(shown, contracts[0].current_visit_id)

    def test_queue_passes_over_what_was_booked_meanwhile(self):
        other = self.make_contract_of("Ada Example")
        wizard = self.open_booking(self.contract | other)
        self.book(other)
        wizard.action_skip()
        unit = wizard.all_unit_ids.filtered(lambda u: u.contract_id == other)
        self.assertEqual(unit.state, "blocked")
        self.assertIn("Booked already", unit.note)

    def test_every_obstacle_is_said_in_words(self):
        nowhere = self.make_contract_of("Nora Nowhere")
        nowhere.address_id.write(
            {"city": False, "partner_latitude": 0, "partner_longitude": 0}
        )
        unskilled = self.make_contract_of("Una Example")
        unskilled.x_fc_policy_category_id = self.env[
            "fusion.repair.product.category"
        ].create({"name": "Test Hoist"})
        ended = self.make_contract_of("Ed Example")
        ended.action_cancel()
        words = {
            nowhere: "has no address yet",
            unskilled: "Test Hoist",
            ended: "Cancelled",
        }
        wizard = self.open_booking(nowhere | unskilled | ended)
        self.assertEqual(wizard.progress, "None of these units can be booked now.")
        for unit in wizard.all_unit_ids:
            self.assertIn(words[unit.contract_id], unit.note)

    def test_booked_meanwhile_is_said_and_nothing_happens(self):
        wizard = self.open_booking(self.contract)
        self.book(self.contract)
        with self.assertRaisesRegex(UserError, "Booked already"):
            wizard.line_ids[0].action_book()
        self.assertEqual(len(self.contract.visit_ids), 1)

    def test_time_taken_meanwhile_is_refused(self):
        wizard = self.open_booking(self.contract)
        line = wizard.line_ids[0]
        offer = next(
            o for o in self.contract._get_booking_slots() if o.value == line.value
        )
        other = self.make_contract()
        other._book_slot(other._sign_slot(offer))
        with self.refused_before_writing(SlotTakenError):
            line.action_book()
        self.assertFalse(self.contract.is_booked)

    # A day past the client's horizon ---------------------------------------------

    def test_office_looks_past_the_horizon_and_books_there(self):
        wizard = self.open_booking(self.contract)
        far = self.today + timedelta(days=120)
        wizard.date_from = far
        wizard.action_refresh()
        starts = wizard.line_ids.mapped("date_start")
        self.assertTrue(starts)
        self.assertGreaterEqual(min(starts).date(), far)
        wizard.line_ids[0].action_book()
        self.assertEqual(self.contract.current_visit_id.visit_date, starts[0])

    def test_office_may_waive_the_notice(self):
        self.company.x_fc_booking_lead_hours = 240
        soon = fields.Datetime.now() + timedelta(days=8)
        wizard = self.open_booking(self.contract)
        self.assertGreater(min(wizard.line_ids.mapped("date_start")), soon)
        wizard.date_from = self.today
        wizard.action_refresh()
        starts = wizard.line_ids.mapped("date_start")
        self.assertLess(min(starts), soon)
        self.assertGreater(min(starts), fields.Datetime.now())

    def test_nobody_looks_further_than_a_year(self):
        wizard = self.open_booking(self.contract)
        wizard.date_from = self.today + timedelta(days=500)
        wizard.action_refresh()
        self.assertFalse(wizard.line_ids)
        self.assertIn("No time is open", wizard.hint)

    def test_horizon_of_the_office_is_not_for_others(self):
        far = self.today + timedelta(days=120)
        options = {"limit": 5, "date_from": far}
        for user, found in (
            (self.dispatcher, True),
            (self.reader, False),
            (self.technician, False),
            (self.env.ref("base.public_user"), False),
        ):
            contract = self.contract.with_user(user).sudo()
            request = contract._prepare_visit_request(past_horizon=True)
            with self.subTest(user=user.login):
                offers = contract._get_booking_slots(request, **options)
                self.assertEqual(bool(offers), found)

    # From the contact and from the visit --------------------------------------------

    def test_contact_books_all_units_that_are_due(self):
        second = self.make_contract(next_due_date=self.today - timedelta(days=3))
        later = self.make_contract(next_due_date=self.today + timedelta(days=300))
        client = self.as_dispatcher(self.client)
        self.assertEqual(client.x_fc_next_due_date, second.next_due_date)
        wizard = self.get_wizard(client.action_book_maintenance())
        self.assertEqual(wizard.unit_ids.contract_id, self.contract | second)
        self.assertNotIn(later, wizard.all_unit_ids.contract_id)

    def test_contact_without_anything_due_books_the_next_unit(self):
        self.contract.next_due_date = self.today + timedelta(days=200)
        self.make_contract(next_due_date=self.today + timedelta(days=300))
        wizard = self.get_wizard(
            self.as_dispatcher(self.client).action_book_maintenance()
        )
        self.assertEqual(wizard.unit_ids.contract_id, self.contract)

    def test_contact_without_units_is_told_so(self):
        client = self.as_dispatcher(self.make_client("Nobody Example"))
        with self.assertRaisesRegex(UserError, "no maintained unit"):
            client.action_book_maintenance()

    def test_visit_that_did_not_take_place_is_booked_again(self):
        visit = self.book(self.contract)
        visit.technician_task_id.action_no_show()
        wizard = self.get_wizard(self.as_dispatcher(visit).action_book_again())
        wizard.line_ids[0].action_book()
        self.assertTrue(self.contract.is_booked)
        self.assertNotEqual(self.contract.current_visit_id, visit)

    # Who may -------------------------------------------------------------------------

    def test_only_dispatchers_and_managers_book(self):
        visit = self.book(self.make_contract())
        for user in (self.reader, visit.technician_id):
            for record, method in (
                (self.contract, "action_book_maintenance"),
                (self.contract, "action_move_visit"),
                (self.contract, "action_cancel_visit"),
                (self.contract, "action_send_link"),
                (self.contract, "action_text_link"),
                (visit, "action_move"),
                (visit, "action_book_again"),
                (visit, "action_ask_cancel"),
                (self.client, "action_book_maintenance"),
            ):
                with (
                    self.subTest(user=user.login, method=method),
                    self.assertRaises(AccessError),
                ):
                    getattr(record.with_user(user), method)()
        self.contract.with_user(self.manager).action_book_maintenance()

    def test_dialog_of_a_colleague_is_closed(self):
        wizard = self.open_booking(self.contract)
        colleague = self.make_user("dispatcher", "fr_colleague")
        with self.assertRaises(AccessError):
            wizard.with_user(colleague).line_ids[0].read(["value"])

    def test_other_company_is_out_of_reach(self):
        other = self.env["res.company"].create({"name": "Other Dealer"})
        contract = self.make_contract(company_id=other.id, user_id=False)
        with self.assertRaises(AccessError):
            self.as_dispatcher(contract).action_book_maintenance()
