from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import PLACES, FusionCase, utc


@tagged("post_install", "-at_install", "fusion")
class TestTaskFields(FusionCase):
    """What the fields of a task make of one another."""

    def test_tasks_are_numbered(self):
        tasks = self.Task.create([{}, {}])
        self.assertRegex(tasks[0].name, r"^TASK/\d{5}$")
        self.assertNotEqual(tasks[0].name, tasks[1].name)

    def test_end_follows_start_and_hours(self):
        start = utc("2026-06-03 09:00")
        task = self.make_task(date_start=start, duration=1.5)
        self.assertEqual(task.date_end, start + timedelta(minutes=90))
        task.date_start = start + timedelta(days=1)
        self.assertEqual(task.date_end, start + timedelta(days=1, minutes=90))
        task.duration = 1 / 3
        self.assertEqual(task.date_end, start + timedelta(days=1, minutes=20))

    def test_endless_task_is_refused(self):
        for hours in (1e300, float("inf"), float("nan"), 745):
            with self.subTest(hours=hours), self.refused(UserError, "at most"):
                self.make_task(date_start=utc("2026-06-03 09:00"), duration=hours)

    def test_hours_follow_the_end(self):
        start = utc("2026-06-03 09:00")
        task = self.make_task(date_start=start)
        task.date_end = start + timedelta(hours=3)
        self.assertEqual(task.duration, 3)
        task.write(
            {
                "date_start": start + timedelta(hours=1),
                "date_end": start + timedelta(hours=2),
            }
        )
        self.assertEqual(task.duration, 1)
        made = self.make_task(date_start=start, date_end=start + timedelta(hours=2))
        self.assertEqual(made.duration, 2)

    def test_form_shows_the_end_at_once(self):
        with Form(self.Task.with_user(self.dispatcher)) as form:
            form.partner_id = self.client
            form.date_start = utc("2026-06-03 09:00")
            form.duration = 2
            self.assertEqual(form.date_end, utc("2026-06-03 11:00"))
        self.assertEqual(form.record.date_end, utc("2026-06-03 11:00"))

    def test_place_is_the_clients_unless_changed(self):
        task = self.make_task()
        self.assertEqual(task.address_id, self.client)
        self.assertEqual((task.latitude, task.longitude), PLACES["near"])
        self.assertTrue(task.is_place_known)
        task.address_id = self.places["east"]
        self.assertEqual((task.latitude, task.longitude), PLACES["east"])
        other = self.make_task(latitude=1.5, longitude=2.5)
        self.assertEqual((other.latitude, other.longitude), (1.5, 2.5))

    def test_delivery_address_is_where_the_work_is(self):
        site = self.client.copy(
            {"name": "Site", "parent_id": self.client.id, "type": "delivery"}
        )
        self.assertEqual(self.make_task().address_id, site)

    def test_place_without_coordinates_is_unknown(self):
        nowhere = self.env["res.partner"].create({"name": "Nowhere"})
        task = self.make_task(partner_id=nowhere.id)
        self.assertFalse(task.is_place_known)
        self.assertEqual(task._get_coordinates(), (None, None))
        self.assertIn(task, self.Task.search([("is_place_known", "=", False)]))
        self.assertNotIn(task, self.Task.search([("is_place_known", "=", True)]))

    def test_open_tasks_move_with_their_address(self):
        task = self.book("2026-06-03 09:00")
        corrected = self.make_task(latitude=1.5, longitude=2.5)
        done = self.book("2026-06-03 10:00")
        done.action_complete()
        self.client.write({"partner_latitude": 43.8, "partner_longitude": -79.3})
        self.assertEqual((task.latitude, task.longitude), (43.8, -79.3))
        self.assertEqual((corrected.latitude, corrected.longitude), (1.5, 2.5))
        self.assertEqual((done.latitude, done.longitude), PLACES["near"])
        self.client.street = "2 Test Street"
        self.assertFalse(task.is_place_known, "an old place is worse than none")

    def test_late_tasks_are_found(self):
        late = self.book("2026-06-01 06:00")
        begun = self.book("2026-06-01 04:00", self.colleague)
        begun.action_start()
        fine = self.book("2026-06-03 09:00")
        tasks = late | begun | fine
        self.assertEqual(tasks.filtered("is_late"), late | begun)
        found = self.Task.search([("is_late", "=", True), ("id", "in", tasks.ids)])
        self.assertEqual(found.sorted("id"), late | begun)
        self.assertEqual(
            self.Task.search([("is_late", "=", False), ("id", "in", tasks.ids)]), fine
        )

    def test_names_tell_the_client(self):
        task = self.make_task()
        self.assertEqual(task.display_name, f"{task.name} – Client One")
        self.assertIn(task.id, [row[0] for row in self.Task.name_search("Client One")])

    def test_map_opens_at_the_place(self):
        task = self.make_task()
        self.assertIn("43.71%2C-79.41", task.action_open_map()["url"])
        for agent, begin in (
            ("Mozilla/5.0 (Linux; Android 14)", "geo:"),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0)", "https://maps.apple.com/"),
        ):
            self.assertTrue(task._get_map_url("1,2", agent).startswith(begin))
        task.write({"address_id": False, "latitude": 0, "longitude": 0})
        with self.refused(UserError, "no place"):
            task.action_open_map()
