from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..booking.office_case import OfficeCase


@tagged("post_install", "-at_install", "fusion")
class TestPauseAndEnd(OfficeCase):
    """Pausing has an end and a reason, ending a reason that can be counted."""

    def ask(self, contracts, method, **vals):
        """Answer the dialog of a button, as a dispatcher does."""
        action = getattr(contracts.with_user(self.dispatcher), method)()
        wizard = self.env[action["res_model"]].with_user(self.dispatcher)
        with Form(wizard.browse(action["res_id"])) as form:
            for name, value in vals.items():
                setattr(form, name, value)
        form.record.action_confirm()

    def test_a_pause_says_until_when_and_why(self):
        contract = self.make_contract()
        until = self.today + timedelta(days=40)
        self.ask(
            contract, "action_ask_pause", until=until, pause_reason="hospital", note="x"
        )
        self.assertEqual(contract.state, "paused")
        self.assertEqual(
            (contract.paused_until, contract.pause_reason), (until, "hospital")
        )
        self.assertIn("x", contract.message_ids.mapped("preview"))

    def test_a_pause_ends_on_a_day_to_come(self):
        with self.assertRaisesRegex(UserError, "future date"):
            self.ask(
                self.make_contract(),
                "action_ask_pause",
                until=self.today - timedelta(days=2),
                pause_reason="away",
            )

    def test_care_goes_on_by_itself_and_the_office_is_told(self):
        due = self.make_contract()
        later = self.make_contract()
        endless = self.make_contract()
        for contract in (due, later):
            contract._pause(self.today + timedelta(days=40), "away")
        endless.action_pause()
        due.paused_until = self.today - timedelta(days=1)
        self.let_time_end_after(10)
        due._cron_resume_paused()
        self.assertEqual(due.state, "active")
        self.assertFalse(due.paused_until or due.pause_reason)
        told = due._find_open_activities("pause_over")
        self.assertEqual(told.user_id, due.user_id)
        self.assertIn("Client Is Away", told.note)
        self.assertEqual((later.state, endless.state), ("paused", "paused"))

    def test_resuming_by_hand_forgets_the_pause(self):
        contract = self.make_contract()
        contract._pause(self.today + timedelta(days=40), "away")
        contract.action_resume()
        self.assertFalse(contract.paused_until or contract.pause_reason)

    def test_the_reason_for_an_end_can_be_counted(self):
        contracts = self.make_contract() | self.make_contract()
        self.ask(contracts, "action_ask_end", end_cause="moved")
        self.ask(self.make_contract(), "action_ask_end", end_cause="too_expensive")
        counted = dict(
            contracts._read_group(
                [("end_cause", "in", ("moved", "too_expensive"))],
                ["end_cause"],
                ["__count"],
            )
        )
        self.assertEqual(counted, {"moved": 2, "too_expensive": 1})
        self.assertEqual(set(contracts.mapped("state")), {"cancelled"})

    def test_no_end_and_no_pause_without_a_reason(self):
        for method, words in (
            ("action_ask_end", "why"),
            ("action_ask_pause", "until when, and why"),
        ):
            contract = self.make_contract().with_user(self.dispatcher)
            action = getattr(contract, method)()
            wizard = self.env[action["res_model"]].browse(action["res_id"])
            with self.assertRaisesRegex(UserError, words):
                wizard.with_user(self.dispatcher).action_confirm()

    def test_many_are_activated_paused_assigned_and_ended_at_once(self):
        contracts = self.make_contract(state="draft") | self.make_contract(
            state="draft"
        )
        second = self.make_user("dispatcher", "fr_second")
        contracts.with_user(self.dispatcher).action_activate()
        self.ask(contracts, "action_ask_assign", user_id=second)
        self.assertEqual(contracts.user_id, second)
        until = self.today + timedelta(days=40)
        self.ask(contracts, "action_ask_pause", until=until, pause_reason="wish")
        self.assertEqual(set(contracts.mapped("state")), {"paused"})
        self.ask(contracts, "action_ask_end", end_cause="other")
        self.assertEqual(set(contracts.mapped("state")), {"cancelled"})

    def test_nobody_is_given_what_they_cannot_open(self):
        nobody = self.make_user("user", "fr_nobody")
        nobody.group_ids = self.env.ref("base.group_user")
        with self.assertRaisesRegex(UserError, "cannot open"):
            self.ask(self.make_contract(), "action_ask_assign", user_id=nobody)

    def test_only_the_office_is_asked(self):
        contract = self.make_contract()
        for method in ("action_ask_pause", "action_ask_end", "action_ask_assign"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(contract.with_user(self.reader), method)()
