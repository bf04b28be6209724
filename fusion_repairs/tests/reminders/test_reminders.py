from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import RepairsCase

LOGGER = "odoo.addons.fusion_repairs.tools.savepoints"


@tagged("post_install", "-at_install", "fusion")
class TestReminders(RepairsCase):
    """Every band of every cycle once, late if need be, and nobody stops the others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        contracts = cls.env["fusion.repair.maintenance.contract"]
        contracts.search([]).state = "paused"
        cls.contract = cls.make_contract(
            next_due_date=cls.local_today() + timedelta(days=20)
        )

    @classmethod
    def local_today(cls):
        return cls.company._get_today()

    def run_job(self):
        """Run the daily job through its cron; return the mails it queued."""
        last = self.env["mail.mail"].search([], order="id desc", limit=1).id or 0
        self.env.flush_all()
        with self.enter_registry_test_mode():
            job = self.env.ref("fusion_repairs.ir_cron_send_maintenance_reminders")
            job.method_direct_trigger()
        self.env.invalidate_all()
        return self.env["mail.mail"].search([("id", ">", last)])

    def next_day(self, due_in):
        """Let a day pass, on which the unit is due in so many days."""
        row = self.contract.reminder_ids
        due = self.local_today() + timedelta(days=due_in)
        row.cycle_due_date = due
        self.contract.write(
            {
                "next_due_date": due,
                "next_due_basis": False,
                "reminder_checked_on": False,
            }
        )

    def test_mail_is_queued_and_entered_in_the_ledger(self):
        mail = self.run_job()
        row = self.contract.reminder_ids
        self.assertEqual((row.band, row.outcome, row.mail_id), (30, "queued", mail))
        self.assertEqual(row.cycle_due_date, self.contract.next_due_date)
        self.assertEqual(self.contract.last_reminder_band, 30)
        self.assertEqual(mail.state, "outgoing")
        self.assertEqual(mail.recipient_ids, self.client)
        token = self.contract.sudo().booking_token
        self.assertIn(f"/repairs/maintenance/book/{token}", mail.body_html)
        for text in ("Margaret", "Stair Lift", "179.00", "HST 13%", "416-555-0100"):
            self.assertIn(text, mail.body_html)

    def test_mail_carries_one_click_opt_out(self):
        mail = self.run_job()
        token = self.client.sudo().x_fc_opt_out_token
        self.assertIn("List-Unsubscribe=One-Click", mail.headers)
        self.assertIn(f"/repairs/maintenance/opt-out/{token}>", mail.headers)
        self.assertIn(f"/repairs/maintenance/opt-out/{token}", mail.body_html)

    def test_link_is_in_no_chatter(self):
        self.run_job()
        bodies = str(self.contract.message_ids.mapped("body"))
        self.assertIn("margaret@example.com", bodies)
        self.assertNotIn(self.contract.sudo().booking_token, bodies)
        linked = [("model", "=", self.contract._name), ("body", "ilike", "/book/")]
        self.assertFalse(self.env["mail.message"].search(linked))

    def test_second_run_of_the_day_sends_nothing(self):
        self.assertEqual(len(self.run_job()), 1)
        self.assertFalse(self.run_job())
        self.contract.reminder_checked_on = False
        self.assertFalse(self.run_job())

    def test_each_band_once_and_the_tightest_after_a_pause(self):
        sent = []
        for due_in in (31, 30, 29, 8, 6, 5, 1, 0, -3):
            self.next_day(due_in)
            self.run_job()
            sent.append(len(self.contract.reminder_ids))
        self.assertEqual(sent, [0, 1, 1, 1, 2, 2, 3, 3, 3])
        self.assertEqual(sorted(self.contract.reminder_ids.mapped("band")), [1, 7, 30])

    def test_days_missed_are_caught_up_by_one_mail(self):
        self.next_day(-2)
        self.assertEqual(len(self.run_job()), 1)
        self.assertEqual(self.contract.reminder_ids.band, 1)

    def test_booked_paused_and_switched_off_are_left_alone(self):
        self.contract.action_pause()
        self.assertFalse(self.run_job())
        self.contract.action_resume()
        self.company.x_fc_reminders_enabled = False
        self.assertFalse(self.run_job())
        self.company.x_fc_reminders_enabled = True
        self.book(self.contract)
        self.assertFalse(self.run_job())
        self.assertFalse(self.contract.reminder_ids)

    def assert_called(self, word):
        self.assertFalse(self.run_job())
        row = self.contract.reminder_ids
        self.assertEqual((row.outcome, row.band), ("call", 30))
        self.assertIn(word, row.reason)
        activity = self.contract.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.dispatcher)

    def test_opted_out_client_is_called(self):
        self.client._fc_opt_out("page")
        self.assert_called("no reminders")

    def test_client_without_mail_is_called(self):
        self.client.email = "not an address"
        self.assert_called("email address")

    def test_client_is_called_once_consent_has_passed(self):
        self.contract.start_date = self.today - timedelta(days=1200)
        self.assertFalse(self.client.x_fc_consent_until >= self.today)
        self.assert_called("law")

    def test_express_consent_does_not_pass(self):
        self.contract.start_date = self.today - timedelta(days=1200)
        self.client.x_fc_consent_express_date = "2015-01-01"
        self.assertEqual(len(self.run_job()), 1)

    def poison(self, *contracts):
        """Return a patch under which preparing the mail of some contracts fails."""
        model = self.registry["fusion.repair.maintenance.contract"]
        prepare, ids = model._prepare_reminder_mail_vals, [c.id for c in contracts]

        def fail(contract, *args):
            if contract.id in ids:
                raise ValueError("Broken address")
            return prepare(contract, *args)

        return patch.object(model, "_prepare_reminder_mail_vals", fail)

    @mute_logger(LOGGER)
    def test_poisoned_contract_stops_nobody(self):
        others = self.contract.browse()
        for _n in range(2):
            others |= self.make_contract(partner_id=self.client.copy().id)
        with self.poison(others[0]):
            self.assertEqual(len(self.run_job()), 2)
        self.assertEqual(others[0].reminder_error, "Broken address")
        self.assertFalse(others[0].reminder_ids)
        self.assertEqual(others[0].activity_ids.summary, "Reminder failed")
        others[0].reminder_checked_on = False
        self.assertEqual(len(self.run_job()), 1)
        self.assertFalse(others[0].reminder_error)

    def test_ledger_follows_what_the_mail_server_said(self):
        mail = self.run_job()
        row = self.contract.reminder_ids
        mail._postprocess_sent_message([], [], "No route", "mail_smtp")
        self.assertEqual((row.outcome, row.reason), ("failed", "No route"))
        mail._postprocess_sent_message(self.client.ids, [])
        self.assertEqual(row.outcome, "sent")
        self.assertFalse(mail.exists())

    def test_booking_after_the_mail_is_seen_in_the_ledger(self):
        self.run_job()
        row = self.contract.reminder_ids
        row.sent_at = fields.Datetime.now() - timedelta(hours=1)
        self.assertFalse(row.booked)
        self.book(self.contract)
        row.invalidate_recordset()
        self.assertTrue(row.booked)

    def test_mail_is_in_the_clients_language(self):
        self.env["res.lang"]._activate_lang("fr_CA")
        self.client.lang = "fr_CA"
        self.product.with_context(lang="fr_CA").name = "Monte-escalier"
        mail = self.run_job()
        self.assertIn("Monte-escalier", mail.subject)
        self.assertIn("Monte-escalier", mail.body_html)
