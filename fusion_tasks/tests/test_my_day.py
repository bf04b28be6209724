from datetime import date

import psycopg2.errors

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PLACES, FusionCase, utc


@tagged("post_install", "-at_install", "fusion")
class TestMyDay(FusionCase):
    """What the technician's phone shows of a day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls.book("2026-06-01 09:00", description="Gate code 12")
        cls.second = cls.book(
            "2026-06-01 10:30",
            duration=1.5,
            partner_id=cls.places["east"].id,
            task_type="repair",
        )
        cls.tomorrow = cls.book("2026-06-02 08:30")
        cls.others = cls.book("2026-06-01 09:00", cls.colleague)
        cls.day = cls.env["fusion.my.day"].with_user(cls.technician)
        cls.env.flush_all()
        cls.env.invalidate_all()

    def load(self, day=False, user=None):
        days = self.day.with_user(user) if user else self.day
        return days.load_day(day)

    def ids(self, day=False, user=None):
        return [card["id"] for card in self.load(day, user)["visits"]]

    def card(self, task):
        start = self.day._get_local(task.date_start).date()
        visits = self.load(str(start))["visits"]
        return next(card for card in visits if card["id"] == task.id)

    # Which visits ----------------------------------------------------------------

    def test_today_is_the_default_and_days_lie_side_by_side(self):
        day = self.load()
        self.assertEqual(day["date"], "2026-06-01")
        self.assertTrue(day["is_today"])
        self.assertEqual(day["label"], "Monday, June 1")
        self.assertEqual((day["previous"], day["next"]), ("2026-05-31", "2026-06-02"))
        self.assertEqual(self.ids(), [self.first.id, self.second.id])
        self.assertEqual(self.ids("2026-06-02"), [self.tomorrow.id])
        self.assertFalse(self.load("2026-06-02")["is_today"])

    def test_day_is_said_in_the_order_of_the_language(self):
        self.env["res.lang"]._activate_lang("fr_CA")
        french = self.day.with_context(lang="fr_CA")
        self.assertEqual(french._format_day(date(2026, 11, 21)), "samedi 21 novembre")
        self.assertEqual(self.day._format_day(date(2026, 6, 2)), "Tuesday, June 2")

    def test_own_visits_only_whoever_asks(self):
        self.assertEqual(self.ids(user=self.colleague), [self.others.id])
        for user in (self.reader, self.dispatcher, self.manager):
            self.assertEqual(self.ids(user=user), [])

    def test_technician_with_the_dispatchers_rights_sees_own_visits_only(self):
        group = self.env.ref("fusion_tasks.fusion_tasks_group_dispatcher")
        self.technician.group_ids = [Command.link(group.id)]
        self.assertEqual(self.ids(), [self.first.id, self.second.id])
        with self.refused(UserError, "no longer yours"):
            self.day.act(self.others.id, "start")

    def test_plain_employees_and_the_public_have_no_day(self):
        plain = self.make_user("fc_plain", None)
        for user in (plain, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                self.load(user=user)
            with self.assertRaises(AccessError):
                self.day.with_user(user).act(self.first.id, "start")

    def test_pending_visits_are_not_on_the_day_cancelled_ones_are(self):
        self.first.action_unschedule()
        self.second.action_cancel()
        [card] = self.load()["visits"]
        self.assertEqual((card["id"], card["actions"]), (self.second.id, []))
        self.assertFalse(card["is_live"])

    def test_day_is_that_of_the_technicians_zone(self):
        late = self.book("2026-06-01 23:30", duration=0.5)
        self.assertEqual(late.date_start, utc("2026-06-02 03:30", "UTC"))
        self.assertEqual(self.ids()[-1], late.id)
        self.assertEqual(self.ids("2026-06-02"), [self.tomorrow.id])
        far = self.make_technician("fc_far", tz="America/Vancouver")
        task = self.book("2026-06-01 22:30", far, tz="America/Vancouver")
        [card] = self.load(user=far)["visits"]
        self.assertEqual(card["id"], task.id)
        self.assertIn("10:30", card["starts"])
        self.assertEqual(self.load(user=far)["tz"], "America/Vancouver")

    def test_night_work_is_on_both_days(self):
        night = self.book("2026-06-03 23:00", duration=2)
        self.assertEqual(self.ids("2026-06-03"), [night.id])
        self.assertEqual(self.ids("2026-06-04"), [night.id])

    def test_days_of_a_clock_change_hold_their_visits(self):
        early = self.book("2026-11-01 00:30", duration=0.5)
        last = self.book("2026-11-01 23:00", duration=0.5)
        self.assertEqual(self.ids("2026-11-01"), [early.id, last.id])
        self.assertEqual(self.ids("2026-10-31"), [])
        self.assertEqual(self.ids("2026-11-02"), [])

    def test_all_companies_of_the_technician_are_one_day(self):
        other = self.env["res.company"].create({"name": "Other Mobility"})
        self.technician.company_ids = [Command.link(other.id)]
        self.env.user.company_ids = [Command.link(other.id)]
        context = {"allowed_company_ids": (self.company | other).ids}
        task = self.Task.with_context(**context)._create_booking(
            {
                "company_id": other.id,
                "technician_id": self.technician.id,
                "date_start": utc("2026-06-01 14:00"),
                "duration": 1.0,
            }
        )
        self.assertIn(task.id, self.ids())
        self.day.act(task.id, "start_travel")
        self.assertEqual(task.status, "en_route")

    def test_empty_day_tells_the_next_visit(self):
        day = self.load("2026-05-31")
        self.assertEqual(day["visits"], [])
        self.assertEqual(day["next_visit"]["date"], "2026-06-02")
        self.assertEqual(day["next_visit"]["client"], "Client One")
        self.assertFalse(self.load("2026-06-05")["next_visit"])
        self.assertFalse(self.load()["next_visit"])

    def test_visits_left_open_are_pointed_at(self):
        self.assertFalse(self.load()["left_open"])
        left = self.book("2026-05-29 09:00")
        self.assertEqual(
            self.load()["left_open"],
            {"date": "2026-05-29", "label": "Friday, May 29", "count": 1},
        )
        self.assertFalse(self.load("2026-05-29")["left_open"])
        left.action_complete()
        self.assertFalse(self.load()["left_open"])

    # What a card says ------------------------------------------------------------

    def test_card_says_when_where_and_whom_to_call(self):
        card = self.card(self.first)
        self.assertIn("9:00", card["starts"])
        self.assertIn("10:00", card["ends"])
        self.assertIn("10:00", card["arrival"])
        self.assertEqual(card["client"], "Client One")
        self.assertIn("1 Test Street", card["address"])
        self.assertEqual(card["phone_url"], "tel:4165550199")
        self.assertEqual(card["notes"], ["Gate code 12"])
        self.assertEqual(card["status_label"], "Scheduled")
        self.assertEqual(self.card(self.second)["type_label"], "Repair")

    def test_call_link_of_the_card_is_that_of_every_page(self):
        self.client.phone = "519-555-0100 local 212 / 1-800-555-LIFT"
        self.assertEqual(self.card(self.first)["phone_url"], "tel:5195550100;ext=212")
        self.client.phone = "ask the neighbour"
        self.assertEqual(self.card(self.first)["phone_url"], "")

    def test_no_place_no_map(self):
        self.first.write({"address_id": False, "latitude": 0, "longitude": 0})
        card = self.card(self.first)
        self.assertEqual((card["address"], card["map_url"]), ("", False))

    def test_map_service_of_the_company(self):
        self.company.x_fc_directions_url = "https://maps.example.com/?to={place}&go"
        near = "%2C".join(str(degrees) for degrees in PLACES["near"])
        self.assertEqual(
            self.card(self.first)["map_url"], f"https://maps.example.com/?to={near}&go"
        )
        self.company.x_fc_directions_url = False
        self.assertIn(near, self.card(self.first)["map_url"])

    @mute_logger("odoo.sql_db")
    def test_map_service_must_be_a_link_with_a_place(self):
        for url in ("https://maps.example.com/", "javascript:alert('{place}')", "x"):
            with self.assertRaises(psycopg2.errors.CheckViolation):
                with self.env.cr.savepoint():
                    self.company.x_fc_directions_url = url

    def test_drives_between_the_stops(self):
        first, second = (card["drive"] for card in self.load()["visits"])
        travel = self.env["fusion.travel"]._get_travel_table([])
        depot, near, east = (
            self.day._get_place(self.Task.new({"latitude": at[0], "longitude": at[1]}))
            for at in (PLACES["depot"], PLACES["near"], PLACES["east"])
        )
        self.assertEqual(first["minutes"], travel(depot, near))
        self.assertEqual(second["minutes"], travel(near, east))
        self.assertEqual((first["from_start"], second["from_start"]), (True, False))
        self.assertFalse(second["is_tight"])

    def test_drive_that_does_not_fit_is_tight(self):
        self.second.write({"date_start": utc("2026-06-01 10:05")})
        self.assertTrue(self.card(self.second)["drive"]["is_tight"])

    def test_cancelled_stops_are_not_driven_to(self):
        self.first.action_cancel()
        cancelled, second = (card["drive"] for card in self.load()["visits"])
        self.assertFalse(cancelled)
        self.assertTrue(second["from_start"])

    def test_unknown_start_place_is_no_drive(self):
        self.technician.x_fc_start_address_id = False
        first, second = (card["drive"] for card in self.load()["visits"])
        self.assertFalse(first)
        self.assertGreater(second["minutes"], 0)
        self.assertFalse(second["from_start"])

    def test_number_of_queries_does_not_grow_with_the_visits(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.load()
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        for hour in range(13, 20):
            self.book(f"{date(2026, 6, 1)} {hour}:00", duration=0.5)
        self.assertLessEqual(count(), few)
