from datetime import date

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import TORONTO, FusionCase


@tagged("post_install", "-at_install", "fusion")
class TestTechnician(FusionCase):
    """Making somebody a technician, and keeping their hours right."""

    def test_technician_gets_a_resource_with_the_companys_hours(self):
        resource = self.technician.x_fc_resource_id
        self.assertEqual(resource.company_id, self.company)
        self.assertEqual(resource.calendar_id, self.calendar)
        self.assertEqual(resource.tz, TORONTO)

    def test_ticking_a_user_sets_them_up_once(self):
        user = self.make_user("fc_new", None)
        self.assertFalse(user.resource_ids)
        user.x_fc_is_technician = True
        user.x_fc_is_technician = True
        self.assertEqual(len(user.resource_ids), 1)
        self.assertTrue(user.has_group("fusion_tasks.fusion_tasks_group_technician"))

    def test_technicians_land_on_their_day_and_the_office_does_not(self):
        day = self.env.ref("fusion_tasks.fusion_my_day_action")
        user = self.make_user("fc_new", None)
        user.x_fc_is_technician = True
        self.assertEqual(user.action_id.id, day.id)
        user.action_id = False
        chosen = self.env.ref("base.action_res_users_my").id
        user.write({"action_id": chosen})
        user._fc_land_on_my_day()
        self.assertEqual(user.action_id.id, chosen)
        self.dispatcher.x_fc_is_technician = True
        self.assertFalse(self.dispatcher.action_id)

    def test_somebody_with_a_role_keeps_it(self):
        self.dispatcher.x_fc_is_technician = True
        group = "fusion_tasks.fusion_tasks_group_technician"
        self.assertFalse(self.dispatcher.has_group(group))
        self.assertTrue(self.dispatcher.x_fc_resource_id)

    def test_existing_resource_is_kept(self):
        user = self.make_user("fc_new", None)
        hours = self.make_calendar("Nights", [(0, 0.0, 6.0)])
        resource = self.env["resource.resource"].create(
            {
                "name": "x",
                "user_id": user.id,
                "company_id": self.company.id,
                "calendar_id": hours.id,
            }
        )
        user.x_fc_is_technician = True
        self.assertEqual(user.x_fc_resource_id, resource)
        self.assertEqual(resource.calendar_id, hours)

    def test_hours_written_on_the_user_are_not_lost(self):
        hours = self.make_calendar("Mornings", [(0, 8.0, 12.0)])
        self.technician.resource_calendar_id = hours
        self.assertEqual(self.technician.x_fc_resource_id.calendar_id, hours)

    def test_hours_keep_their_clock_when_odoo_changes_the_users(self):
        # Odoo takes the browser's zone over at a first login, wherever that is.
        self.technician.tz = "UTC"
        self.assertEqual(self.technician.x_fc_resource_id.tz, TORONTO)
        self.assertIn("lives in UTC", self.technician.x_fc_setup_note)

    def test_manager_sets_the_clock_of_the_hours(self):
        manager = self.make_user("fc_clock_manager", "manager")
        self.technician.with_user(manager).x_fc_working_tz = "America/Regina"
        self.assertEqual(self.technician.x_fc_resource_id.tz, "America/Regina")

    def test_portal_user_cannot_be_a_technician(self):
        portal = new_test_user(self.env, "fc_portal", groups="base.group_portal")
        with self.assertRaises(ValidationError):
            portal.x_fc_is_technician = True

    def test_form_says_what_is_wrong(self):
        self.assertFalse(self.technician.x_fc_setup_note)
        self.technician.x_fc_resource_id.calendar_id = False
        self.assertIn("no working hours", self.technician.x_fc_setup_note)
        flexible = self.make_calendar("Flexible", [], flexible_hours=True)
        self.technician.x_fc_resource_id.calendar_id = flexible
        self.assertIn("flexible", self.technician.x_fc_setup_note)
        self.technician.x_fc_resource_id.calendar_id = self.make_calendar("Empty", [])
        self.assertIn("no hours in it", self.technician.x_fc_setup_note)
        self.technician.x_fc_resource_id.tz = "UTC"
        self.assertIn("lives in America/Toronto", self.technician.x_fc_setup_note)
        self.technician.x_fc_start_address_id = False
        self.assertIn("No start place", self.technician.x_fc_setup_note)
        self.technician.x_fc_resource_id.active = False
        self.assertIn("no planning resource", self.technician.x_fc_setup_note)

    def test_hours_on_another_clock_than_the_company_s_are_told(self):
        for zone, told in (
            ("UTC", True),
            ("America/Vancouver", True),
            ("America/Regina", True),
            ("America/New_York", False),  # the same clock by another name
            (TORONTO, False),
        ):
            self.technician.tz = self.technician.x_fc_working_tz = zone
            note = self.technician.x_fc_setup_note or ""
            words = f"Hours are read in {zone}, but Test Mobility is in {TORONTO}."
            with self.subTest(zone=zone):
                self.assertEqual(words in note, told)
        self.technician.tz = self.technician.x_fc_working_tz = "UTC"
        self.company.resource_calendar_id.tz = "UTC"
        self.assertFalse(self.technician.x_fc_setup_note, "no zone was set for it")

    def test_each_company_reads_its_own_hours(self):
        other = self.env["res.company"].create({"name": "Other Mobility"})
        self.technician.company_ids |= other
        mornings = self.make_calendar("Mornings", [(2, 8.0, 12.0)], company_id=other.id)
        day = date(2026, 6, 3)

        def count(company):
            tasks = self.Task.with_company(company)
            return len(
                tasks._find_open_slots(self.technician, day, day, 1.0, 43.7, -79.4)
            )

        self.assertEqual(count(other), count(self.company), "the main company's hours")
        self.env["resource.resource"].create(
            {
                "name": "x",
                "user_id": self.technician.id,
                "company_id": other.id,
                "calendar_id": mornings.id,
                "tz": TORONTO,
            }
        )
        self.assertEqual((count(other), count(self.company)), (7, 14))
        self.assertEqual(self.technician.x_fc_resource_id.company_id, self.company)

    def test_field_service_manager_looks_after_technicians(self):
        user = self.make_user("fc_new", None).with_user(self.manager)
        hours = self.make_calendar("Mornings", [(0, 8.0, 12.0)])
        user.write(
            {
                "x_fc_is_technician": True,
                "x_fc_start_address_id": self.places["east"].id,
                "x_fc_service_radius_km": 25,
            }
        )
        user.x_fc_working_hours_id = hours
        self.assertEqual(user.sudo().x_fc_resource_id.calendar_id, hours)

    def test_field_service_manager_does_nothing_else_to_users(self):
        user = self.technician.with_user(self.manager)
        admin = self.env.ref("base.group_system")
        for vals in (
            {"name": "X"},
            {"group_ids": [Command.link(admin.id)]},
            {"x_fc_service_radius_km": 1, "login": "x"},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                user.write(vals)

    def test_field_service_manager_stays_in_the_company(self):
        other = self.env["res.company"].create({"name": "Other Mobility"})
        stranger = new_test_user(
            self.env, "fc_stranger", company_id=other.id, company_ids=other.ids
        )
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            stranger.with_user(self.manager).x_fc_is_technician = True

    def test_weaker_roles_do_not_look_after_technicians(self):
        for user in (self.technician, self.reader, self.dispatcher):
            with self.assertRaises(AccessError):
                self.technician.with_user(user).x_fc_service_radius_km = 100

    def test_form_is_open_to_those_who_may(self):
        def may(user):
            return self.technician.with_user(user).x_fc_may_manage

        self.assertTrue(may(self.manager))
        self.assertTrue(may(self.env.ref("base.user_admin")))
        self.assertFalse(may(self.dispatcher))
        view = self.env.ref("fusion_tasks.res_users_view_form_technician")
        arch = self.env["res.users"].with_user(self.manager).get_view(view.id)["arch"]
        self.assertNotIn('edit="False"', arch)
