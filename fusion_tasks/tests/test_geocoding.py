from datetime import datetime, timedelta
from types import SimpleNamespace
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..models.travel import fusion_geocoder
from .common import FusionCase
from .fake_web import FakeWebMixin
from .test_geocoding_client import DOOR, no_waiting, nominatim

CRON = "fusion_tasks.ir_cron_geocode_places"
JOB = "odoo.addons.fusion_tasks.models.travel.res_partner_geocoding"


@tagged("post_install", "-at_install", "fusion")
class TestGeocoding(FakeWebMixin, FusionCase):
    """Addresses that technicians drive to come onto the map by themselves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Only this test's own addresses are on the list, and no service is chosen.
        known = {"partner_latitude": 1.0, "partner_longitude": 1.0}
        cls.env["res.partner"].search([("x_fc_needs_place", "=", True)]).write(known)
        cls.env["ir.config_parameter"].set_param("fusion_tasks.geocoder", False)
        cls.lost = cls.make_lost("Lost One", "1 Main St, Apt 4")
        cls.task = cls.make_task(partner_id=cls.lost.id)

    def setUp(self):
        super().setUp()
        waiting = no_waiting()
        waiting.__enter__()
        self.addCleanup(waiting.__exit__, None, None, None)

    @classmethod
    def make_lost(cls, name, street="1 Main St"):
        return cls.env["res.partner"].create(
            {"name": name, "street": street, "city": "Guelph"}
        )

    def use_nominatim(self, answer):
        fake = self.start_fake_web(answer)
        set_param = self.env["ir.config_parameter"].set_param
        set_param("fusion_tasks.geocoder", "nominatim")
        set_param("fusion_tasks.geocoder_url", fake.url)
        return fake

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref(CRON).method_direct_trigger()

    def get_needy(self):
        found = self.env["res.partner"].search([("x_fc_needs_place", "=", True)])
        return found & (self.lost | self.client | self.places["depot"])

    # Who is on the list ------------------------------------------------------------

    def test_states_follow_the_address(self):
        lost = self.lost
        self.assertEqual(lost.x_fc_geocode_state, "todo")
        self.assertEqual(self.client.x_fc_geocode_state, "found")
        lost.write({"x_fc_geocode_state": "not_found", "x_fc_geocode_attempts": 3})
        self.assertEqual(lost.x_fc_geocode_state, "not_found")
        lost.phone = "416-555-0100"
        self.assertEqual(lost.x_fc_geocode_state, "not_found")
        lost.street = "2 Main St"
        self.assertEqual(lost.x_fc_geocode_state, "todo")
        self.assertEqual(lost.x_fc_geocode_attempts, 0)
        lost.partner_latitude = 43.5
        self.assertEqual(lost.x_fc_geocode_state, "found")

    def test_needs_a_place_who_is_driven_to(self):
        self.assertEqual(self.get_needy(), self.lost)
        self.assertTrue(self.lost.x_fc_needs_place)
        self.assertFalse(self.client.x_fc_needs_place)
        self.task.action_cancel()
        self.assertFalse(self.get_needy())
        self.technician.x_fc_start_address_id = self.lost
        self.assertEqual(self.get_needy(), self.lost)
        self.lost.active = False
        self.env.invalidate_all()
        self.assertTrue(self.lost.x_fc_needs_place)

    def test_unset_coordinates_are_unknown_too(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET partner_latitude = NULL, partner_longitude = NULL"
            " WHERE id = %s",
            [self.lost.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self.get_needy(), self.lost)

    def test_everybody_of_the_office_may_look_at_the_list(self):
        action = self.env.ref("fusion_tasks.res_partner_place_action")
        partners = self.env["res.partner"].with_user(self.reader)
        self.assertIn(self.lost, partners.search([("x_fc_needs_place", "=", True)]))
        self.assertEqual(action.domain, "[('x_fc_needs_place', '=', True)]")

    # The job -----------------------------------------------------------------------

    def test_off_until_a_service_is_chosen(self):
        fake = self.start_fake_web(nominatim(DOOR))
        self.env["ir.config_parameter"].set_param("fusion_tasks.geocoder_url", fake.url)
        self.run_cron()
        self.assertFalse(fake.requests)
        self.assertEqual(self.lost.x_fc_geocode_state, "todo")

    def test_found_addresses_move_their_tasks(self):
        self.assertFalse(self.task.is_place_known)
        fake = self.use_nominatim(nominatim(DOOR))
        self.run_cron()
        self.assertEqual(self.lost.x_fc_geocode_state, "found")
        self.assertAlmostEqual(self.lost.partner_latitude, 43.71)
        self.assertAlmostEqual(self.task.longitude, -79.41)
        self.assertEqual(str(self.lost.date_localization), "2026-06-01")
        asked = len(fake.requests)
        self.run_cron()
        self.assertEqual(len(fake.requests), asked)
        self.assertIn("Fusion Tasks (http", fake.agents[0])

    def test_unknown_address_waits_for_the_office(self):
        fake = self.use_nominatim(nominatim())
        self.run_cron()
        self.assertEqual(self.lost.x_fc_geocode_state, "not_found")
        self.assertIn("check the address", self.lost.x_fc_geocode_message)
        self.assertEqual(
            self.lost.x_fc_geocode_retry_at, datetime(2026, 7, 1, 12, 0, 0)
        )
        asked = len(fake.requests)
        self.run_cron()
        self.assertEqual(len(fake.requests), asked)
        fake.answer = nominatim(DOOR)
        self.lost.street = "1 Maine St"
        self.run_cron()
        self.assertEqual(self.lost.x_fc_geocode_state, "found")

    def test_address_without_a_street_is_not_asked_for(self):
        fake = self.use_nominatim(nominatim(DOOR))
        self.lost.street = "PO Box 5"
        self.run_cron()
        self.assertFalse(fake.requests)
        self.assertEqual(self.lost.x_fc_geocode_state, "not_found")

    def test_failures_are_retried_later_and_later(self):
        self.use_nominatim(lambda *_args: (500, {}, {}))
        now = datetime(2026, 6, 1, 12, 0, 0)
        for hours in (1, 2, 4):
            self.run_cron()
            self.assertEqual(self.lost.x_fc_geocode_state, "failed")
            self.assertEqual(
                self.lost.x_fc_geocode_retry_at, now + timedelta(hours=hours)
            )
            self.assertNotIn(self.lost, self.get_due())
            self.lost.x_fc_geocode_retry_at = now
        self.lost.x_fc_geocode_attempts = 400
        self.run_cron()
        self.assertEqual(self.lost.x_fc_geocode_retry_at, now + timedelta(days=1))

    def get_due(self):
        partners = self.env["res.partner"]
        return partners.search(partners._fc_get_places_due_domain())

    def test_every_failure_has_its_words(self):
        for status, words in (
            (429, "too many"), (503, "in time"), (403, "settings"),
            (400, "no place"), (500, "out of order"),
        ):  # fmt: skip
            self.use_nominatim(lambda *_args, status=status: (status, {}, {}))
            self.lost._fc_geocode()
            self.assertIn(words, self.lost.x_fc_geocode_message)
        self.use_nominatim(nominatim({**DOOR, "lat": "0", "lon": "0"}))
        self.assertFalse(self.lost._fc_geocode())
        self.assertEqual(self.lost.x_fc_geocode_state, "failed")
        self.assertFalse(self.lost.partner_latitude)

    def test_bad_hour_of_the_service_ends_the_run(self):
        for number in range(6):
            self.make_task(partner_id=self.make_lost(f"Lost {number}").id)
        fake = self.use_nominatim(lambda *_args: (429, {}, {}))
        with self.assertLogs(JOB, "WARNING"):
            self.run_cron()
        self.assertEqual(len(fake.requests), 3)

    def test_one_that_cannot_be_kept_stops_no_other(self):
        other = self.make_lost("Lost Two", "2 Main St")
        self.make_task(partner_id=other.id)
        self.use_nominatim(nominatim(DOOR))
        move = type(self.lost)._fc_move_open_tasks

        def fail(partner, place):
            if partner == self.lost:
                raise ValueError("poison")
            return move(partner, place)

        with (
            patch.object(type(self.lost), "_fc_move_open_tasks", fail),
            mute_logger(JOB),
        ):
            self.run_cron()
        self.assertEqual(other.x_fc_geocode_state, "found")
        self.assertEqual(self.lost.x_fc_geocode_state, "todo")

    # The button --------------------------------------------------------------------

    def test_button_looks_one_up_at_once(self):
        self.use_nominatim(nominatim(DOOR))
        note = self.lost.with_user(self.dispatcher).action_fc_geocode()
        self.assertEqual(note["params"]["type"], "success")
        self.assertEqual(self.lost.x_fc_geocode_state, "found")
        self.use_nominatim(nominatim())
        self.lost.street = "Nowhere 7"
        note = self.lost.with_user(self.dispatcher).action_fc_geocode()
        self.assertEqual(note["params"]["type"], "warning")
        self.assertIn("check the address", note["params"]["message"])

    def test_button_leaves_several_to_the_job(self):
        fake = self.use_nominatim(nominatim(DOOR))
        self.lost.x_fc_geocode_state = "not_found"
        (self.lost | self.client).with_user(self.dispatcher).action_fc_geocode()
        self.assertFalse(fake.requests)
        self.assertEqual(self.lost.x_fc_geocode_state, "todo")
        self.assertEqual(self.client.x_fc_geocode_state, "found")
        cron = self.env.ref(CRON)
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertTrue(triggers)

    def test_button_is_the_dispatchers_and_needs_a_service(self):
        with self.refused(UserError, "No geocoding service"):
            self.lost.with_user(self.dispatcher).action_fc_geocode()
        for user in (self.technician, self.reader):
            with self.assertRaises(AccessError):
                self.lost.with_user(user).action_fc_geocode()

    def test_nobody_is_looked_up_for_a_visitor(self):
        fake = self.use_nominatim(nominatim(DOOR))
        portal = new_test_user(self.env, "fc_portal", groups="base.group_portal")
        visitors = portal | self.env.ref("base.public_user")
        for visitor in visitors:
            request = SimpleNamespace(env=self.env(user=visitor))
            with (
                patch.object(fusion_geocoder, "request", request),
                self.refused(UserError, "visitors"),
            ):
                self.lost._fc_geocode()
        self.assertFalse(fake.requests)
        request = SimpleNamespace(env=self.env(user=self.reader))
        with patch.object(fusion_geocoder, "request", request):
            self.assertTrue(self.lost._fc_geocode())
