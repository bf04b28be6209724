from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import FusionCase, utc

TUESDAY = "2026-06-02"


class BoardCase(FusionCase):
    """What the tests of the dispatch board start with."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.board = cls.env["fusion.dispatch.board"].with_user(cls.dispatcher)

    def load(self, day=TUESDAY, days=1, **filters):
        """Return what the board shows, with the rows by login."""
        data = self.board.load_board(day, days, filters)
        users = self.env["res.users"]
        data["by_login"] = {
            users.browse(row["id"]).login: row for row in data["technicians"]
        }
        return data

    def get_day(self, login="fc_tech", day=TUESDAY):
        """Return one technician's day as the board shows it."""
        return self.load(day)["by_login"][login]["days"][0]


@tagged("post_install", "-at_install", "fusion")
class TestDispatchBoard(BoardCase):
    """What the dispatcher sees."""

    def test_day_shows_hours_tasks_and_drives(self):
        first = self.book("2026-06-02 09:00")
        second = self.book(
            "2026-06-02 11:00", address_id=self.places["east"].id, duration=0.5
        )
        day = self.get_day()
        self.assertEqual(
            day["windows"], [{"from": 480, "to": 720}, {"from": 780, "to": 1020}]
        )
        self.assertEqual([task["id"] for task in day["tasks"]], [first.id, second.id])
        self.assertEqual(
            [(task["from"], task["to"]) for task in day["tasks"]],
            [(540, 600), (660, 690)],
        )
        travel = self.env["fusion.travel"]._get_travel_table(set())
        depot, near, east = (
            self.env["fusion.technician.availability"]._to_place(
                place.partner_latitude, place.partner_longitude
            )
            for place in (self.places["depot"], self.client, self.places["east"])
        )
        self.assertEqual(
            [(drive["to"], drive["minutes"]) for drive in day["drives"]],
            [(540, travel(depot, near)), (660, travel(near, east))],
        )
        self.assertFalse(any(drive["tight"] for drive in day["drives"]))

    def test_drive_without_time_for_it_is_marked(self):
        self.book("2026-06-02 09:00")
        self.book("2026-06-02 10:00", address_id=self.places["far"].id)
        self.assertEqual(
            [drive["tight"] for drive in self.get_day()["drives"]], [False, True]
        )

    def test_time_off_and_busy_time_are_shown_without_their_reasons(self):
        self.make_leave("2026-06-02 13:00", "2026-06-02 17:00", self.technician)
        self.make_event(
            self.technician, "2026-06-02 08:00", "2026-06-02 09:00", name="Dentist"
        )
        day = self.get_day()
        self.assertEqual(day["off"], [{"from": 780, "to": 1020, "label": "Time off"}])
        self.assertEqual(day["busy"], [{"from": 480, "to": 540, "label": "Busy"}])
        self.assertEqual(day["windows"], [{"from": 480, "to": 720}])

    def test_what_no_longer_fits_is_marked(self):
        self.book("2026-06-02 09:00")
        self.assertFalse(self.get_day()["tasks"][0]["conflict"])
        self.make_leave("2026-06-02 08:00", "2026-06-02 17:00", self.technician)
        self.env.cr.precommit.run()
        self.assertTrue(self.get_day()["tasks"][0]["conflict"])

    def test_public_holiday_is_shown_to_all_by_its_name(self):
        holiday = self.make_leave("2026-06-02 00:00", "2026-06-02 23:59")
        holiday.name = "Founders' Day"
        rows = self.load()["by_login"]
        for login in ("fc_tech", "fc_colleague"):
            (day,) = rows[login]["days"]
            self.assertFalse(day["windows"])
            self.assertEqual([off["label"] for off in day["off"]], [holiday.name])

    def test_week_is_read_with_as_many_queries_as_a_day(self):
        for number in range(4):
            self.book(f"2026-06-0{2 + number} 09:00")
        counts = []
        for days in (1, 7):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.load(days=days)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_side_has_what_waits_and_what_has_lost_its_technician(self):
        waiting = self.make_task()
        gone = self.make_technician("fc_gone")
        orphan = self.book("2026-06-02 09:00", technician=gone)
        gone.active = False
        self.book("2026-06-02 09:00")
        side = self.load()["side"]
        self.assertEqual({task["id"] for task in side}, {waiting.id, orphan.id})
        self.assertTrue(all(task["movable"] for task in side))

    def test_zone_narrows_the_side_and_marks_the_days(self):
        self.client.write({"zip": "M5V 2T6"})
        elsewhere = self.env["res.partner"].create({"name": "Far", "city": "Barrie"})
        here, there = self.make_task(), self.make_task(partner_id=elsewhere.id)
        self.book("2026-06-02 09:00")
        self.book("2026-06-02 14:00", partner_id=elsewhere.id)
        for zone, task, marks in (("m5v", here, [1, 0]), ("barr", there, [0, 1])):
            data = self.load(zone=zone)
            self.assertEqual([item["id"] for item in data["side"]], task.ids)
            (day,) = data["by_login"]["fc_tech"]["days"]
            self.assertEqual([item["in_zone"] for item in day["tasks"]], marks)
        self.assertFalse(self.load(zone="100%")["side"])

    def test_zones_of_several_technicians_each_on_their_own_clock(self):
        west = self.make_technician("fc_west", tz="America/Vancouver")
        self.book("2026-06-02 09:00", technician=west, tz="America/Vancouver")
        row = self.load()["by_login"]["fc_west"]
        self.assertEqual(row["tz"], "America/Vancouver")
        self.assertEqual(row["days"][0]["tasks"][0]["from"], 540)

    def test_task_of_another_company_only_takes_the_time(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.technician.company_ids += other
        self.env["fusion.technician.task"].with_company(other).create(
            {
                "company_id": other.id,
                "technician_id": self.technician.id,
                "date_start": utc("2026-06-02 09:00"),
                "status": "scheduled",
            }
        )
        day = self.get_day()
        self.assertFalse(day["tasks"])
        self.assertEqual(day["busy"], [{"from": 540, "to": 600, "label": "Elsewhere"}])

    def test_map_numbers_the_stops_in_order(self):
        self.book("2026-06-02 11:00", address_id=self.places["east"].id)
        self.book("2026-06-02 09:00")
        shown = self.board.load_map(self.technician.id, TUESDAY)
        self.assertEqual(
            [(stop["number"], stop["from"]) for stop in shown["stops"]],
            [(1, 540), (2, 660)],
        )
        self.assertEqual(shown["stops"][1]["latitude"], 43.77)
        self.assertEqual(shown["start"]["latitude"], 43.70)
        self.assertEqual(shown["tile_url"], "")
        self.assertTrue(all(stop["drive"] for stop in shown["stops"]))

    def test_nobody_but_dispatchers_gets_anything(self):
        task = self.book("2026-06-02 09:00")
        calls = (
            ("load_board", (TUESDAY, 1)),
            ("verdicts", (task.id, [self.technician.id], TUESDAY, 1)),
            ("plan", (task.id, self.technician.id, "2026-06-02 15:00:00")),
            ("unschedule", (task.id,)),
            ("undo", ({},)),
            ("load_map", (self.technician.id, TUESDAY)),
        )
        outsider = self.make_user("fc_outsider", None)
        for user in (self.technician, self.reader, outsider):
            board = self.board.with_user(user)
            for name, arguments in calls:
                with self.subTest(user=user.login, method=name):
                    with self.assertRaises(AccessError):
                        getattr(board, name)(*arguments)

    def test_tasks_of_other_companies_cannot_be_planned(self):
        other = self.env["res.company"].create({"name": "Other"})
        task = self.make_task(company_id=other.id, partner_id=False)
        with self.assertRaises(AccessError):
            self.board.plan(task.id, self.technician.id, "2026-06-02 13:00:00")

    def test_odd_input_is_refused_in_words(self):
        task = self.make_task()
        for day, days in (("soon", 1), (TUESDAY, 0), (TUESDAY, 400), (None, 1)):
            with self.assertRaises(UserError):
                self.board.load_board(day, days)
        with self.refused(UserError, "not a time"):
            self.board.plan(task.id, self.technician.id, "noon")
        with self.refused(UserError, "not a technician"):
            self.board.plan(task.id, self.reader.id, "2026-06-02 13:00:00")
        with self.refused(UserError, "not a technician"):
            self.board.load_map(self.reader.id, TUESDAY)
        with self.refused(UserError, "does not exist"):
            self.board.plan(0, self.technician.id, "2026-06-02 13:00:00")
