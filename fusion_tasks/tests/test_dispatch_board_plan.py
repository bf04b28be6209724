from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..exceptions import SlotTakenError
from .common import utc
from .test_dispatch_board import TUESDAY, BoardCase

OPEN, WARN, NO = 0, 1, 2


@tagged("post_install", "-at_install", "fusion")
class TestDispatchBoardPlan(BoardCase):
    """What the dispatcher is told while holding a task, and does with it."""

    def get_verdicts(self, task, day=TUESDAY, technician=None):
        """Return [level, reason] by clock minutes for one technician's day."""
        technician = technician or self.technician
        (answer,) = self.board.verdicts(task.id, technician.ids, day, 1)
        return {
            minutes: (level, answer["reasons"][reason])
            for minutes, _start, level, reason, *_drives in answer["starts"]
        }

    def plan(self, task, start, technician=None, **options):
        """Put a task at a local time, as the browser does."""
        technician = technician or self.technician
        start = fields.Datetime.to_string(utc(start))
        return self.board.plan(task.id, technician.id, start, **options)

    # Verdicts --------------------------------------------------------------------

    def test_green_starts_are_those_of_the_engine(self):
        self.book("2026-06-02 10:00", address_id=self.places["east"].id)
        task = self.make_task()
        verdicts = self.get_verdicts(task)
        clocks = [
            f"{minutes // 60:02d}:{minutes % 60:02d}"
            for minutes, (level, _reason) in verdicts.items()
            if level == OPEN
        ]
        self.assertEqual(clocks, self.find_starts(TUESDAY))
        self.assertEqual(len(verdicts), 48)
        self.assertEqual({verdicts[m][1] for m in verdicts if not verdicts[m][0]}, {""})

    def test_red_says_why(self):
        self.book("2026-06-02 10:00")
        self.make_event(self.technician, "2026-06-02 15:00", "2026-06-02 16:00")
        verdicts = self.get_verdicts(self.make_task())
        for minutes, words in (
            (600, "at another task"),
            (480, "Travel from the start place"),
            (720, "Outside"),
            (690, "would not end within"),
            (900, "calendar is busy"),
        ):
            level, reason = verdicts[minutes]
            self.assertEqual(level, NO)
            self.assertIn(words, reason)
        saturday = self.get_verdicts(self.make_task(), "2026-06-06")
        self.assertIn("does not work", saturday[600][1])

    def test_amber_is_against_a_custom_only(self):
        task = self.make_task()
        # It is Monday, 8:00: less than the notice of 24 hours.
        level, reason = self.get_verdicts(task, "2026-06-01")[840]
        self.assertEqual(level, WARN)
        self.assertIn("Too soon", reason)
        self.assertEqual(
            self.get_verdicts(task, "2026-06-01")[450], (NO, "This time is past.")
        )
        self.assertEqual(self.get_verdicts(task, "2026-07-07")[600][0], WARN)
        self.technician.x_fc_service_radius_km = 1
        level, reason = self.get_verdicts(task)[600]
        self.assertEqual(level, WARN)
        self.assertIn("area", reason)

    def test_week_has_the_same_levels_and_one_reason(self):
        self.book("2026-06-02 10:00")
        self.make_leave("2026-06-03 00:00", "2026-06-04 00:00", self.technician)
        task = self.make_task()
        week = self.board.verdicts(task.id, self.technician.ids, "2026-06-01", 7)
        for answer in week:
            single = self.get_verdicts(task, answer["date"])
            levels = {start[0]: start[2] for start in answer["starts"]}
            self.assertEqual(levels, {key: each[0] for key, each in single.items()})
        self.assertIn("on leave", week[2]["reasons"][1])

    def test_many_days_cost_few_queries(self):
        for day in range(1, 6):
            for hour in ("08:30", "10:30", "13:30", "15:30"):
                self.book(f"2026-06-0{day + 1} {hour}", technician=self.colleague)
        task = self.make_task()
        ids = (self.technician + self.colleague).ids
        counts = []
        for days in (2, 7):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.board.verdicts(task.id, ids, TUESDAY, days)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)

    def test_who_lacks_the_skill_is_refused(self):
        colleague = self.colleague
        task = self.make_task()
        self.patch(
            type(self.env["fusion.technician.task"]),
            "_get_slot_technicians",
            lambda self: colleague,
        )
        level, reason = self.get_verdicts(task)[600]
        self.assertEqual(level, NO)
        self.assertIn("skill", reason)
        self.assertEqual(self.get_verdicts(task, technician=colleague)[600][0], OPEN)
        with self.refused(SlotTakenError, "skill"):
            self.plan(task, "2026-06-02 10:00")

    def test_task_is_not_in_its_own_way(self):
        task = self.book("2026-06-02 10:00")
        self.assertEqual(self.get_verdicts(task)[630][0], OPEN)

    # Planning --------------------------------------------------------------------

    def test_schedule_move_reassign_and_take_it_all_back(self):
        task = self.make_task()
        scheduled = self.plan(task, "2026-06-02 10:00")
        self.assertEqual(task.status, "scheduled")
        self.assertEqual(task.date_start, utc("2026-06-02 10:00"))
        self.assertGreater(task.travel_before, 0)
        self.assertFalse(task.allow_overlap)
        moved = self.plan(task, "2026-06-02 14:00")
        given = self.plan(task, "2026-06-03 09:00", self.colleague)
        self.assertEqual(task.technician_id, self.colleague)
        self.board.undo(given)
        self.assertEqual(task.technician_id, self.technician)
        self.assertEqual(task.date_start, utc("2026-06-02 14:00"))
        self.board.undo(moved)
        self.assertEqual(task.date_start, utc("2026-06-02 10:00"))
        self.board.undo(scheduled)
        self.assertEqual(task.status, "pending")
        self.assertFalse(task.technician_id)
        self.assertFalse(task.date_start)

    def test_taken_off_the_day_and_back(self):
        task = self.book("2026-06-02 10:00")
        step = self.board.unschedule(task.id)
        self.assertEqual(task.status, "pending")
        self.board.undo(step)
        self.assertEqual(task.status, "scheduled")
        self.assertEqual(task.date_start, utc("2026-06-02 10:00"))

    def test_red_is_refused_unless_it_is_meant(self):
        self.book("2026-06-02 10:00")
        task = self.make_task()
        with self.refused(SlotTakenError, "at another task"):
            self.plan(task, "2026-06-02 10:30")
        self.assertEqual(task.status, "pending")
        step = self.plan(task, "2026-06-02 10:30", allow_overlap=True)
        self.assertTrue(task.allow_overlap)
        self.board.undo(step)
        self.assertFalse(task.allow_overlap)

    def test_mark_is_set_only_where_tasks_really_overlap(self):
        task = self.make_task()
        self.plan(task, "2026-06-02 19:00", allow_overlap=True)
        self.assertEqual(task.date_start, utc("2026-06-02 19:00"))
        self.assertFalse(task.allow_overlap)

    def test_moved_to_an_open_time_the_mark_goes(self):
        self.book("2026-06-02 10:00")
        task = self.book("2026-06-02 10:00", allow_overlap=True)
        self.plan(task, "2026-06-02 14:00")
        self.assertFalse(task.allow_overlap)

    def test_amber_is_accepted(self):
        task = self.make_task()
        self.plan(task, "2026-06-01 14:00")
        self.assertEqual(task.date_start, utc("2026-06-01 14:00"))

    def test_undo_is_refused_when_somebody_was_faster(self):
        task = self.book("2026-06-02 10:00")
        step = self.plan(task, "2026-06-02 14:00")
        task.date_start = utc("2026-06-02 15:00")
        with self.refused(UserError, "changed since"):
            self.board.undo(step)
        step = self.plan(task, "2026-06-03 14:00")
        self.book("2026-06-02 15:30")
        with self.refused(SlotTakenError, "another task"):
            self.board.undo(step)

    @mute_logger("odoo.sql_db")
    def test_database_decides_where_the_engine_was_not_asked(self):
        task = self.make_task()
        step = self.plan(task, "2026-06-02 19:00", allow_overlap=True)
        moved = self.plan(task, "2026-06-03 10:00")
        self.assertFalse(step["after"]["was_open"])
        self.book("2026-06-02 19:00")
        with self.refused(SlotTakenError, "already has another task"):
            self.board.undo(moved)

    def test_work_that_has_begun_stays(self):
        task = self.book("2026-06-02 10:00")
        task.action_start_travel()
        for call in (
            lambda: self.plan(task, "2026-06-02 14:00"),
            lambda: self.board.unschedule(task.id),
        ):
            with self.refused(UserError, "stays where it is"):
                call()

    def test_undo_takes_no_other_fields(self):
        task = self.book("2026-06-02 10:00")
        step = self.plan(task, "2026-06-02 14:00")
        step["before"]["name"] = "Stolen"
        self.board.undo(step)
        self.assertNotEqual(task.name, "Stolen")
