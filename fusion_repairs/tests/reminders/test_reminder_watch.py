from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user, tagged

from odoo.addons.fusion_tasks.tests.common import FusionHttpCase

from ..common import RepairsCase

CRON = "fusion_repairs.ir_cron_send_maintenance_reminders"
WATCH = "fusion.repair.reminder.watch"
RUN = "fusion.repair.reminder.run"
PAGE = "/odoo/action-fusion_repairs.fusion_repair_maintenance_contract_action"


@tagged("post_install", "-at_install", "fusion")
class TestReminderWatch(RepairsCase):
    """The office hears when nobody is reminded any more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.job = cls.env.ref(CRON)
        cls.env["fusion.repair.maintenance.contract"].search([]).state = "paused"
        others = cls.env["res.company"].search([("id", "!=", cls.company.id)])
        others.x_fc_reminders_enabled = False
        cls.make_contract()
        cls.env[RUN].search([]).unlink()
        cls.env[RUN].create({})

    def alert(self, user=None):
        """Return the banner of a user as one text, and the job it links to."""
        watch = self.env[WATCH].with_user(user or self.dispatcher)
        found = watch.get_alert()
        return found and (f"{found['title']} {found['text']}", found["job"])

    def ran(self, hours):
        """Let the last good run have been so many hours ago."""
        moment = fields.Datetime.now() - timedelta(hours=hours)
        self.env[RUN].search([]).finished_at = moment

    def test_silent_while_all_is_well(self):
        self.ran(25)
        self.assertFalse(self.alert())

    def test_says_when_the_last_good_run_is_too_old(self):
        self.ran(27)
        text, job = self.alert()
        self.assertIn("more than a day", text)
        self.assertIn("They last went out on", text)
        self.assertIn("ask your administrator", text)
        self.assertFalse(job)

    def test_a_run_ends_the_alarm(self):
        self.ran(100)
        with self.enter_registry_test_mode():
            self.job.method_direct_trigger()
        self.assertFalse(self.alert())

    def test_a_job_that_never_ran_gets_its_first_day(self):
        self.env[RUN].search([]).unlink()
        self.env.flush_all()
        self.assertFalse(self.alert())
        self.env.cr.execute(
            "UPDATE ir_cron SET create_date = create_date - interval '40 hours'"
            " WHERE id = %s",
            [self.job.id],
        )
        self.job.invalidate_recordset()
        self.assertIn("more than a day", self.alert()[0])

    def test_says_when_the_job_is_off_or_its_user_is_archived(self):
        self.job.active = False
        self.assertIn("switched off", self.alert()[0])
        self.job.active = True
        user = new_test_user(self.env, "fr_robot", groups="base.group_system")
        self.job.user_id = user
        self.assertFalse(self.alert())
        user.active = False
        self.assertIn("archived", self.alert()[0])

    def test_says_when_a_company_may_not_write(self):
        self.company.street = False
        text, _job = self.alert()
        self.assertIn(self.company.name, text)
        self.assertIn("mailing address", text)

    def test_silent_about_companies_that_look_after_nothing(self):
        other = self.env["res.company"].create({"name": "Empty Branch"})
        self.assertTrue(other._get_reminder_obstacle())
        self.dispatcher.company_ids |= other
        self.assertFalse(self.alert())
        other._report_reminder_obstacles()
        self.assertFalse(other.partner_id.activity_ids)

    def test_silent_about_other_peoples_companies(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.make_contract(company_id=other.id, user_id=False)
        self.assertFalse(self.alert())
        self.dispatcher.company_ids |= other
        self.assertIn("Elsewhere", self.alert()[0])
        other._report_reminder_obstacles()
        self.assertEqual(len(other.partner_id.activity_ids), 1)

    def test_says_when_nobody_chose_a_time_zone(self):
        self.company.partner_id.tz = False
        self.company.resource_calendar_id.tz = "UTC"
        self.assertIn("No time zone is set", self.alert()[0])
        self.company.resource_calendar_id.tz = "America/Toronto"
        self.assertFalse(self.alert())

    def test_silent_where_reminders_are_switched_off(self):
        self.ran(100)
        self.company.x_fc_reminders_enabled = False
        self.assertFalse(self.alert())

    def test_only_the_office_hears_and_only_who_may_mend_gets_the_link(self):
        self.job.active = False
        for user in (self.reader, self.technician):
            self.assertFalse(self.alert(user))
        self.assertFalse(self.alert(self.manager)[1])
        self.manager.group_ids |= self.env.ref("base.group_system")
        text, job = self.alert(self.manager)
        self.assertEqual(job, self.job.id)
        self.assertNotIn("ask your administrator", text)

    def test_old_runs_are_forgotten_but_for_the_last(self):
        self.ran(24 * 200)
        self.env[RUN]._gc_runs()
        self.assertEqual(len(self.env[RUN].search([])), 1)
        self.env[RUN].create({})
        self.env[RUN]._gc_runs()
        self.assertEqual(len(self.env[RUN].search([])), 1)
        self.assertFalse(self.alert())


@tagged("post_install", "-at_install", "fusion")
class TestReminderBanner(FusionHttpCase):
    """The banner in a real browser."""

    def setUp(self):
        super().setUp()
        product = self.env["product.product"].create({"name": "Lift"})
        client = self.env["res.partner"].create({"name": "Margaret Example"})
        self.env["fusion.repair.maintenance.contract"].create(
            {
                "partner_id": client.id,
                "product_id": product.id,
                "next_due_date": fields.Date.today(),
                "interval_months": 12,
                "duration": 1,
                "state": "active",
            }
        )

    def test_the_banner_leads_to_the_job(self):
        self.env.ref(CRON).active = False
        groups = "fusion_tasks.fusion_tasks_group_manager,base.group_system"
        new_test_user(self.env, "fr_boss", groups=groups)
        self.start_tour(PAGE, "fusion_repairs_reminder_banner", login="fr_boss")

    def test_the_page_carries_it_for_the_office_only(self):
        self.env.ref(CRON).active = False
        for role, wanted in (("dispatcher", True), ("technician", False)):
            login = f"fr_banner_{role}"
            group = f"fusion_tasks.fusion_tasks_group_{role}"
            new_test_user(self.env, login, groups=group)
            self.authenticate(login, login)
            page = self.url_open(PAGE).text
            self.assertEqual("fc_reminder_alert" in page, wanted)
