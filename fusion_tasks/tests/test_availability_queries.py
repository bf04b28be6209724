from datetime import date, timedelta

from odoo.tests import tagged

from .common import WEEK, FusionCase

FIRST = date(2026, 6, 2)


@tagged("post_install", "-at_install", "fusion")
class TestAvailabilityQueries(FusionCase):
    """The number of queries grows neither with technicians, nor days, nor tasks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.crew = cls.technician | cls.colleague
        for number in range(8):
            cls.crew |= cls.make_technician(f"fc_tech_{number}")

    def fill(self, technician):
        for day in ("03", "04", "05"):
            self.book(f"2026-06-{day} 09:00", technician)
        self.make_event(technician, "2026-06-02 13:00", "2026-06-02 14:00")
        self.make_leave("2026-06-02 09:00", "2026-06-02 12:00", technician)

    def count_queries(self, technicians, days):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        slots = self.Task._find_open_slots(
            technicians, FIRST, FIRST + timedelta(days=days - 1), 1.0, 43.71, -79.41
        )
        self.Task._rank_slots(slots)
        self.assertTrue(slots)
        return self.env.cr.sql_log_count - before

    def test_constant_and_few(self):
        self.fill(self.technician)
        self.count_queries(self.crew, 1)  # fills the ormcaches
        base = self.count_queries(self.crew[:2], 1)
        self.assertEqual(self.count_queries(self.crew, 1), base)
        self.assertEqual(self.count_queries(self.crew[:2], 20), base)
        for technician in self.crew[1:]:
            self.fill(technician)
        self.assertEqual(self.count_queries(self.crew, 20), base)
        self.assertLessEqual(base, 12)

    def test_neither_schedules_nor_zones_cost_queries(self):
        self.count_queries(self.crew, 5)  # fills the ormcaches
        base = self.count_queries(self.crew, 5)
        zones = ("America/Toronto", "America/Vancouver", "America/St_Johns")
        for number, technician in enumerate(self.crew):
            calendar = self.make_calendar(f"Own {number}", WEEK)
            technician.x_fc_resource_id.calendar_id = calendar
            technician.tz = zones[number % len(zones)]
        self.assertEqual(self.count_queries(self.crew, 5), base)
