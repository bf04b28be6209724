from freezegun import freeze_time

from odoo.tests import new_test_user, tagged
from odoo.tools.translate import LazyTranslate

from ..common import RepairsCase

# Not by the usual name: these words are not for the translators.
lazy = LazyTranslate("odoo.addons.fusion_repairs.tests.contract.test_office_activities")


@tagged("post_install", "-at_install", "fusion")
class TestOfficeActivities(RepairsCase):
    """Who in the office is asked, how often, in which language, and on which day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract()

    def test_a_salesperson_without_a_role_is_not_asked(self):
        seller = new_test_user(
            self.env,
            "fr_seller",
            groups="sales_team.group_sale_salesman",
            company_id=self.company.id,
        )
        self.contract.user_id = seller
        user = self.contract._get_office_user()
        self.assertNotEqual(user, seller)
        self.assertTrue(user.has_group("fusion_tasks.fusion_tasks_group_dispatcher"))
        self.assertTrue(self.contract.with_user(user).has_access("read"))

    def test_a_sale_of_such_a_salesperson_is_followed_up_by_a_dispatcher(self):
        seller = new_test_user(
            self.env,
            "fr_seller",
            groups="sales_team.group_sale_salesman",
            company_id=self.company.id,
        )
        order = self.sell()
        order.user_id = seller
        order.action_confirm()
        contract = order.x_fc_maintenance_contract_ids
        self.assertEqual(len(contract), 1)
        self.assertTrue(
            contract.user_id.has_group("fusion_tasks.fusion_tasks_group_dispatcher")
        )
        order = self.sell()
        order.user_id = self.dispatcher
        order.action_confirm()
        self.assertEqual(order.x_fc_maintenance_contract_ids.user_id, self.dispatcher)

    def test_another_companys_dispatcher_is_not_asked(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.dispatcher.write(
            {"company_ids": [(6, 0, company.ids)], "company_id": company.id}
        )
        self.assertNotEqual(self.contract._get_office_user(), self.dispatcher)

    def test_new_facts_are_added_to_the_open_activity(self):
        tell = self.contract._notify_office
        tell("First words", "Fact <one>", reason="test")
        tell("Other words", "Fact two", reason="test")
        tell("Other words", "Fact two", reason="test")
        activity = self.contract.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.summary, "First words")
        self.assertIn("Fact &lt;one&gt;", activity.note)
        self.assertEqual(activity.note.count("Fact two"), 1)
        tell("First words", reason="other")
        self.assertEqual(len(self.contract.activity_ids), 2)

    def test_the_office_reads_its_own_language(self):
        self.env["res.lang"]._activate_lang("fr_CA")
        self.dispatcher.lang = "en_US"
        french = self.contract.with_context(lang="fr_CA")
        french._notify_office(
            lazy("Number %(number)s", number=1), lazy("Said plainly"), reason="test"
        )
        english = self.contract.with_context(lang="en_US")
        english._notify_office(lazy("Number %(number)s", number=1), reason="test")
        self.assertEqual(self.contract.activity_ids.summary, "Number 1")
        self.assertIn("Said plainly", self.contract.activity_ids.note)
        french._schedule_call_activity("no_email")
        self.assertIn(
            "Call the client: maintenance is due",
            self.contract.activity_ids.mapped("summary"),
        )

    def test_the_companys_own_day_where_only_the_schedule_has_a_zone(self):
        self.company.partner_id.tz = False
        calendar = self.company.resource_calendar_id
        # As Odoo sets a company up: 23:30 UTC is still the afternoon in Vancouver.
        calendar.tz = "America/Vancouver"
        with freeze_time("2026-11-21 05:30:00"):  # 21:30 the day before
            self.assertEqual(str(self.contract._get_today()), "2026-11-20")
            self.assertEqual(str(self.company._get_today()), "2026-11-20")
        self.company.x_fc_reminder_hour = 9
        with freeze_time("2026-11-20 15:30:00"):  # 8:30, before the rules of 2026 7:30
            self.assertFalse(self.company._is_reminder_time())
        with freeze_time("2026-11-20 23:30:00"):  # 15:30
            self.assertTrue(self.company._is_reminder_time())

    def test_a_zone_that_nobody_chose_is_no_zone(self):
        self.company.partner_id.tz = False
        self.company.resource_calendar_id.tz = "UTC"
        self.assertFalse(self.company._get_chosen_tz())
        self.env.user.tz = "America/Edmonton"
        self.assertEqual(self.company._get_maintenance_tz(), "America/Edmonton")
        settings = self.env["res.config.settings"].create({})
        settings.x_fc_maintenance_tz = "America/Halifax"
        settings.execute()
        self.assertEqual(self.company._get_maintenance_tz(), "America/Halifax")
