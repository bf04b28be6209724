from psycopg2.errors import CheckViolation

from odoo.tests import tagged

from ..exceptions import SlotTakenError
from .common import FusionCase, utc


@tagged("post_install", "-at_install", "fusion")
class TestDoubleBooking(FusionCase):
    """The database forbids what no check in the code can promise."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mute("odoo.sql_db")
        cls.first = cls.book("2026-06-03 09:00")

    def test_constraint_is_in_the_database(self):
        self.env.cr.execute(
            "SELECT contype, convalidated FROM pg_constraint WHERE conname = %s",
            ["fusion_technician_task_no_double_booking"],
        )
        self.assertEqual(self.env.cr.fetchall(), [("x", True)])
        self.assertEqual(self.Task._get_missing_guards(), [])

    def test_missing_guard_is_named_and_logged(self):
        self.env.cr.execute(
            "ALTER TABLE fusion_technician_task"
            " DROP CONSTRAINT fusion_technician_task_no_double_booking"
        )
        name = "fusion_technician_task_no_double_booking"
        self.assertEqual(self.Task._get_missing_guards(), [name])
        logger = (
            "odoo.addons.fusion_tasks.models.task.fusion_technician_task_double_booking"
        )
        with self.assertLogs(logger, "ERROR") as logs:
            self.Task._register_hook()
        self.assertIn(name, logs.output[0])

    def test_overlaps_are_refused(self):
        for start in ("08:30", "09:00", "09:59"):
            with self.subTest(start=start), self.assertRaises(SlotTakenError):
                self.book(f"2026-06-03 {start}")
        with self.assertRaises(SlotTakenError):
            self.book("2026-06-03 08:00", duration=4.0)

    def test_neighbours_and_colleagues_are_fine(self):
        self.book("2026-06-03 08:00")
        self.book("2026-06-03 10:00")
        self.book("2026-06-03 09:00", self.colleague)

    def test_moving_and_reassigning_onto_a_task_is_refused_and_leaves_it(self):
        other = self.book("2026-06-03 09:00", self.colleague)
        with self.refused_before_writing(SlotTakenError):
            other.technician_id = self.technician
        self.assertEqual(other.technician_id, self.colleague)
        late = self.book("2026-06-03 14:00")
        with self.refused_before_writing(SlotTakenError):
            late.date_start = utc("2026-06-03 09:30")
        self.assertEqual(late.date_start, utc("2026-06-03 14:00"))
        self.assertEqual(late.calendar_event_id.start, late.date_start)

    def test_scheduling_a_pending_task_onto_another_is_refused(self):
        task = self.make_task(
            technician_id=self.technician.id, date_start=utc("2026-06-03 09:00")
        )
        with self.refused_before_writing(SlotTakenError):
            task.action_schedule()
        self.assertEqual(task.status, "pending")

    def test_closed_tasks_free_the_time(self):
        self.first.action_cancel()
        self.book("2026-06-03 09:00")

    def test_reopening_does_not_take_the_time_back(self):
        self.first.action_cancel()
        self.book("2026-06-03 09:00")
        self.first.action_reopen()
        with self.assertRaises(SlotTakenError):
            self.first.action_schedule()

    def test_allowed_overlap_stands_beside(self):
        self.book("2026-06-03 09:30", allow_overlap=True)
        with self.assertRaises(SlotTakenError):
            self.book("2026-06-03 09:30")

    def test_overlap_withdrawn_is_checked_again(self):
        beside = self.book("2026-06-03 09:30", allow_overlap=True)
        with self.assertRaises(SlotTakenError):
            beside.allow_overlap = False

    def test_batch_is_whole_or_absent(self):
        before = self.Task.search_count([])
        vals = {
            "technician_id": self.technician.id,
            "date_start": utc("2026-06-05 09:00"),
            "status": "scheduled",
        }
        with self.refused_before_writing(SlotTakenError):
            self.Task.create([vals, vals])
        self.assertEqual(self.Task.search_count([]), before)

    def test_live_task_needs_plan_and_positive_time(self):
        bad = (
            {"status": "scheduled"},
            {"duration": 0},
            {"duration": -1},
            {"date_start": utc("2026-06-05 09:00"), "duration": 0.001},
            {
                "date_start": utc("2026-06-05 09:00"),
                "date_end": utc("2026-06-05 08:00"),
            },
            {"latitude": 90.1},
            {"longitude": -180.1},
            {"travel_before": -1},
        )
        for vals in bad:
            with self.subTest(vals=vals), self.assertRaises(CheckViolation):
                self.make_task(**vals)

    def test_live_task_is_not_archived(self):
        with self.assertRaises(CheckViolation):
            self.first.active = False
            self.env.flush_all()
