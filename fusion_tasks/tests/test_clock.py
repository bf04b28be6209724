from odoo.tests import tagged

from .common import TORONTO, FusionCase
from .zone_rules import ALWAYS_SUMMER, zone_rules

LOGGER = "odoo.addons.fusion_tasks.models.clock.fusion_clock"


@tagged("post_install", "-at_install", "fusion")
class TestClock(FusionCase):
    """Whether the rules of the time zones are new, and everywhere the same."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clock = cls.env["fusion.clock"]
        kind = cls.env.ref("fusion_tasks.mail_activity_type_clock")
        cls.asked = [("activity_type_id", "=", kind.id)]
        cls.env["mail.activity"].search(cls.asked).unlink()

    def get_problems(self):
        """Return what is amiss beside the age of the rules that the test runs with."""
        return [text for text in self.clock._get_problems() if "year old" not in text]

    def test_the_zones_of_companies_technicians_and_tasks_are_looked_at(self):
        self.company.partner_id.tz = "America/St_Johns"
        self.colleague.x_fc_working_tz = "America/Winnipeg"
        self.book("2026-06-03 09:00").told_tz = "America/Regina"
        zones = self.clock._get_zones_in_use()
        wanted = {TORONTO, "America/St_Johns", "America/Winnipeg", "America/Regina"}
        self.assertEqual(wanted - set(zones), set())

    def test_rules_that_agree_are_no_problem(self):
        self.assertEqual(self.get_problems(), [])

    def test_rules_that_differ_from_the_database_s_are_told_with_the_day(self):
        with zone_rules(Toronto=ALWAYS_SUMMER):
            problems = self.get_problems()
        for other in ("Python", "PostgreSQL"):
            self.assertIn(
                f"The clocks of pytz and of {other} differ in America/Toronto from "
                "November 1, 2026 on: have the older rules renewed.",
                problems,
            )

    def test_a_zone_that_the_database_does_not_know_is_told(self):
        words = self.clock._get_differences("PostgreSQL", {}, {"Mars/Olympus": []})
        self.assertEqual(
            words, ["PostgreSQL does not know the time zone Mars/Olympus."]
        )

    def test_the_manager_is_asked_once_and_not_when_all_is_well_again(self):
        activities = self.env["mail.activity"]
        with zone_rules(Toronto=ALWAYS_SUMMER), self.assertLogs(LOGGER, "WARNING"):
            self.clock._cron_check()
            self.clock._cron_check()
        activity = activities.search(self.asked)
        self.assertEqual(len(activity), 1)
        self.assertTrue(
            activity.user_id.has_group("fusion_tasks.fusion_tasks_group_manager")
        )
        self.assertIn("November 1, 2026", activity.note)
        self.clock._update_activity(activity.user_id, [])
        self.assertFalse(activities.search(self.asked))

    def test_the_settings_show_what_is_amiss(self):
        with zone_rules(Toronto=ALWAYS_SUMMER):
            settings = self.env["res.config.settings"].create({})
            self.assertIn("PostgreSQL differ", settings.x_fc_clock_problems)
