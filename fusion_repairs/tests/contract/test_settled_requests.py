from datetime import timedelta

from odoo.tests import tagged

from ..booking.office_case import OfficeCase

CALLS = {
    "call_due",
    "unbooked",
    "overdue",
    "no_show",
    "certificate_expires",
    "pause_over",
}
MAILS = {"mail_bounced", "mail_failed", "visit_changed", "tell_client:1"}
REMINDERS = {"reminder_failed", "reminder_mail_failed"}
QUESTIONS = {"client_archived", "still_there", "end_after_visit", "visit_lost"}
# Nothing of the client's or the contract's settles what is wrong with the unit.
UNIT = {"known_defects", "book_parts:1", "a summary in words"}
EVERY = CALLS | MAILS | REMINDERS | QUESTIONS | UNIT | {"callback"}


@tagged("post_install", "-at_install", "fusion")
class TestSettledRequests(OfficeCase):
    """What happened takes back what the office was to do because it had not."""

    def setUp(self):
        super().setUp()
        self.contract = self.make_contract_of("Nora Example")
        self.partner = self.contract.partner_id
        for reason in sorted(EVERY - {"callback"}):
            self.contract._notify_office("Please", reason=reason)
        self.contract._request_callback("416-555-0199")
        self.planned = self.contract.activity_schedule(
            "mail.mail_activity_data_call", summary="Planned by hand"
        )

    def get_left(self):
        """Return the reasons that are still open."""
        activities = self.contract.activity_ids - self.planned
        return {
            "callback" if activity._is_callback() else activity.x_fc_reason
            for activity in activities
        }

    def check_settled(self, act, settled):
        """Check what an act closes, and that the chatter says so."""
        self.assertEqual(self.get_left(), EVERY)
        said = len(self.contract.message_ids)
        act()
        self.assertEqual(EVERY - self.get_left(), settled)
        self.assertTrue(self.planned.exists().active)
        self.assertGreater(len(self.contract.message_ids), said)

    def test_booked(self):
        self.check_settled(
            lambda: self.book(self.contract), CALLS | REMINDERS | {"callback"}
        )

    def test_serviced_elsewhere(self):
        self.check_settled(
            lambda: self.as_dispatcher(self.contract)._record_service(
                self.today - timedelta(days=1), "The factory"
            ),
            CALLS | REMINDERS | {"callback", "visit_lost"},
        )

    def test_paused(self):
        self.check_settled(
            self.as_dispatcher(self.contract).action_pause,
            CALLS | REMINDERS | {"callback"},
        )

    def test_ended_by_the_office(self):
        self.check_settled(
            self.as_dispatcher(self.contract).action_cancel,
            CALLS | REMINDERS | QUESTIONS | {"callback", "mail_bounced"},
        )

    def test_sold_on(self):
        self.check_settled(
            lambda: self.contract._hand_over(self.client, self.client),
            CALLS | REMINDERS | QUESTIONS | {"callback", "mail_bounced"},
        )

    def test_another_owner(self):
        def pass_on():
            self.contract.partner_id = self.client

        self.check_settled(
            pass_on, CALLS | REMINDERS | MAILS | {"callback", "client_archived"}
        )

    def test_the_client_is_archived(self):
        def archive():
            self.partner.active = False

        self.check_settled(archive, CALLS | REMINDERS | MAILS | {"callback"})

    def test_the_client_is_restored(self):
        self.partner.active = False
        for reason in sorted(EVERY - {"callback"}):
            self.contract._notify_office("Please", reason=reason)
        self.contract._request_callback("416-555-0199")

        def restore():
            self.partner.active = True

        self.check_settled(restore, {"client_archived"})

    def test_the_client_stops_reminders(self):
        def stop():
            self.partner.x_fc_maintenance_opt_out = True

        self.check_settled(stop, REMINDERS)

    def test_the_address_is_corrected(self):
        self.partner.message_bounce = 1

        def correct():
            self.partner.email = "nora.corrected@example.com"

        self.check_settled(correct, {"mail_bounced"})

    def test_the_contact_is_merged_into_one_that_is_there(self):
        survivor = self.make_client("Nora Example-Other")

        def merge():
            wizard = self.env["base.partner.merge.automatic.wizard"].create({})
            wizard._merge((self.partner | survivor).ids, survivor)

        self.check_settled(merge, {"client_archived"})

    def test_a_lost_visit_that_is_closed_or_moved(self):
        self.contract.activity_ids.unlink()
        for act in ("_cancel", "move", "done"):
            with self.subTest(act=act):
                contract = self.make_contract_of(f"Client {act}")
                visit = self.book(contract)
                visit._flag_unclosed()
                asked = contract._find_open_activities("visit_lost")
                self.assertEqual(len(asked), 1)
                task = visit.technician_task_id
                if act == "_cancel":
                    visit._cancel("Away")
                elif act == "move":
                    task.date_start += timedelta(days=7)
                else:
                    task.action_start()
                    task.action_complete()
                self.assertFalse(contract._find_open_activities("visit_lost"))
