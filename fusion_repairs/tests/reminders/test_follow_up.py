from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from ..common import RepairsCase

LOGGER = "odoo.addons.fusion_repairs.tools.savepoints"
CONTRACT = "fusion.repair.maintenance.contract"
JOBS = (
    "send_maintenance_reminders",
    "call_unbooked",
    "raise_overdue",
    "find_lost_visits",
)


@tagged("post_install", "-at_install", "fusion")
class TestFollowUp(RepairsCase):
    """After the last reminder nobody is forgotten."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env[CONTRACT].search([]).state = "paused"
        cls.env["fusion.repair.maintenance.visit"].search([]).state = "cancelled"
        cls.company.write(
            {
                "x_fc_unbooked_enabled": True,
                "x_fc_unbooked_after_days": 7,
                "x_fc_overdue_enabled": True,
                "x_fc_overdue_after_days": 14,
            }
        )
        cls.due = cls.today + timedelta(days=40)
        cls.contract = cls.make_due()

    @classmethod
    def make_due(cls, client=None, **vals):
        """Return an active contract of a client of its own."""
        client = cls.env["res.partner"].create(
            {
                "name": "Client",
                "email": "client@example.com",
                "x_fc_consent_express_date": cls.today,
                **(client or {}),
            }
        )
        return cls.make_contract(
            partner_id=client.id, next_due_date=cls.due, user_id=False, **vals
        )

    def run_on(self, days, jobs=JOBS):
        """Run the jobs at noon so many days from the due date."""
        self.env.flush_all()
        moment = fields.Datetime.to_datetime(self.due) + timedelta(days=days, hours=17)
        with freeze_time(moment), self.enter_registry_test_mode():
            for job in jobs:
                cron = self.env.ref(f"fusion_repairs.ir_cron_{job}")
                cron.method_direct_trigger()
        self.env.invalidate_all()
        return moment

    def asked(self, reason, contract=None):
        """Return the open office activities for a reason."""
        return (contract or self.contract)._find_open_activities(reason)

    def test_reminded_and_not_booked_becomes_a_call(self):
        self.run_on(-30)
        self.run_on(-24)
        self.assertFalse(self.asked("unbooked"))
        self.run_on(-23)
        activity = self.asked("unbooked")
        self.assertEqual(len(activity), 1)
        self.assertTrue(
            activity.user_id.has_group("fusion_tasks.fusion_tasks_group_dispatcher")
        )
        for days in (-22, -10, -5):
            self.run_on(days)
        self.assertEqual(len(self.asked("unbooked")), 1)

    def test_a_call_that_led_to_nothing_comes_back(self):
        for days in (-30, -23):
            self.run_on(days)
        self.asked("unbooked").action_feedback()
        self.run_on(-22)
        self.assertFalse(self.asked("unbooked"), "not at once")
        self.run_on(-16)
        self.assertTrue(self.asked("unbooked"))

    def test_what_is_not_about_booking_silences_nobody(self):
        self.run_on(-30)
        self.contract.activity_schedule(
            "mail.mail_activity_data_meeting",
            summary="Made by another app",
            date_deadline=self.due,
        )
        self.run_on(-23)
        self.assertTrue(self.asked("unbooked"))

    def test_what_is_not_about_booking_is_no_next_step(self):
        jobs = ["send_maintenance_reminders"]
        for days in (-30, -7, -1):
            self.run_on(days, jobs)
        self.contract.activity_schedule("mail.mail_activity_data_meeting")
        with freeze_time(self.due + timedelta(days=40)):
            self.assertEqual(self.contract._find_forgotten(), self.contract)

    def test_a_call_that_the_client_asked_for_counts(self):
        self.run_on(-30)
        self.contract._request_callback("416-555-0199")
        self.run_on(-23)
        self.assertFalse(self.asked("unbooked"))

    def test_overdue_goes_to_a_manager_and_comes_back(self):
        for days in (-30, -7, -1, 6, 13):
            self.run_on(days)
        self.assertFalse(self.asked("overdue"))
        self.run_on(14)
        activity = self.asked("overdue")
        self.assertEqual(len(activity), 1)
        self.assertTrue(
            activity.user_id.has_group("fusion_tasks.fusion_tasks_group_manager")
        )
        activity.action_feedback()
        self.asked("unbooked").action_feedback()
        self.run_on(20)
        self.assertFalse(self.contract.activity_ids)
        self.run_on(28)
        self.assertEqual(len(self.asked("overdue")), 1)
        self.assertFalse(self.asked("unbooked"), "it is the manager's by now")

    def test_each_step_is_behind_its_switch(self):
        self.company.write(
            {"x_fc_unbooked_enabled": False, "x_fc_overdue_enabled": False}
        )
        for days in (-30, -1, 30):
            self.run_on(days)
        self.assertFalse(self.contract.activity_ids)
        with freeze_time(self.due + timedelta(days=30)):
            self.assertEqual(self.contract._find_forgotten(), self.contract)
        self.company.x_fc_overdue_enabled = True
        self.run_on(31)
        self.assertTrue(self.asked("overdue"))

    def test_a_client_reminded_late_gets_time_to_answer(self):
        self.run_on(60)
        self.assertEqual(self.contract.reminder_ids.outcome, "queued")
        self.assertFalse(self.contract.activity_ids)
        self.run_on(67)
        self.assertTrue(self.asked("unbooked"))
        self.assertFalse(self.asked("overdue"))
        self.run_on(74)
        self.assertTrue(self.asked("overdue"))

    def test_an_archived_client_is_never_to_be_called(self):
        self.run_on(-30)
        self.contract.partner_id.active = False
        for days in (-23, 20):
            self.run_on(days)
        reasons = set(self.contract.activity_ids.mapped("x_fc_reason"))
        self.assertEqual(reasons, {"client_archived"})

    def test_a_booked_visit_that_nobody_closed(self):
        visit = self.book(self.contract)
        start = visit.visit_date
        day = (start.date() - self.due).days
        self.run_on(day, ["find_lost_visits"])
        self.assertFalse(self.asked("visit_lost"))
        moment = self.run_on(day + 2, ["find_lost_visits"])
        self.assertIn(visit.name, self.asked("visit_lost").summary)
        self.asked("visit_lost").action_feedback()
        self.run_on(day + 2, ["find_lost_visits"])
        self.assertFalse(self.asked("visit_lost"), "once a day is enough")
        with freeze_time(moment):
            self.assertEqual(self.contract._find_forgotten(), self.contract)
        self.run_on(day + 3, ["find_lost_visits"])
        self.assertTrue(self.asked("visit_lost"))

    def test_a_failure_stops_nobody_else(self):
        others = self.make_due() | self.make_due()
        self.run_on(-30)
        model = self.registry[CONTRACT]
        real, broken = model._schedule_step_activity, self.contract

        def ask(contract, step):
            if contract == broken:
                raise ValueError("No")
            return real(contract, step)

        self.patch(model, "_schedule_step_activity", ask)
        with self.assertLogs(LOGGER, "ERROR"):
            self.run_on(-23)
        self.assertFalse(self.asked("unbooked"))
        for contract in others:
            self.assertTrue(self.asked("unbooked", contract))
        self.assertFalse(self.contract.unbooked_asked_on)

    # Nobody is forgotten -------------------------------------------------------------

    def make_all_kinds(self):
        """Return contracts in every state that a client may be in."""
        blocked = {"x_fc_consent_express_date": False}
        contracts = self.contract
        for client in (
            {"email": False},
            {"email": "no address"},
            {"message_bounce": 2},
            {"x_fc_maintenance_opt_out": True, **blocked},
            {"active": False},
        ):
            contracts |= self.make_due(client)
        # The law forbids to write to her.
        contracts |= self.make_due(blocked, x_fc_source="manual")
        for state in ("draft", "paused", "cancelled"):
            contracts |= self.make_due(state=state)
        for wanted in ("scheduled", "cancelled", "no_show"):
            contract = self.make_due()
            visit = self.book(contract)
            if wanted != "scheduled":
                visit._release(wanted)
            contracts |= contract
        late = self.make_due()
        late.next_due_date = self.today - timedelta(days=400)
        return contracts | late

    def close_all(self, contracts):
        """Let the office close every activity and do nothing else."""
        contracts.activity_ids.action_feedback()
        self.env.flush_all()
        self.env.invalidate_all()

    def test_no_active_contract_is_ever_forgotten(self):
        contracts = self.make_all_kinds()
        self.assertGreater(len(contracts), 12)
        for days in range(-38, 62, 4):
            moment = self.run_on(days)
            with self.subTest(days=days), freeze_time(moment):
                self.assertFalse(contracts._find_forgotten())
                if days % 12 == 0:
                    self.close_all(contracts)
        waiting = contracts.filtered(lambda c: c.state == "active")
        # Long after the due date everybody is on somebody's list, or will be again.
        for days in (80, 81, 100):
            self.run_on(days)
        self.assertEqual(waiting.filtered("activity_ids"), waiting)

    def test_the_check_finds_what_is_forgotten(self):
        jobs = ["send_maintenance_reminders"]
        for days in (-30, -7, -1):
            self.run_on(days, jobs)
        with freeze_time(self.due + timedelta(days=40)):
            self.assertEqual(self.contract._find_forgotten(), self.contract)
            self.contract.action_pause()
            self.assertFalse(self.contract._find_forgotten())
