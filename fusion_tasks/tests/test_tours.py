from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from odoo.tests import tagged

from .common import TORONTO, FusionHttpCase


@tagged("post_install", "-at_install", "fusion")
class TestTours(FusionHttpCase):
    """The dispatcher's and the technician's way through, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_field_service()

    def test_dispatcher_finds_a_slot(self):
        task = self.make_task()
        self.start_tour(
            "/odoo/fusion-technician-tasks",
            "fusion_tasks_dispatcher",
            login="fc_dispatcher",
        )
        self.env.invalidate_all()
        self.assertEqual(task.status, "scheduled")
        self.assertTrue(task.calendar_event_id)

    def test_technician_works_from_the_phone(self):
        self.browser_size = "375x667"
        today = datetime.now(ZoneInfo(TORONTO)).date()
        day = today + timedelta(days=7 - today.weekday())
        task = self.book(f"{day} 09:00")
        self.start_tour(
            "/odoo/fusion-my-tasks", "fusion_tasks_technician", login="fc_tech"
        )
        self.env.invalidate_all()
        self.assertEqual(task.status, "completed")
        self.assertTrue(task.actual_start)
