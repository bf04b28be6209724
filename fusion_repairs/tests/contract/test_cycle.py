from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import RepairsCase


@tagged("post_install", "-at_install", "fusion")
class TestCycle(RepairsCase):
    """A visit closes its cycle once: next date, link, band and booking start anew."""

    def make_due(self, due, **vals):
        return self.make_contract(next_due_date=due, start_date="2024-01-31", **vals)

    def test_rhythm_holds_whatever_day_the_visit_happened(self):
        cases = (
            (date(2030, 1, 15), date(2031, 1, 20), "early"),
            (date(2030, 2, 10), date(2031, 1, 20), "late"),
            (date(2031, 1, 20), date(2032, 1, 20), "passed"),
        )
        for service, expected, word in cases:
            contract = self.make_due(date(2030, 1, 20))
            with self.subTest(service=service):
                contract._roll(service)
                self.assertEqual(contract.next_due_date, expected)
                self.assertEqual(contract.last_service_date, service)
                self.assertIn(word, contract.next_due_reason)

    def test_interval_may_count_from_the_visit(self):
        contract = self.make_due(date(2030, 1, 20), anchor="service_date")
        contract._roll(date(2030, 3, 5))
        self.assertEqual(contract.next_due_date, date(2031, 3, 5))
        self.assertIn("after the visit", contract.next_due_reason)

    def test_month_end_does_not_drift(self):
        contract = self.make_due(date(2030, 1, 31), interval_months=1)
        dates = []
        for _cycle in range(4):
            contract._roll(contract.next_due_date)
            dates.append(contract.next_due_date)
        self.assertEqual(
            dates,
            [
                date(2030, 2, 28),
                date(2030, 3, 31),
                date(2030, 4, 30),
                date(2030, 5, 31),
            ],
        )

    def test_rolling_renews_link_band_and_booking_and_says_why(self):
        contract = self.make_due(date(2030, 1, 20), last_reminder_band=7)
        token = contract.sudo().booking_token
        contract._roll(date(2030, 1, 20))
        self.assertNotEqual(contract.sudo().booking_token, token)
        self.assertFalse(contract.last_reminder_band)
        self.assertFalse(contract.booking_repair_id)
        self.assertIn("12 months after", contract.message_ids[0].body)

    def test_how_far_the_due_date_is(self):
        contract = self.make_contract()
        today = contract._get_today()
        for days, said in (
            (0, "Today"),
            (1, "Tomorrow"),
            (2, "In 2 days"),
            (40, "In 40 days"),
            (-1, "Yesterday"),
            (-3, "3 days ago"),
        ):
            contract.next_due_date = today + timedelta(days=days)
            self.assertEqual(contract.due_in, said)
        contract.action_pause()
        self.assertFalse(contract.due_in)
        view = contract.get_view(view_type="list")["arch"]
        self.assertNotIn("remaining_days", view, "it says “Next month” of tomorrow")

    def test_only_the_office_rolls_by_hand(self):
        contract = self.make_due(date(2030, 1, 20))
        for user in (self.technician, self.reader):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                contract.with_user(user).roll_next_due_date("2030-01-20")
        due = contract.with_user(self.dispatcher).roll_next_due_date("2030-01-20")
        self.assertEqual(due, date(2031, 1, 20))

    def test_booked_contract_is_not_rolled_by_hand(self):
        contract = self.make_contract()
        self.book(contract)
        with self.assertRaises(UserError):
            contract.roll_next_due_date(self.today)

    def test_date_chosen_by_hand_is_a_new_cycle(self):
        contract = self.make_due(date(2030, 1, 20), last_reminder_band=7)
        contract.next_due_date = date(2030, 4, 1)
        self.assertIn("chose", contract.next_due_reason)
        self.assertFalse(contract.last_reminder_band)
        contract._roll(date(2030, 4, 3))
        self.assertEqual(contract.next_due_date, date(2031, 4, 1))

    def test_moving_a_visit_never_moves_the_cycle(self):
        contract = self.make_contract()
        due = contract.next_due_date
        visit = self.book(contract)
        slots = contract._get_booking_slots()
        visit.technician_task_id.date_start = slots[-1].start
        self.assertEqual(visit.visit_date, slots[-1].start)
        self.assertEqual(visit.repair_order_id.schedule_date, slots[-1].start)
        self.assertEqual(visit.ics_sequence, 1)
        self.assertEqual(contract.next_due_date, due)

    def test_search_by_booked_and_due_state(self):
        booked, free = self.make_contract(), self.make_contract()
        late = self.make_contract(next_due_date=self.today - timedelta(days=3))
        self.book(booked)
        contracts = self.env["fusion.repair.maintenance.contract"]
        both = [("id", "in", (booked | free).ids)]
        found = contracts.search([*both, ("is_booked", "=", True)])
        self.assertEqual(found, booked)
        found = contracts.search([*both, ("is_booked", "=", False)])
        self.assertEqual(found, free)
        self.assertEqual(booked.due_state, "booked")
        self.assertEqual(free.due_state, "due_soon")
        self.assertEqual(late.due_state, "overdue")

    def test_units_are_grouped_sorted_and_found_by_care_and_booking(self):
        kinds = {
            "booked": self.make_contract(),
            "due_soon": self.make_contract(),
            "overdue": self.make_contract(next_due_date=self.today - timedelta(days=3)),
            "later": self.make_contract(next_due_date=self.today + timedelta(days=99)),
            "none": self.make_contract(state="paused"),
        }
        visit = self.book(kinds["booked"])
        contracts = self.env["fusion.repair.maintenance.contract"]
        mine = [("id", "in", [contract.id for contract in kinds.values()])]
        groups = contracts._read_group(mine, ["due_state"], ["id:recordset"])
        self.assertEqual(dict(groups), kinds)
        for state, contract in kinds.items():
            self.assertEqual(contract.due_state, state)
            found = contracts.search([*mine, ("due_state", "=", state)])
            self.assertEqual(found, contract)
            others = contracts.search([*mine, ("due_state", "!=", state)])
            self.assertEqual(len(others), 4)
        first = contracts.search(mine, order="current_visit_date, id")[0]
        self.assertEqual(first, kinds["booked"])
        for domain, number in (
            ([("current_visit_date", ">=", visit.visit_date)], 1),
            ([("current_visit_date", "<", visit.visit_date)], 0),
            ([("current_visit_date", "=", False)], 4),
            ([("current_visit_date", "!=", False)], 1),
        ):
            with self.subTest(domain):
                self.assertEqual(contracts.search_count([*mine, *domain]), number)
        described = contracts.fields_get(["due_state", "current_visit_date"])
        for name, field in described.items():
            self.assertTrue(field["groupable"] and field["sortable"], name)
