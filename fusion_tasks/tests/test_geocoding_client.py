import time
from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from ..maps import geocoding
from ..maps.addresses import Address, get_queries, needs_door
from ..maps.geocoding import GeocodingError, Service, find_place
from .fake_web import FakeWebMixin

DOOR = {"lat": "43.71", "lon": "-79.41", "display_name": "x", "addresstype": "house"}


def nominatim(*doors):
    """Return the answer function of a Nominatim server that finds these."""
    return lambda _path, _query: list(doors)


@contextmanager
def no_waiting():
    """Ask without a pause between questions."""
    geocoding._get_door.cache_clear()
    with patch.object(geocoding, "SECONDS_BETWEEN_QUESTIONS", 0):
        yield
    geocoding._get_door.cache_clear()


@tagged("post_install", "-at_install", "fusion")
class TestAddresses(BaseCase):
    """What people type, as a map understands it."""

    def test_queries(self):
        for typed, query in (
            (("1 Main St",), "1 Main St"),
            (("  1   Main\u00a0St ,",), "1 Main St"),
            (("12 Elm Ave, Apt 4B",), "12 Elm Ave"),
            (("12 Elm Ave #4",), "12 Elm Ave"),
            (("12 Elm Ave Unit 4",), "12 Elm Ave"),
            (("12 Elm Ave, Suite # 300",), "12 Elm Ave"),
            (("204 - 15 Main St",), "15 Main St"),
            (("#5-12 Elm Ave",), "12 Elm Ave"),
            (("12, rue des Érables, app. 3",), "12, rue des Érables"),
            (("12 rue des Érables bureau 201",), "12 rue des Érables"),
            (("c/o Mrs Smith\n1 Main St",), "1 Main St"),
            (("Sunrise Home", "1 Main St"), "1 Main St"),
            (("1 Main St", "Building 7"), "1 Main St"),
            (("PO Box 12", "1 Main St"), "1 Main St"),
            (("Suite 3", "1 Main St"), "1 Main St"),
            (("Apple Road 5",), "Apple Road 5"),
            (("Concession Road 7",), "Concession Road 7"),
            (("Roomy Lane",), "Roomy Lane"),
        ):
            self.check_query(typed, query)

    def check_query(self, typed, query):
        with self.subTest(typed=typed):
            address = Address(*typed)._replace(city="Guelph", state="Ontario")
            self.assertEqual(get_queries(address), [f"{query}, Guelph, Ontario"])

    def test_numbers_and_saints_that_are_names(self):
        for typed, query in (
            # A house on a street that is named by a number.
            (("10235 - 101 Street NW",), "10235 101 Street NW"),
            (("10235-101 St. NW, Suite 4",), "10235 101 St. NW"),
            (("1055-9 Ave SW",), "1055 9 Ave SW"),
            (("5-1055 9 Ave SW",), "1055 9 Ave SW"),
            (("5 - 1055 - 9 Ave SW",), "1055 9 Ave SW"),
            (("1234 - 5e Avenue",), "1234 5e Avenue"),
            (("3-12 Avenue Road",), "12 Avenue Road"),
            (("3 - 15 St. Clair Ave W",), "15 St. Clair Ave W"),
            (("3-12 rue Principale",), "12 rue Principale"),
            # Saints.
            (("1234 rue Ste-Catherine O",), "1234 rue Ste-Catherine O"),
            (("1234 rue Ste Catherine O",), "1234 rue Ste Catherine O"),
            (("12 Ste. Anne's Rd",), "12 Ste. Anne's Rd"),
            (("12 Elm Ave Ste 300",), "12 Elm Ave"),
            # Roads that have a number for a name.
            (("5678 Hwy #7 East",), "5678 Hwy 7 East"),
            (("2210 County Road #12",), "2210 County Road 12"),
            (("2210 County Rd. # 12, Unit B",), "2210 County Rd. 12"),
            (("15 Line #4",), "15 Line 4"),
            (("RR #2",), "RR 2"),
            (("12 Elm Road #4",), "12 Elm Road"),
            # What is behind the door.
            (("Unit B, 12 Elm Ave",), "12 Elm Ave"),
            (("12 Elm Ave, 2nd Floor",), "12 Elm Ave"),
            (("12 rue des Érables, 3e étage",), "12 rue des Érables"),
            (("12 Elm Ave, Apt. 4.",), "12 Elm Ave"),
        ):
            self.check_query(typed, query)

    def test_a_number_left_out_has_to_be_proven(self):
        for street, proof in (
            ("204 - 15 Main St", True),
            ("5-1055-9 Ave SW", True),
            ("10235 - 101 Street NW", False),
            ("15 Main St, Apt 204", False),
            ("Sunrise Home\n204-15 Main St", True),
            ("204-15 Main St\n", True),
        ):
            with self.subTest(street=street):
                self.assertEqual(needs_door(Address(street, "", "Guelph")), proof)

    def test_postal_code_is_tried_and_then_left_out(self):
        address = Address("1 Main St", "", "Guelph", "Ontario", "N1H 1A1", "Canada")
        self.assertEqual(
            get_queries(address),
            [
                "1 Main St, Guelph, Ontario N1H 1A1, Canada",
                "1 Main St, Guelph, Ontario, Canada",
            ],
        )
        self.assertEqual(
            get_queries(address._replace(city="")),
            ["1 Main St, Ontario N1H 1A1, Canada"],
        )

    def test_nothing_to_look_for(self):
        for street in ("", None, "-", "n", "N/A"[:1], "123", "PO Box 5", "#7", " \n "):
            with self.subTest(street=street):
                self.assertFalse(get_queries(Address(street, "", "Guelph")))
        self.assertFalse(get_queries(Address("1 Main St", "", "", "Ontario")))


@tagged("post_install", "-at_install", "fusion")
class TestGeocodingClient(FakeWebMixin, BaseCase):
    """One question, an answer in seconds, and nothing taken on trust."""

    def setUp(self):
        super().setUp()
        waiting = no_waiting()
        waiting.__enter__()
        self.addCleanup(waiting.__exit__, None, None, None)

    def ask(self, answer, provider="nominatim", country="", door=False, **settings):
        self.fake = self.start_fake_web(answer)
        vars(self.fake).update(settings)
        service = Service(provider, self.fake.url, "Test Mobility", "key")
        return find_place(service, "1 Main St", country, needs_door=door)

    def assert_refused(self, answer, reason, **settings):
        with self.assertRaises(GeocodingError) as caught:
            self.ask(answer, **settings)
        self.assertEqual(caught.exception.reason, reason)
        self.assertEqual(len(self.fake.requests), 1, "no second question")

    def test_found(self):
        queries = []

        def answer(_path, query):
            queries.append(query)
            return [DOOR]

        self.assertEqual(self.ask(answer, country="CA"), (43.71, -79.41))
        self.assertEqual(queries[0]["q"], ["1 Main St"])
        self.assertEqual(queries[0]["countrycodes"], ["ca"])
        self.assertEqual(self.fake.agents, ["Test Mobility"])

    def test_server_below_a_path(self):
        fake = self.start_fake_web(nominatim(DOOR))
        service = Service("nominatim", f"{fake.url}/maps/nominatim")
        self.assertTrue(find_place(service, "1 Main St"))
        self.assertEqual(fake.requests, ["/maps/nominatim/search"])

    def test_unknown(self):
        self.assertIsNone(self.ask(nominatim()))
        self.assertIsNone(self.ask(lambda *_args: {"error": "Unable to geocode"}))

    def test_town_is_no_door(self):
        for kind in ("city", "town", "state", "postcode", "suburb"):
            town = {**DOOR, "addresstype": kind}
            self.assertIsNone(self.ask(nominatim(town)))
        self.assertIsNone(self.ask(nominatim({**DOOR, "addresstype": "country"})))
        road = {**DOOR, "addresstype": "road"}
        self.assertTrue(self.ask(nominatim(road)))

    def test_a_street_is_no_proof_of_a_door(self):
        self.assertIsNone(self.ask(nominatim({**DOOR, "addresstype": "road"}), door=1))
        house = {**DOOR, "address": {"house_number": "15", "road": "Main Street"}}
        self.assertTrue(self.ask(nominatim(house), door=True))
        for properties, found in (({"housenumber": "15"}, True), ({}, False)):
            feature = {"geometry": {"coordinates": (-79.41, 43.71)}}
            answer = {"features": [{**feature, "properties": properties}]}
            place = self.ask(lambda *_a, a=answer: a, "photon", door=True)
            self.assertEqual(bool(place), found)
        for types, found in ((["street_number"], True), (["route"], False)):
            result = {
                "formatted_address": "x",
                "geometry": {"location": {"lat": 43.71, "lng": -79.41}},
                "address_components": [{"types": types}],
            }
            answer = {"status": "OK", "results": [result]}
            place = self.ask(lambda *_a, a=answer: a, "google", door=True)
            self.assertEqual(bool(place), found)

    def test_places_not_on_earth_are_junk(self):
        for lat, lon in (
            ("0", "0"), ("91", "0"), ("-90.5", "3"), ("45", "181"), ("nan", "nan"),
            ("inf", "1"), ("abc", "1"), (None, None), ([], {}), (1e99, 1),
        ):  # fmt: skip
            with self.subTest(lat=lat, lon=lon):
                self.assert_refused(nominatim({**DOOR, "lat": lat, "lon": lon}), "junk")

    def test_junk(self):
        for body in (b"<html>", b"{", b"\xff\xfe", b"[7]", b'["x"]', b"[[]]", b'"x"'):
            with self.subTest(body=body):
                self.assert_refused(lambda *_args, body=body: body, "junk")

    def test_bad_statuses(self):
        for status, reason in (
            (429, "busy"), (402, "busy"), (401, "refused"), (403, "refused"),
            (500, "down"), (502, "down"), (503, "timeout"), (404, "down"),
            (400, "junk"),
        ):  # fmt: skip
            with self.subTest(status=status):
                self.assert_refused(
                    lambda *_args, status=status: (status, {}, {"Retry-After": "9"}),
                    reason,
                )

    def test_slow_is_a_timeout_after_one_question(self):
        began = time.monotonic()
        self.assert_refused(nominatim(DOOR), "timeout", delay=30)
        self.assertLess(time.monotonic() - began, 6.5)

    def test_nobody_there(self):
        fake = self.start_fake_web(nominatim())
        fake.close()
        with self.assertRaises(GeocodingError) as caught:
            find_place(Service("nominatim", fake.url), "1 Main St")
        self.assertEqual(caught.exception.reason, "down")

    def test_photon(self):
        def photon(kind, *at):
            feature = {"geometry": {"coordinates": at}, "properties": {"type": kind}}
            return lambda *_args: {"features": [feature]}

        self.assertEqual(
            self.ask(photon("house", -79.41, 43.71), "photon"), (43.71, -79.41)
        )
        self.assertIsNone(self.ask(photon("city", -79.41, 43.71), "photon"))
        self.assertIsNone(self.ask(lambda *_args: {"features": []}, "photon"))
        for body in ({}, {"features": 5}, {"features": [{}]}, []):
            self.assert_refused(lambda *_a, body=body: body, "junk", provider="photon")

    def test_google(self):
        place = {"location": {"lat": 43.71, "lng": -79.41}, "location_type": "ROOFTOP"}

        def google(status="OK", **geometry):
            found = {"formatted_address": "x", "geometry": {**place, **geometry}}
            return lambda *_args: {"status": status, "results": [found]}

        self.assertEqual(self.ask(google(), "google", "CA"), (43.71, -79.41))
        self.assertIsNone(self.ask(google(location_type="APPROXIMATE"), "google"))
        empty = {"status": "ZERO_RESULTS", "results": []}
        self.assertIsNone(self.ask(lambda *_args: empty, "google"))
        for status, reason in (
            ("OVER_QUERY_LIMIT", "busy"), ("REQUEST_DENIED", "junk"),
        ):  # fmt: skip
            body = {"status": status, "results": []}
            self.assert_refused(
                lambda *_args, body=body: body, reason, provider="google"
            )

    def test_one_question_a_second(self):
        geocoding._get_door.cache_clear()
        fake = self.start_fake_web(nominatim(DOOR))
        with patch.object(geocoding, "SECONDS_BETWEEN_QUESTIONS", 0.4):
            began = time.monotonic()
            for _number in range(3):
                find_place(Service("nominatim", fake.url), "1 Main St")
            self.assertGreaterEqual(time.monotonic() - began, 0.8)
