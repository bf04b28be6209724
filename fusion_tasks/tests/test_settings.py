from psycopg2.errors import CheckViolation

from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import FusionCase


@tagged("post_install", "-at_install", "fusion")
class TestSettings(FusionCase):
    """Each company's rules for offering visits."""

    def test_defaults(self):
        company = self.company
        self.assertEqual(company.x_fc_slot_grid_minutes, 30)
        self.assertEqual(company.x_fc_booking_lead_hours, 24)
        self.assertEqual(company.x_fc_booking_horizon_days, 21)
        self.assertEqual(company.x_fc_arrival_window_minutes, 60)
        self.assertFalse(company.x_fc_travel_on_own_time)

    def test_settings_page_writes_them_and_zero_stays_zero(self):
        settings = self.env["res.config.settings"].create(
            {
                "x_fc_slot_grid_minutes": 15,
                "x_fc_booking_lead_hours": 0,
                "x_fc_booking_horizon_days": 60,
                "x_fc_arrival_window_minutes": 0,
                "x_fc_travel_on_own_time": True,
            }
        )
        settings.execute()
        self.assertEqual(self.company.x_fc_slot_grid_minutes, 15)
        self.assertEqual(self.company.x_fc_booking_lead_hours, 0)
        self.assertEqual(self.company.x_fc_booking_horizon_days, 60)
        self.assertEqual(self.company.x_fc_arrival_window_minutes, 0)
        self.assertTrue(self.company.x_fc_travel_on_own_time)

    def test_settings_page_opens(self):
        with Form(self.env["res.config.settings"]) as form:
            form.x_fc_booking_lead_hours = 48
        form.record.execute()
        self.assertEqual(self.company.x_fc_booking_lead_hours, 48)

    @mute_logger("odoo.sql_db")
    def test_senseless_values_are_refused(self):
        for vals in (
            {"x_fc_slot_grid_minutes": 7},
            {"x_fc_slot_grid_minutes": 0},
            {"x_fc_booking_lead_hours": -1},
            {"x_fc_booking_horizon_days": 0},
            {"x_fc_booking_horizon_days": 4000},
            {"x_fc_arrival_window_minutes": -5},
        ):
            with self.subTest(vals=vals), self.assertRaises(CheckViolation):
                self.company.write(vals)
                self.env.flush_all()
