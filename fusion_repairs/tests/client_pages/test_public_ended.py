from odoo.tests import tagged

from .public_case import PublicCase


@tagged("post_install", "-at_install", "fusion")
class TestPublicEnded(PublicCase):
    """Forms of a page that was open while the contract ended, or the visit began."""

    def test_an_ended_contract_takes_no_form(self):
        page = self.get()
        value = self.slots(page)[0]
        for state in ("cancelled", "paused", "draft"):
            self.contract.state = state
            before = self.snapshot()
            for action, data in (
                ("/confirm", {"slot": value}),
                ("/move", {"slot": value}),
                ("/cancel", {"reason": "Sold", "scope": "all"}),
                ("/callback", {"phone": "416 555 0142"}),
            ):
                with self.subTest(state=state, action=action):
                    answer = self.post(action, page, **data)
                    self.assertEqual(answer.status_code, 303)
                    self.assertEqual(self.snapshot(), before)
                    shown = self.words(self.get(answer.headers["Location"]))
                    self.assertIn("nothing to book right now", shown)
                    self.assertNotIn("We will call you", shown)

    def test_a_booked_contract_asks_for_no_call(self):
        page = self.get()
        self.book()
        before = self.snapshot()
        answer = self.post("/callback", page, phone="416 555 0142")
        self.assertEqual(self.snapshot(), before)
        shown = self.words(self.get(answer.headers["Location"]))
        self.assertIn("Your visit is booked", shown)

    def test_a_visit_that_began_is_not_cancelled_from_an_old_page(self):
        visit = self.book()
        visit.technician_task_id.action_start()
        self.assertFalse(self.contract._cancel_booking("Away"))
        self.assertEqual(visit.state, "in_progress")
