import re
from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...tools.mail_text import html_to_text
from ..common import RepairsCase

CONTRACT = "fusion.repair.maintenance.contract"
LOGGER = "odoo.addons.fusion_repairs.tools.savepoints"


@tagged("post_install", "-at_install", "fusion")
class TestReminderTogether(RepairsCase):
    """One mail a client, place and day, whatever number of units are due."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env[CONTRACT].search([]).state = "paused"
        cls.job = cls.env.ref("fusion_repairs.ir_cron_send_maintenance_reminders")
        cls.client.x_fc_consent_express_date = cls.today
        cls.day = cls.company._get_today()

    def make_units(self, number, due=14, **vals):
        """Return due units of one client, one day after the other, each of a model."""
        units = self.env[CONTRACT]
        for n in range(number):
            product = self.env["product.product"].create(
                {
                    "name": f"Lift {n + 1}",
                    "type": "consu",
                    "x_fc_repair_category_id": self.category.id,
                }
            )
            units |= self.make_contract(
                product_id=product.id,
                next_due_date=self.day + timedelta(days=due + n % 7),
                **vals,
            )
        return units

    def run_job(self):
        """Run the daily job through its cron."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.job.method_direct_trigger()
        self.env.invalidate_all()

    def read_text(self, mail):
        """Return subject and text of a mail."""
        text = html_to_text(mail.body_html).replace("\xa0", " ")
        return mail.subject.replace("\xa0", " "), text

    def links(self, mail):
        """Return the booking links of a mail, each once."""
        found = re.findall(r'href="([^"]*/maintenance/book/[^"]*)"', mail.body_html)
        return list(dict.fromkeys(found))

    def test_one_unit_says_by_when_and_that_nothing_is_booked(self):
        unit = self.make_units(1)
        self.run_job()
        day = f"{unit.next_due_date:%B} {unit.next_due_date.day}"
        said = f"is due by {day}. Nothing is booked yet."
        for text in self.read_text(unit.reminder_ids.mail_id):
            self.assertIn(said, text)
            self.assertNotIn(f"{unit.next_due_date:%A}", text)

    def test_what_was_due_is_said_so(self):
        unit = self.make_contract(next_due_date=self.day - timedelta(days=3))
        self.run_job()
        subject, _text = self.read_text(unit.reminder_ids.mail_id)
        self.assertIn("was due by", subject)

    def test_french(self):
        self.env["res.lang"]._activate_lang("fr_CA")
        self.client.lang = "fr_CA"
        unit = self.make_units(1).with_context(lang="fr_CA")
        words = self.env["fusion.repair.public.words"].with_context(lang="fr_CA")
        day = self.day.replace(month=12, day=1)
        self.assertEqual(words._format_due_day(day, day), "1er décembre")
        self.run_job()
        _subject, text = self.read_text(unit.reminder_ids.mail_id)
        self.assertNotIn("vendredi", text)

    def test_a_few_units_are_one_mail_with_one_link(self):
        units = self.make_units(3)
        units[1].x_fc_maintenance_fee = 49
        self.run_job()
        mail = units.reminder_ids.mail_id
        self.assertEqual(len(mail), 1)
        self.assertEqual(len(units.reminder_ids), 3)
        self.assertEqual(set(units.reminder_ids.mapped("outcome")), {"queued"})
        self.assertEqual(set(units.mapped("last_reminder_band")), {30})
        subject, text = self.read_text(mail)
        self.assertIn("3 units", subject)
        for name in ("Lift 1", "Lift 2", "Lift 3"):
            self.assertIn(name, text)
        self.assertIn("Nothing is booked yet.", text)
        self.assertIn("Lift 2: $49.00", text)
        self.assertIn("Total: $459.91", text)  # 179 + 49 + 179, and 13 %
        self.assertEqual(self.links(mail), [units[0]._get_booking_url()])

    def test_the_page_of_the_link_offers_what_the_mail_named(self):
        self.company.x_fc_bundle_days = 5
        late = self.make_contract(next_due_date=self.day - timedelta(days=60))
        units = late | self.make_units(2, due=20)
        near = self.make_contract(next_due_date=self.day - timedelta(days=59))
        near.is_booked = False
        near.reminder_checked_on = self.day
        self.run_job()
        self.assertEqual(len(units.reminder_ids.mail_id), 1)
        offered = late._get_companions()
        self.assertEqual(offered[:2], units[1:])
        self.assertIn(late, units[1]._get_companions())

    def test_a_home_with_forty_units_gets_one_mail(self):
        units = self.make_units(40)
        self.run_job()
        mail = units.reminder_ids.mail_id
        self.assertEqual(len(mail), 1)
        self.assertEqual(len(units.reminder_ids), 40)
        _subject, text = self.read_text(mail)
        for unit in units:
            self.assertIn(f"{unit._get_unit_name()}, due by", text)
        links = self.links(mail)
        self.assertEqual(len(links), 10)
        self.assertIn("Visit 1 of 10", text)
        leads = units.filtered(lambda unit: unit._get_booking_url() in links)
        seen = self.env[CONTRACT]
        for lead in leads:
            together = lead | lead._get_companions()
            self.assertEqual(set(together.offered_with_id), {lead})
            self.assertFalse(seen & together, "each unit stands at one link")
            seen |= together
        self.assertEqual(seen, units.sorted("id") & seen)
        self.assertEqual(len(seen), 40)

    def test_another_place_or_client_has_a_mail_of_its_own(self):
        here, there = self.make_units(2)
        cottage = self.client.copy({"name": "Cottage", "parent_id": self.client.id})
        there.address_id = cottage
        other = self.make_contract(partner_id=self.client.copy().id)
        self.run_job()
        mails = (here | there | other).reminder_ids.mail_id
        self.assertEqual(len(mails), 3)

    def test_a_batch_that_ends_between_two_units_makes_one_mail(self):
        units = self.make_units(3)
        with patch(
            "odoo.addons.fusion_repairs.models.reminders."
            "fusion_repair_maintenance_contract_reminder.BATCH",
            2,
        ):
            self.run_job()
        self.assertEqual(len(units.reminder_ids), 3)
        self.assertEqual(len(units.reminder_ids.mail_id), 1)

    def test_a_second_run_sends_nothing_twice(self):
        units = self.make_units(3)
        self.run_job()
        units.reminder_checked_on = False
        self.run_job()
        self.assertEqual(len(units.reminder_ids), 3)

    @mute_logger(LOGGER)
    def test_a_unit_that_fails_costs_the_others_nothing(self):
        units = self.make_units(3)
        model = self.registry[CONTRACT]
        facts = model._get_reminder_facts

        def fail_one(contract, *args):
            if contract == units[1]:
                raise ValueError("No")
            return facts(contract, *args)

        with patch.object(model, "_get_reminder_facts", fail_one):
            self.run_job()
        self.assertEqual(units.reminder_ids.contract_id, units[0] | units[2])
        self.assertTrue(units[1].reminder_error)

    @mute_logger(LOGGER)
    def test_somebody_elses_failure_does_not_part_the_units_of_a_mail(self):
        units = self.make_units(3)
        broken = self.make_contract(partner_id=self.client.copy().id)
        model = self.registry[CONTRACT]
        facts = model._get_reminder_facts

        def fail_one(contract, *args):
            if contract == broken:
                raise ValueError("No")
            return facts(contract, *args)

        with patch.object(model, "_get_reminder_facts", fail_one):
            self.run_job()
        self.assertTrue(broken.reminder_error)
        self.assertEqual(len(units.reminder_ids), 3)
        self.assertEqual(len(units.reminder_ids.mail_id), 1)

    def test_when_one_unit_is_booked_the_others_are_named_again(self):
        units = self.make_units(3)
        self.run_job()
        mail = units.reminder_ids.mail_id
        self.book(units[1])
        mail._send()
        self.assertEqual(mail.state, "cancel")
        self.assertEqual(set(units.reminder_ids.mapped("outcome")), {"withdrawn"})
        self.run_job()
        left = units[0] | units[2]
        rows = left.reminder_ids.filtered(lambda row: row.outcome == "queued")
        self.assertEqual(rows.contract_id, left)
        _subject, text = self.read_text(rows.mail_id)
        self.assertNotIn("Lift 2", text)

    def test_a_stop_makes_a_call_of_each(self):
        units = self.make_units(2)
        self.run_job()
        mail = units.reminder_ids.mail_id
        self.client._fc_opt_out("page")
        self.assertEqual(mail.state, "cancel")
        self.assertEqual(set(units.reminder_ids.mapped("outcome")), {"call"})

    def test_what_the_server_says_stands_with_every_unit(self):
        units = self.make_units(2)
        self.run_job()
        units.reminder_ids.mail_id._postprocess_sent_message([], [])
        self.assertEqual(set(units.reminder_ids.mapped("outcome")), {"sent"})

    def test_the_link_sent_by_the_office_names_what_its_page_offers(self):
        units = self.make_units(3)
        self.run_job()
        units[1].action_send_link()
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        _subject, text = self.read_text(mail)
        for name in ("Lift 1", "Lift 2", "Lift 3"):
            self.assertIn(name, text)

    def test_without_visits_together_each_unit_has_its_link(self):
        self.company.x_fc_bundle_days = 0
        units = self.make_units(2)
        self.run_job()
        mail = units.reminder_ids.mail_id
        self.assertEqual(len(mail), 1)
        self.assertEqual(len(self.links(mail)), 2)
        self.assertFalse(units.offered_with_id)

    def test_a_text_message_says_the_same(self):
        unit = self.make_units(1)
        text = unit._get_link_text_text().replace("\xa0", " ")
        self.assertIn("is due by", text)
        self.assertIn("Nothing is booked yet.", text)
        units = self.make_units(2) | unit
        self.run_job()
        self.assertIn("3 units are due", units[0]._get_link_text_text())
