from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from odoo.tests import tagged

from .common import TORONTO, FusionHttpCase


@tagged("post_install", "-at_install", "fusion")
class TestMyDayTours(FusionHttpCase):
    """My Day in a real browser, as wide as a phone."""

    browser_size = "390x844"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_field_service()

    def day(self, days=0):
        return datetime.now(ZoneInfo(TORONTO)).date() + timedelta(days=days)

    def run_tour(self, name, path="/odoo/fusion-my-day"):
        self.start_tour(path, f"fusion_tasks_{name}", login="fc_tech")
        self.env.invalidate_all()

    def test_technician_works_through_the_day(self):
        task = self.book(f"{self.day()} 12:00", description="Gate code 12")
        later = self.book(f"{self.day(2)} 09:00", partner_id=self.places["far"].id)
        self.run_tour("my_day")
        self.assertEqual(task.status, "completed")
        self.assertTrue(task.actual_start)
        self.assertEqual(later.status, "scheduled")

    def test_nothing_is_lost_where_there_is_no_connection(self):
        task = self.book(f"{self.day()} 12:00", description="Gate code 12")
        self.run_tour("my_day_offline")
        self.assertEqual(task.status, "no_show")

    def test_app_opens_on_an_empty_day(self):
        self.book(f"{self.day(1)} 09:00")
        menu = self.env.ref("fusion_tasks.fusion_tasks_menu")
        self.run_tour("my_day_empty", f"/odoo?menu_id={menu.id}")

    def test_same_on_a_desktop(self):
        self.browser_size = "1280x800"
        self.touch_enabled = False
        task = self.book(f"{self.day()} 12:00", description="Gate code 12")
        self.book(f"{self.day(2)} 09:00", partner_id=self.places["far"].id)
        self.run_tour("my_day")
        self.assertEqual(task.status, "completed")
