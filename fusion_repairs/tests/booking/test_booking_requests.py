from datetime import timedelta

from odoo.tests import tagged

from ..common import RepairsCase


@tagged("post_install", "-at_install", "fusion")
class TestBookingRequests(RepairsCase):
    """What the office was asked to do to get a visit booked ends with the booking."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract()

    def get_state(self, contract=None):
        """Return which page the client's link shows."""
        contract = (contract or self.contract).sudo()
        page = self.env["fusion.repair.public.page"]
        return page._get_state(contract, contract.current_visit_id, {})

    def get_open(self, contract=None):
        """Return the summaries of what the office still has to do."""
        return (contract or self.contract).activity_ids.mapped("summary")

    def ask(self, contract=None):
        self.assertTrue((contract or self.contract)._request_callback("416-555-0142"))

    def test_the_call_is_not_promised_in_the_next_cycle(self):
        self.ask()
        self.assertEqual(self.get_state(), "callback")
        visit = self.book(self.contract)
        self.assertFalse(self.get_open())
        self.assertIn("A visit was booked", self.contract.message_ids[0].body)
        visit.technician_task_id.action_start()
        visit.technician_task_id.action_complete()
        self.assertEqual(self.get_state(), "choose")

    def test_booking_on_the_page_ends_the_request_of_every_unit(self):
        chair = self.make_contract()
        self.ask()
        self.ask(chair)
        offer = self.contract._get_booking_slots(
            self.contract._prepare_visit_request(chair)
        )[0]
        public = self.env.ref("base.public_user")
        contract = self.contract.with_user(public).sudo()
        contract._book_slot(offer.value, source="client_portal", companions=chair)
        self.assertFalse(self.get_open() + self.get_open(chair))

    def test_what_is_left_ends_with_the_cycle(self):
        self.ask()
        self.contract.roll_next_due_date(self.today)
        self.assertFalse(self.get_open())
        self.assertEqual(self.get_state(), "choose")

    def test_visits_that_did_not_take_place_are_agreed_on_anew(self):
        self.book(self.contract).technician_task_id.action_no_show()
        self.assertEqual(self.get_open(), ["No-show: arrange a new visit"])
        visit = self.book(self.contract)
        self.assertFalse(self.get_open())
        visit._cancel("Ill")
        self.assertEqual(self.get_open(), ["Visit cancelled: agree on a new one"])

    def test_a_visit_that_takes_place_after_all_needs_no_other(self):
        visit = self.book(self.contract)
        visit.technician_task_id.action_no_show()
        visit.technician_task_id.action_reopen()
        self.assertEqual(visit.state, "scheduled")
        self.assertIn(f"Schedule the visit {visit.name} again", self.get_open())
        visit.technician_task_id.status = "scheduled"
        self.assertFalse(self.get_open())

    def test_clients_who_cannot_be_written_to_are_called_until_booked(self):
        self.client.email = False
        self.contract._remind(self.today)
        self.assertEqual(self.get_open(), ["Call the client: maintenance is due"])
        self.book(self.contract)
        self.assertNotIn("Call the client: maintenance is due", self.get_open())

    def test_other_work_of_the_office_stays(self):
        self.contract._notify_office("Check the serial number")
        self.book(self.contract)
        self.assertEqual(self.get_open(), ["Check the serial number"])

    def test_a_day_that_passed_promises_nothing(self):
        self.ask()
        request = self.contract._get_open_callback()
        request.date_deadline = self.contract._get_today()
        self.assertEqual(self.get_state(), "callback")
        request.date_deadline -= timedelta(days=1)
        self.assertEqual(self.get_state(), "choose")
        self.ask()
        self.assertEqual(self.contract._get_open_callback(), request)
        self.assertGreater(request.date_deadline, self.contract._get_today())
        self.assertEqual(self.get_state(), "callback")
