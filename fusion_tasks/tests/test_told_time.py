from datetime import timedelta

import pytz

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..scheduling import zone_of
from .common import FusionCase, utc
from .zone_rules import ALWAYS_SUMMER, ALWAYS_WINTER, zone_rules

WINTER_DAY = "2026-12-08"


@tagged("post_install", "-at_install", "fusion")
class TestToldTime(FusionCase):
    """New rules of the clock move what was booked, and not what was told."""

    def run_job(self):
        """Let the job do its work, as the scheduler would."""
        with self.enter_registry_test_mode():
            self.env.ref("fusion_tasks.ir_cron_keep_told_times").method_direct_trigger()
        self.env.invalidate_all()

    def clock(self, task):
        """Return the local clock times of a task by the rules in use."""
        zone = pytz.timezone("America/Toronto")
        times = (task.date_start, task.date_end)
        local = [pytz.utc.localize(time).astimezone(zone) for time in times]
        return [time.strftime("%m-%d %H:%M") for time in local]

    def test_a_booking_keeps_the_zone_and_the_offset_it_was_told_by(self):
        summer, winter = self.book("2026-06-03 09:00"), self.book(f"{WINTER_DAY} 09:00")
        self.assertEqual(summer.told_tz, "America/Toronto")
        self.assertEqual((summer.told_offset, winter.told_offset), (-240, -300))
        summer.date_start = utc("2026-12-09 09:00")
        self.assertEqual(summer.told_offset, -300)
        unplanned = self.make_task()
        self.assertEqual((unplanned.told_tz, unplanned.told_offset), (False, 0))

    def test_new_rules_move_neighbours_and_their_events_to_the_time_told(self):
        for rules, hours in ((ALWAYS_SUMMER, -1), (ALWAYS_WINTER, 0)):
            with self.subTest(rules=rules):
                tasks = self.Task.concat(
                    *(self.book(f"{WINTER_DAY} {hour}:00") for hour in ("09", "10"))
                )
                before = tasks.mapped("date_start")
                with zone_rules(Toronto=rules):
                    self.run_job()
                    self.assertEqual(
                        [self.clock(task) for task in tasks],
                        [
                            ["12-08 09:00", "12-08 10:00"],
                            ["12-08 10:00", "12-08 11:00"],
                        ],
                    )
                    self.assertEqual(self.Task._find_kept_starts(), [])
                moved = [start + timedelta(hours=hours) for start in before]
                self.assertEqual(tasks.mapped("date_start"), moved)
                self.assertEqual(tasks.calendar_event_id.mapped("start"), moved)
                tasks.action_cancel()

    def test_tasks_that_move_to_later_make_room_for_one_another(self):
        with zone_rules(Toronto=ALWAYS_SUMMER):
            tasks = self.Task.concat(
                *(self.book(f"{WINTER_DAY} 1{n}:00", date_start=start) for n, start in
                  enumerate(utc(f"{WINTER_DAY} 14:00", "UTC") + timedelta(hours=n)
                            for n in range(3)))
            )  # fmt: skip
            self.assertEqual(set(tasks.mapped("told_offset")), {-240})
            told = [self.clock(task) for task in tasks]
        self.run_job()
        self.assertEqual([self.clock(task) for task in tasks], told)

    def test_the_chatter_says_that_the_time_stays(self):
        task = self.book(f"{WINTER_DAY} 09:00")
        lines = task.message_ids
        with zone_rules(Toronto=ALWAYS_SUMMER):
            self.run_job()
        (line,) = task.message_ids - lines
        self.assertIn("time zone rules for America/Toronto have changed", line.body)
        self.assertIn("Tue 8 Dec, 09:00", line.body)

    def test_what_is_over_or_off_the_day_does_not_move(self):
        past = self.book("2026-05-29 09:00")
        done, cancelled = (
            self.book(f"{WINTER_DAY} {hour}:00") for hour in ("09", "11")
        )
        done.action_complete()
        cancelled.action_cancel()
        with zone_rules(Toronto=ALWAYS_WINTER):
            self.assertEqual(self.Task._find_kept_starts(), [])
        self.assertTrue(past.told_offset)

    def test_a_task_that_finds_no_room_leaves_the_others_moving(self):
        stuck, free = (self.book(f"{WINTER_DAY} {hour}:00") for hour in ("09", "13"))
        with zone_rules(Toronto=ALWAYS_SUMMER):
            # Booked by the new rules, where the old one will be.
            self.book(f"{WINTER_DAY} 08:00", date_start=utc(f"{WINTER_DAY} 08:00"))
            with mute_logger("odoo.addons.fusion_tasks.models.clock"
                             ".fusion_technician_task_told_time"):  # fmt: skip
                self.run_job()
            self.assertEqual(self.clock(free), ["12-08 13:00", "12-08 14:00"])
            self.assertEqual(stuck.date_start, utc(f"{WINTER_DAY} 14:00", "UTC"))

    def test_working_hours_follow_the_rules_of_pytz(self):
        with zone_rules(Toronto=ALWAYS_SUMMER):
            self.company.x_fc_booking_horizon_days = 366
            slots = self.Task._find_open_slots(
                self.technician,
                utc(WINTER_DAY).date(),
                utc(WINTER_DAY).date(),
                1.0,
                None,
                None,
            )
            first = pytz.utc.localize(slots[0].start)
            shown = first.astimezone(pytz.timezone("America/Toronto"))
            self.assertEqual(shown.utcoffset(), timedelta(hours=-4))
            self.assertEqual(shown.strftime("%H:%M"), "08:30")
        self.assertNotEqual(zone_of("America/Toronto"), None)
