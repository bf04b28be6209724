from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common import RepairsCase


@tagged("post_install", "-at_install", "fusion")
class TestServiceElsewhere(RepairsCase):
    """What others did, and what was corrected later, is said as it is."""

    def setUp(self):
        super().setUp()
        self.contracts = self.env["fusion.repair.maintenance.contract"]

    def enrol(self, **vals):
        """Return an active contract whose due date is counted from its dates."""
        return self.contracts.create(
            {
                "partner_id": self.client.id,
                "product_id": self.product.id,
                "start_date": date(2026, 3, 1),
                "state": "active",
                **vals,
            }
        )

    def record(self, contract, user=None, **vals):
        """Record a service as the dispatcher does, in the dialog."""
        action = contract.with_user(user or self.dispatcher).action_record_service()
        wizard = self.env[action["res_model"]].with_user(user or self.dispatcher)
        with Form(wizard.with_context(**action["context"])) as form:
            form.serviced_by = "Lift Makers Inc."
            for name, value in vals.items():
                form[name] = value
        form.record.action_record()

    # Recording -------------------------------------------------------------------

    def test_service_elsewhere_arms_the_next_cycle(self):
        contract = self.make_contract()
        due, link = contract.next_due_date, contract.sudo().booking_token
        contract.last_reminder_band = 30
        day = self.today - timedelta(days=2)
        self.record(contract, service_date=day, note="Batteries <new>")
        self.assertEqual(contract.last_service_date, day)
        self.assertEqual(contract.next_due_date, due + relativedelta(months=12))
        self.assertEqual(contract.last_reminder_band, 0)
        self.assertNotEqual(contract.sudo().booking_token, link)
        bodies = "".join(contract.message_ids.mapped("body"))
        self.assertIn("Lift Makers Inc.", bodies)
        self.assertIn("Batteries &lt;new&gt;", bodies)

    def test_day_is_today_unless_told(self):
        contract = self.make_contract()
        self.record(contract)
        self.assertEqual(contract.last_service_date, contract._get_today())

    def test_one_service_is_recorded_once(self):
        contract = self.make_contract()
        self.record(contract)
        due = contract.next_due_date
        with self.assertRaisesRegex(UserError, "this one is not later"):
            self.record(contract)
        self.assertEqual(contract.next_due_date, due)

    def test_service_in_the_future_is_refused(self):
        contract = self.make_contract()
        with self.assertRaisesRegex(UserError, "cannot lie in the future"):
            self.record(contract, service_date=self.today + timedelta(days=3))

    def test_booked_unit_is_refused(self):
        contract = self.make_contract()
        self.book(contract)
        with self.assertRaisesRegex(UserError, "A visit is booked"):
            contract.with_user(self.dispatcher).action_record_service()

    def test_booked_meanwhile_is_refused(self):
        contract = self.make_contract()
        wizard = self.env["fusion.repair.service.wizard"].create(
            {"contract_id": contract.id, "serviced_by": "Somebody"}
        )
        self.book(contract)
        with self.assertRaisesRegex(UserError, "A visit is booked"):
            wizard.action_record()

    def test_ended_unit_is_refused(self):
        contract = self.make_contract()
        contract.action_cancel()
        with self.assertRaisesRegex(UserError, "not active"):
            contract.action_record_service()

    def test_technician_may_not(self):
        contract = self.make_contract()
        with self.assertRaises(AccessError):
            contract.with_user(self.technician).action_record_service()

    # Why this date ---------------------------------------------------------------

    def test_day_that_was_counted_from_stays_said(self):
        contract = self.enrol()
        self.assertEqual(contract.next_due_date, date(2027, 3, 1))
        contract.start_date = date(2026, 5, 20)
        self.assertEqual(contract.next_due_date, date(2027, 3, 1))
        self.assertIn("March 1, 2026", contract.next_due_reason)

    def test_service_typed_later_was_not_counted_from(self):
        contract = self.enrol()
        contract.last_service_date = date(2026, 4, 4)
        self.assertIn("March 1, 2026", contract.next_due_reason)
        self.assertNotIn("April", contract.next_due_reason)

    def test_draft_says_what_it_counts_from_now(self):
        contract = self.enrol(state="draft")
        contract.last_service_date = date(2026, 4, 4)
        self.assertEqual(contract.next_due_date, date(2027, 4, 4))
        self.assertIn("April 4, 2026", contract.next_due_reason)
        contract.action_activate()
        contract.last_service_date = date(2026, 6, 6)
        self.assertIn("April 4, 2026", contract.next_due_reason)

    def test_day_that_was_chosen_is_not_explained_by_another(self):
        contract = self.enrol(next_due_date=date(2026, 12, 24))
        self.assertEqual(contract.next_due_reason, "First visit of this unit.")

    def test_last_service_is_still_judged(self):
        contract = self.enrol()
        with self.assertRaisesRegex(UserError, "cannot lie in the future"):
            contract.last_service_date = self.today + timedelta(days=3)

    # Maintained Units ---------------------------------------------------------------

    def test_category_counts_what_its_button_opens(self):
        self.make_contract()
        self.make_contract().action_cancel()
        self.make_contract().action_pause()
        for category in (self.category, self.family):
            with self.subTest(category=category.name):
                opened = self.contracts.search(
                    category.action_view_contracts()["domain"]
                )
                self.assertEqual(len(opened), 2)
                self.assertEqual(category.contract_count, 2)

    def test_list_opens_with_what_is_to_be_activated(self):
        action = self.env.ref(
            "fusion_repairs.fusion_repair_maintenance_contract_action"
        )
        self.assertIn("search_default_to_activate", action.context)
        self.assertIn("search_default_active_ones", action.context)
