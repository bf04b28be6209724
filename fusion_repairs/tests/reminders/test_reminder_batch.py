import sys
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError
from psycopg2.errors import SerializationFailure

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import RepairsCase

LOGGER = "odoo.addons.fusion_repairs.tools.savepoints"
CONTRACT = "fusion.repair.maintenance.contract"


@tagged("post_install", "-at_install", "fusion")
class TestReminderBatch(RepairsCase):
    """Many at once: few queries, nobody forgotten, nobody twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env[CONTRACT].search([]).state = "paused"
        cls.job = cls.env.ref("fusion_repairs.ir_cron_send_maintenance_reminders")

    def make_due(self, number):
        """Return due contracts of as many clients."""
        clients = self.env["res.partner"].create(
            [
                {"name": f"Client {n}", "email": f"client{n}@example.com"}
                for n in range(number)
            ]
        )
        contracts = self.env[CONTRACT]
        for client in clients:
            contracts |= self.make_contract(partner_id=client.id)
        return contracts

    def run_job(self):
        """Run the daily job through its cron."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.job.method_direct_trigger()
        self.env.invalidate_all()

    def count_queries(self, contracts):
        """Return how many queries reminding about contracts takes."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.let_time_end_after(9)
        outcome = contracts._remind_safely()
        self.env.flush_all()
        self.assertFalse(outcome.held)
        return self.env.cr.sql_log_count - before

    def test_a_batch_of_many_takes_hardly_more_queries_than_one(self):
        self.count_queries(self.make_due(1))
        few, many = self.make_due(5), self.make_due(45)
        few, many = self.count_queries(few), self.count_queries(many)
        self.assertLess(many - few, 12)

    def test_everybody_gets_their_own_links(self):
        contracts = self.make_due(3)
        self.run_job()
        for contract in contracts:
            mail = contract.reminder_ids.mail_id
            client = contract.partner_id
            self.assertEqual(mail.recipient_ids, client)
            self.assertIn(contract.sudo().booking_token, mail.body_html)
            self.assertIn(client.sudo().x_fc_opt_out_token, mail.body_html)
            self.assertIn(client.sudo().x_fc_opt_out_token, mail.headers)
            self.assertFalse(mail.body)
            self.assertFalse(mail.model)
        self.assertEqual(len(set(contracts.reminder_ids.mail_id)), 3)

    def test_prices_in_one_batch_are_everybodys_own(self):
        contracts = self.make_due(4)
        canada = self.env.ref("base.ca")
        alberta = self.env["res.country.state"].search(
            [("code", "=", "AB"), ("country_id", "=", canada.id)]
        )
        gst = self.tax.copy({"name": "GST 5%", "amount": 5})
        position = self.env["account.fiscal.position"].create(
            {
                "name": "Alberta",
                "auto_apply": True,
                "country_id": canada.id,
                "state_ids": alberta.ids,
                "company_id": self.company.id,
            }
        )
        gst.write({"fiscal_position_ids": position.ids, "original_tax_ids": self.tax})
        contracts[1].partner_id.write({"country_id": canada, "state_id": alberta})
        contracts[2].x_fc_maintenance_fee = 99
        self.run_job()
        totals = ("202.27", "187.95", "111.87", "202.27")
        for contract, total in zip(contracts, totals, strict=True):
            breakdown = contract._get_fee_breakdown()
            self.assertEqual(f"{breakdown['total']:.2f}", total)
            self.assertIn(total, contract.reminder_ids.mail_id.body_html)

    def test_the_run_is_noted_although_its_time_ends_with_the_last_batch(self):
        runs = self.env["fusion.repair.reminder.run"]
        runs.search([]).unlink()
        self.make_due(3)
        self.let_time_end_after(1)
        self.env[CONTRACT]._cron_send_reminders()
        self.assertEqual(len(runs.search([])), 1)

    def test_a_run_that_did_not_look_at_everybody_is_not_noted(self):
        runs = self.env["fusion.repair.reminder.run"]
        runs.search([]).unlink()
        contracts = self.make_due(3)
        self.let_time_end_after(1)
        job = "odoo.addons.fusion_repairs.models.reminders"
        self.patch(
            sys.modules[f"{job}.fusion_repair_maintenance_contract_reminder"],
            "BATCH",
            2,
        )
        self.env[CONTRACT]._cron_send_reminders()
        self.assertFalse(runs.search([]))
        self.assertEqual(len(contracts.reminder_ids), 2)
        self.let_time_end_after(9)
        self.env[CONTRACT]._cron_send_reminders()
        self.assertEqual(len(contracts.reminder_ids), 3)
        self.assertEqual(len(runs.search([])), 1)

    def hold(self, held, rounds):
        """Return a patch under which contracts are locked by somebody for a while."""
        model = self.registry[CONTRACT]
        lock, left = model.try_lock_for_update, [rounds]

        def try_lock(contracts, **options):
            if contracts & held and left[0]:
                left[0] -= 1
                return lock(contracts - held, **options)
            return lock(contracts, **options)

        return patch.object(model, "try_lock_for_update", try_lock)

    def test_a_contract_in_use_is_reminded_later_in_the_same_run(self):
        contracts = self.make_due(3)
        with self.hold(contracts[1], rounds=1):
            self.run_job()
        self.assertEqual(len(contracts.reminder_ids), 3)

    def test_a_contract_in_use_all_the_time_is_come_back_to_soon(self):
        contracts = self.make_due(3)
        self.env["ir.cron.trigger"].search([]).unlink()
        with self.hold(contracts[1], rounds=100):
            self.run_job()
        self.assertFalse(contracts[1].reminder_ids)
        self.assertFalse(contracts[1].reminder_checked_on)
        self.assertEqual(len(contracts.reminder_ids), 2)
        soon = self.env.cr.now() + timedelta(minutes=10)
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", self.job.id)])
        self.assertTrue(triggers.filtered(lambda t: t.call_at <= soon))
        self.run_job()
        self.assertEqual(len(contracts.reminder_ids), 3)

    def test_a_contract_changed_meanwhile_is_looked_at_afresh(self):
        contracts = self.make_due(3)
        model = self.registry[CONTRACT]
        lock, failed = model.try_lock_for_update, []

        def try_lock(found, **options):
            if contracts[2] in found and len(failed) < 2:
                failed.append(found)
                raise SerializationFailure("could not serialize access")
            return lock(found, **options)

        with patch.object(model, "try_lock_for_update", try_lock):
            self.run_job()
        # Once in the batch, once alone; then it is taken up again.
        self.assertEqual([len(found) for found in failed], [3, 1])
        self.assertEqual(len(contracts.reminder_ids), 3)
        self.assertFalse(any(contracts.mapped("reminder_error")))

    @mute_logger(LOGGER)
    def test_a_failure_that_cannot_be_noted_blocks_nobody(self):
        contracts = self.make_due(3)
        model = self.registry[CONTRACT]

        def fail(*_args, **_options):
            raise ValueError("No")

        send, notify = model._send_reminders, fail

        def fail_one(found, bands):
            if contracts[0] in bands:
                raise ValueError("No")
            return send(found, bands)

        with (
            patch.object(model, "_send_reminders", fail_one),
            patch.object(model, "_notify_office", notify),
        ):
            self.run_job()
        self.assertEqual(contracts.reminder_ids.contract_id, contracts[1:])
        self.assertFalse(contracts[0].reminder_checked_on)

    def test_a_company_without_address_writes_to_nobody(self):
        contracts = self.make_due(2)
        self.company.city = False
        self.run_job()
        self.run_job()
        self.assertFalse(contracts.reminder_ids)
        self.assertFalse(contracts[0].reminder_checked_on)
        activity = self.company.partner_id.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertIn("mailing address", activity.note)
        self.company.city = "Toronto"
        self.run_job()
        self.assertEqual(len(contracts.reminder_ids), 2)

    def test_each_company_has_its_hour_whatever_the_clocks_do(self):
        self.company.x_fc_reminder_hour = 9.5
        for moment, wanted in (
            ("2027-01-15 14:29", False),  # 9:29, standard time
            ("2027-01-15 14:30", True),
            ("2027-07-15 13:29", False),  # 9:29, daylight time
            ("2027-07-15 13:30", True),
            ("2027-03-14 13:30", True),  # the day the clocks go forward
            ("2027-11-07 13:45", False),  # and back
            ("2027-07-16 03:59", True),  # 23:59, the same day
            ("2027-07-16 04:00", False),
        ):
            with self.subTest(moment=moment), freeze_time(moment):
                self.assertEqual(self.company._is_reminder_time(), wanted)

    def test_too_early_in_the_day_nothing_goes_out(self):
        contracts = self.make_due(1)
        with patch.object(self.registry["res.company"], "_is_reminder_time") as time:
            time.return_value = False
            self.run_job()
            self.assertFalse(contracts.reminder_ids)
            time.return_value = True
            self.run_job()
        self.assertEqual(len(contracts.reminder_ids), 1)

    def test_settings_refuse_what_cannot_be_meant(self):
        settings = self.env["res.config.settings"]
        for bands in ("", "30, seven", "7, 7", "0", "-1", "30;7"):
            with self.subTest(bands=bands), self.assertRaises(ValidationError) as error:
                settings.create({"x_fc_reminder_bands": bands})
            self.assertIn("30,7,1", str(error.exception))
        settings.create({"x_fc_reminder_bands": "60, 30,7"})
        self.assertEqual(self.company._get_reminder_bands(), (60, 30, 7))
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            settings.create({"x_fc_reminder_hour": 24})
            self.env.flush_all()

    def test_a_blocked_or_bounced_address_is_called(self):
        contracts = self.make_due(2)
        self.env["mail.blacklist"]._add(contracts[0].partner_id.email)
        contracts[1].partner_id.message_bounce = 3
        self.run_job()
        for contract in contracts:
            self.assertEqual(contract.reminder_ids.outcome, "call")
            self.assertIn("came back", contract.reminder_ids.reason)
            self.assertEqual(len(contract.activity_ids), 1)
            # The next band finds the call still open: it asks for no second one.
            contract.reminder_ids.band = 60
            contract.reminder_checked_on = False
            self.run_job()
            self.assertEqual(len(contract.reminder_ids), 2)
            self.assertEqual(len(contract.activity_ids), 1)

    def test_a_deleted_template_is_reported_once(self):
        contracts = self.make_due(2)
        self.env.ref("fusion_repairs.mail_template_maintenance_reminder").unlink()
        self.run_job()
        self.assertFalse(contracts.reminder_ids)
        activity = self.company.partner_id.activity_ids
        self.assertIn("template", activity.note)
