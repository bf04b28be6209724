from datetime import date, timedelta

from odoo.tests import tagged

from .common import FusionHttpCase, utc


@tagged("post_install", "-at_install", "fusion")
class TestDispatchBoardTours(FusionHttpCase):
    """The dispatch board in a real browser, with the pointer and without."""

    browser_size = "1400x800"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_field_service()
        # On a Sunday next week begins tomorrow, which the notice would keep closed.
        cls.company.x_fc_booking_lead_hours = 0
        today = date.today()  # where the browser is
        cls.monday = today + timedelta(days=7 - today.weekday())

    def run_tour(self, name):
        self.start_tour(
            "/odoo/fusion-dispatch-board",
            f"fusion_tasks_board_{name}",
            login="fc_dispatcher",
        )
        self.env.invalidate_all()

    def test_plan_with_the_pointer(self):
        task = self.make_task()
        self.run_tour("pointer")
        self.assertEqual(task.technician_id, self.technician)
        self.assertEqual(task.date_start, utc(f"{self.monday} 12:00"))
        self.assertFalse(task.allow_overlap)

    def test_plan_with_the_keyboard(self):
        task = self.make_task()
        self.run_tour("keyboard")
        self.assertEqual(task.status, "pending")

    def test_what_goes_wrong_meanwhile(self):
        """A slow or refusing server, a second finger, a second Enter."""
        task = self.make_task()
        self.run_tour("hiccups")
        self.assertEqual(task.date_start, utc(f"{self.monday} 14:30"))
        self.assertEqual(task.status, "scheduled")

    def test_day_on_the_map(self):
        self.book(f"{self.monday} 11:00", address_id=self.places["east"].id)
        self.book(f"{self.monday} 09:00")
        self.run_tour("map")
