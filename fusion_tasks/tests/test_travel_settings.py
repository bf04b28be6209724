from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .fake_web import osrm_table
from .test_travel_osrm import TravelCase


@tagged("post_install", "-at_install", "fusion")
class TestTravelSettings(TravelCase):
    """The servers are one choice for the whole system."""

    def save(self, **vals):
        settings = self.env["res.config.settings"].create(vals)
        settings.execute()

    def get_settings(self):
        return self.env["res.config.settings"].create({})

    def test_all_is_off_by_default(self):
        settings = self.get_settings()
        self.assertEqual(settings.x_fc_travel_provider, "estimate")
        self.assertFalse(settings.x_fc_geocoder)
        self.assertFalse(self.env["fusion.geocoder"]._is_on())

    def test_choices_are_kept_and_can_be_taken_back(self):
        self.save(
            x_fc_travel_provider="osrm",
            x_fc_osrm_url=" http://osrm:5000/ ",
            x_fc_geocoder="photon",
            x_fc_geocoder_url="https://photon.example.com/geo/",
        )
        self.assertEqual(self.travel._get_provider(), "osrm")
        self.assertEqual(self.travel._get_osrm_url(), "http://osrm:5000")
        service = self.env["fusion.geocoder"]._get_service()
        self.assertEqual(service.provider, "photon")
        self.assertEqual(service.url, "https://photon.example.com/geo")
        self.assertIn("Fusion Tasks (http", service.user_agent)
        self.save(x_fc_travel_provider="estimate", x_fc_geocoder=False)
        self.assertEqual(self.travel._get_provider(), "estimate")
        self.assertFalse(self.env["fusion.geocoder"]._is_on())

    def test_what_is_no_server_is_refused(self):
        for url in (
            "osrm:5000", "ftp://osrm", "file:///etc/passwd", "http://", "https:// a",
            "http://osrm:99999", "http://osrm/?x=1", "http://osrm#x", "javascript:1",
        ):  # fmt: skip
            for name in ("x_fc_osrm_url", "x_fc_geocoder_url"):
                with self.subTest(url=url), self.assertRaises(ValidationError):
                    self.save(**{name: url})

    def test_choice_needs_what_it_cannot_do_without(self):
        with self.refused(ValidationError, "address of the OSRM server"):
            self.save(x_fc_travel_provider="osrm", x_fc_osrm_url=False)
        with self.refused(ValidationError, "API key"):
            self.save(x_fc_geocoder="google", x_fc_geocoder_api_key=False)

    def test_other_server_knows_other_roads(self):
        fake = self.use_osrm(osrm_table(600))
        self.get_minutes()
        self.save(x_fc_travel_provider="osrm", x_fc_osrm_url=fake.url)
        self.assertTrue(self.legs.search_count([]))
        other = self.start_fake_web(osrm_table(1200))
        self.save(x_fc_travel_provider="osrm", x_fc_osrm_url=other.url)
        self.assertFalse(self.legs.search_count([]))
        self.assertEqual(self.get_minutes(), 20)

    def test_settings_page_keeps_what_is_typed(self):
        with Form(self.env["res.config.settings"]) as form:
            form.x_fc_travel_provider = "osrm"
            form.x_fc_osrm_url = "http://osrm:5000"
            form.x_fc_geocoder = "nominatim"
            form.x_fc_geocoder_url = "https://nominatim.example.com"
            form.x_fc_geocoder_user_agent = "Us, office@example.com"
        form.record.execute()
        self.assertEqual(self.travel._get_provider(), "osrm")
        self.assertEqual(self.travel._get_osrm_url(), "http://osrm:5000")
        service = self.env["fusion.geocoder"]._get_service()
        self.assertEqual(service.provider, "nominatim")
        self.assertEqual(service.url, "https://nominatim.example.com")
        self.assertEqual(service.user_agent, "Us, office@example.com")
        again = Form(self.env["res.config.settings"])
        self.assertEqual(again.x_fc_travel_provider, "osrm")
        self.assertEqual(again.x_fc_osrm_url, "http://osrm:5000")
        self.assertEqual(again.x_fc_geocoder, "nominatim")
