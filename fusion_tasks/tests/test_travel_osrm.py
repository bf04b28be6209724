from datetime import date, timedelta
from unittest.mock import patch

from odoo.fields import Domain
from odoo.tests import tagged

from ..models.travel import fusion_travel_osrm
from ..scheduling import Place, estimate_minutes
from .common import PLACES, FusionCase, utc
from .fake_web import FakeWebMixin, osrm_table

LOGGER = "odoo.addons.fusion_tasks.models.travel.fusion_travel_osrm"
TUESDAY = "2026-06-02"


class TravelCase(FakeWebMixin, FusionCase):
    """Searches with an OSRM server of the test's own."""

    def setUp(self):
        super().setUp()
        # Legs are kept by a transaction of their own: let it be part of this one.
        self.registry_enter_test_mode()
        self.breakers = fusion_travel_osrm._breakers
        self.breakers.clear()
        self.travel = self.env["fusion.travel"]
        self.legs = self.env["fusion.travel.leg"]
        self.legs._forget_all()
        for name in ("travel_provider", "osrm_url", "geocoder"):
            self.env["ir.config_parameter"].set_param(f"fusion_tasks.{name}", False)

    def use_osrm(self, answer):
        """Start a server, and choose it in the settings."""
        fake = self.start_fake_web(answer)
        self.set_url(fake.url)
        return fake

    def set_url(self, url):
        set_param = self.env["ir.config_parameter"].set_param
        set_param("fusion_tasks.travel_provider", "osrm")
        set_param("fusion_tasks.osrm_url", url)

    def get_table(self, *names):
        return self.travel._get_travel_table([Place(*PLACES[name]) for name in names])

    def get_minutes(self, origin="depot", destination="near"):
        table = self.get_table(origin, destination)
        return table(Place(*PLACES[origin]), Place(*PLACES[destination]))


@tagged("post_install", "-at_install", "fusion")
class TestTravelOsrm(TravelCase):
    """Searches know the roads, ask once, and remember."""

    def test_default_is_the_estimate_and_asks_nobody(self):
        fake = self.start_fake_web(osrm_table())
        self.env["ir.config_parameter"].set_param("fusion_tasks.osrm_url", fake.url)
        self.assertEqual(self.get_minutes(), 3)
        for unknown in ("magic", "estimate", ""):
            self.env["ir.config_parameter"].set_param(
                "fusion_tasks.travel_provider", unknown
            )
            self.assertEqual(self.get_minutes(), 3)
        self.assertFalse(fake.requests)
        self.set_url("")
        self.assertEqual(self.get_minutes(), 3)

    def test_search_uses_the_roads_with_one_request(self):
        self.assertEqual(self.find_starts(TUESDAY)[0], "08:30")
        self.book(f"{TUESDAY} 09:00", address_id=self.places["east"].id)
        fake = self.use_osrm(osrm_table(40 * 60))
        technicians = self.technician | self.colleague
        starts = self.find_starts(TUESDAY, technicians, "near")
        # 8:00 and 40 minutes at the depot; 10:00 and 40 minutes after the task.
        self.assertEqual(starts[0], "09:00")
        own = self.find_starts(TUESDAY, self.technician, "near")
        self.assertEqual(own[0], "11:00")
        self.assertEqual(len(fake.requests), 1)
        self.assertEqual(fake.requests[0].count(";"), 2)

    def test_reason_is_that_of_the_search(self):
        fake = self.use_osrm(osrm_table(40 * 60))
        self.assertEqual(self.find_starts(TUESDAY)[0], "09:00")
        self.book(f"{TUESDAY} 08:00", self.colleague)
        for start, is_open in (("08:30", False), ("09:00", True)):
            local = f"{TUESDAY} {start}"
            self.assertEqual(self.is_open(local), is_open)
        self.assertEqual(len(fake.requests), 1)

    def is_open(self, local):
        place = PLACES["near"]
        return not self.Task._explain_slot(self.technician, utc(local), 1.0, *place)

    def test_legs_are_remembered_rounded_both_ways(self):
        rows = [[0, 300], [1500, 0]]
        fake = self.use_osrm(osrm_table(lambda _size: rows))
        self.assertEqual(self.get_minutes("depot", "near"), 5)
        self.assertEqual(self.get_minutes("near", "depot"), 25)
        nearly = Place(43.70002, -79.39996), Place(*PLACES["near"])
        table = self.travel._get_travel_table(nearly)
        self.assertEqual(table(*nearly), 5)
        self.assertEqual(len(fake.requests), 1)
        leg = self.legs.search([("minutes", "=", 5)])
        self.assertEqual(
            (leg.from_latitude, leg.from_longitude, leg.to_latitude, leg.to_longitude),
            (437000, -794000, 437100, -794100),
        )
        self.assertEqual(leg.expires_on, date(2026, 7, 1))

    def test_no_road_is_estimated_and_remembered(self):
        fake = self.use_osrm(osrm_table(lambda size: [[None] * size] * size))
        self.assertEqual(self.get_minutes(), 3)
        self.assertEqual(self.get_minutes(), 3)
        self.assertEqual(len(fake.requests), 1)

    def test_expired_legs_are_asked_again_and_serve_while_nobody_answers(self):
        fake = self.use_osrm(osrm_table(600))
        self.assertEqual(self.get_minutes(), 10)
        self.env.cr.execute("UPDATE fusion_travel_leg SET expires_on = '2026-05-31'")
        fake.answer = osrm_table(1200)
        self.assertEqual(self.get_minutes(), 20)
        self.env.cr.execute("UPDATE fusion_travel_leg SET expires_on = '2026-05-31'")
        fake.answer = lambda *_args: (500, {}, {})
        with self.assertLogs(LOGGER):
            self.assertEqual(self.get_minutes(), 20)

    def test_old_legs_go(self):
        self.use_osrm(osrm_table())
        self.get_minutes()
        self.env.cr.execute(
            "UPDATE fusion_travel_leg SET expires_on = '2026-01-01' WHERE minutes = 10"
        )
        self.legs._gc_expired_legs()
        self.assertFalse(self.legs.search(Domain.TRUE))

    def test_many_places_make_one_request_of_a_hundred(self):
        fake = self.use_osrm(osrm_table(600))
        hub = Place(43.7, -79.4)
        places = [Place(43.0 + number / 100, -79.0) for number in range(150)]
        legs = [leg for place in places for leg in ((hub, place), (place, hub))]
        found = self.travel._get_legs(legs)
        self.assertEqual(len(fake.requests), 1)
        self.assertEqual(fake.requests[0].count(";"), 99)
        self.assertEqual(len(found), 2 * 99)
        self.assertIn((hub, places[0]), found)
        self.assertEqual(len(self.travel._get_legs(legs)), 2 * 150)
        self.assertEqual(len(fake.requests), 2)

    def test_table_of_too_many_places_ends(self):
        self.use_osrm(osrm_table(600))
        places = [Place(43.0, -79.0 + number / 1000) for number in range(500)]
        table = self.travel._get_travel_table(places)
        self.assertEqual(table(places[0], places[1]), 10)
        self.assertEqual(
            table(places[0], places[-1]), estimate_minutes(places[0], places[-1])
        )

    def test_offline_and_without_a_visit_nothing_is_fetched(self):
        fake = self.use_osrm(osrm_table(600))
        offline = self.travel.with_context(fusion_travel_offline=True)
        places = [Place(*PLACES["depot"]), Place(*PLACES["near"])]
        self.assertEqual(offline._get_travel_table(places)(*places), 3)
        self.book(f"{TUESDAY} 09:00")
        availability = self.env["fusion.technician.availability"]
        day = date(2026, 6, 2)
        plans = availability._get_day_plans(self.technician, day, day)
        self.assertEqual(self.travel._get_plans_table(plans, None)(*places), 3)
        self.assertFalse(fake.requests)
        self.get_minutes()
        self.assertEqual(offline._get_travel_table(places)(*places), 10)
        self.assertEqual(self.travel._get_plans_table(plans, None)(*places), 10)
        self.assertEqual(len(fake.requests), 1)

    def test_queries_do_not_grow(self):
        crew = self.technician | self.colleague
        for number in range(6):
            crew |= self.make_technician(f"fc_tech_{number}", "far")
        for day in range(2, 5):
            for hour in (9, 14):
                self.book(f"2026-06-0{day} {hour:02d}:00", crew[day])
        fake = self.use_osrm(osrm_table(600))

        def count(technicians, days):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            first = date(2026, 6, 2)
            self.Task._find_open_slots(
                technicians, first, first + timedelta(days), 1.0, *PLACES["near"]
            )
            return self.env.cr.sql_log_count - before

        count(crew, 10)
        base = count(crew[:2], 0)
        self.assertEqual(count(crew, 15), base)
        self.assertEqual(len(fake.requests), 1)
        self.assertLessEqual(base, 13)

    def test_failures_are_estimated_logged_and_end_the_asking(self):
        fake = self.use_osrm(lambda *_args: (500, {}, {}))
        with self.assertLogs(LOGGER, "WARNING") as logs:
            for _number in range(6):
                self.assertEqual(self.get_minutes(), 3)
        self.assertEqual(len(fake.requests), 3)
        self.assertEqual(len(logs.output), 3)
        self.assertIn("not asked for 5 minutes", logs.output[-1])
        self.assertNotIn("43.7", "".join(logs.output))
        fake.answer = osrm_table(600)
        self.assertEqual(self.get_minutes(), 3)
        breaker = self.breakers[fake.url]
        with patch.object(breaker, "_clock", lambda: breaker._closed_until):
            self.assertEqual(self.get_minutes(), 10)
        self.assertEqual(self.get_minutes("depot", "far"), 10)
