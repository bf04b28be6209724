from odoo.tests import new_test_user, tagged

from .common import FusionCase


@tagged("post_install", "-at_install", "fusion")
class TestCalendarPrivate(FusionCase):
    """For whom a technician is on the way is not to be found by asking."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.task = cls.book(
            "2026-06-03 09:00", task_type="maintenance", description="Door code 77"
        )
        cls.event = cls.task.calendar_event_id
        groups = {
            "employee": "base.group_user",
            "user": "fusion_tasks.fusion_tasks_group_user",
            "colleague": "fusion_tasks.fusion_tasks_group_technician",
        }
        cls.others = [
            new_test_user(cls.env, f"ft_{name}", groups=group)
            for name, group in groups.items()
        ]

    def get_questions(self):
        """Return domains that would tell what the event says."""
        partner = self.task.partner_id
        return (
            [("name", "ilike", partner.name)],
            [("display_name", "ilike", partner.name)],
            [("location", "ilike", "Test Street")],
            [("description", "ilike", "77")],
            ["!", ("description", "not ilike", "77")],
            ["|", ("location", "ilike", "1 Test"), ("name", "=", "nothing")],
            [("message_ids.body", "ilike", partner.name)],
        )

    def find(self, user, domain):
        return self.env["calendar.event"].with_user(user).search(domain)

    def test_others_find_nothing_by_what_is_masked(self):
        for user in self.others:
            events = self.env["calendar.event"].with_user(user)
            for domain in self.get_questions():
                within = [*domain, ("id", "=", self.event.id)]
                with self.subTest(user=user.login, domain=domain):
                    self.assertFalse(events.search(within))
                    self.assertFalse(events.search_count(within))
                    self.assertFalse(events.search_read(within, ["start"]))
                    groups = events._read_group(within, ["user_id"], ["__count"])
                    self.assertFalse(groups)
            partner = self.task.partner_id
            self.assertFalse(
                [
                    row
                    for row in events.name_search(partner.name)
                    if row[0] == self.event.id
                ]
            )
            self.assertNotIn(self.event, events.search([], order="location, name"))

    def test_others_find_nothing_by_a_path(self):
        for user in self.others:
            guests = self.env["calendar.attendee"].with_user(user)
            for name in ("name", "location", "description"):
                found = guests.search(
                    [
                        ("event_id", "=", self.event.id),
                        (f"event_id.{name}", "!=", "something else"),
                    ]
                )
                with self.subTest(user=user.login, field=name):
                    self.assertFalse(found)

    def test_they_still_see_that_the_technician_is_busy(self):
        domain = [
            ("partner_ids", "in", self.task.technician_id.partner_id.ids),
            ("start", "<=", self.event.stop),
            ("stop", ">=", self.event.start),
        ]
        self.env.flush_all()
        for user in self.others:
            self.env.invalidate_all()
            found = self.find(user, domain)
            with self.subTest(user=user.login):
                self.assertEqual(found.ids, self.event.ids)
                said = found.read(["name", "display_name", "location", "description"])
                self.assertNotIn(self.task.partner_id.name, str(said))
                self.assertNotIn("Test Street", str(said))
                self.assertNotIn("Door code", str(said))

    def test_the_technician_finds_own_visits_by_client(self):
        name = self.task.partner_id.name
        found = self.find(self.task.technician_id, [("name", "ilike", name)])
        self.assertIn(self.event, found)
