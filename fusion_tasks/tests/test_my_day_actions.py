from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import FusionCase, utc


@tagged("post_install", "-at_install", "fusion")
class TestMyDayActions(FusionCase):
    """The big buttons: what they do, whose they are, what a bad line may not break."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.task = cls.book("2026-06-01 09:00")
        cls.tomorrow = cls.book("2026-06-02 08:30")
        cls.others = cls.book("2026-06-01 09:00", cls.colleague)
        cls.day = cls.env["fusion.my.day"].with_user(cls.technician)
        cls.env.flush_all()
        cls.env.invalidate_all()

    def buttons(self, task=None):
        return self.day._prepare_buttons(task or self.task)

    def names(self):
        return [button["name"] for button in self.buttons()]

    def act(self, name, task=None, date=False):
        return self.day.act((task or self.task).id, name, date)

    def test_buttons_follow_the_status(self):
        self.assertEqual(self.names(), ["start_travel", "start", "no_show"])
        self.act("start_travel")
        self.assertEqual(self.names(), ["start", "no_show"])
        self.act("start")
        self.assertEqual(self.names(), ["complete", "no_show"])
        self.act("complete")
        self.assertEqual(self.names(), [])
        self.assertEqual(self.task.status, "completed")
        self.assertTrue(self.task.actual_start)

    def test_a_step_that_was_tapped_too_early_is_taken_back(self):
        def undo():
            card = self.day._prepare_card(self.task)
            return [link["name"] for link in card["links"]]

        self.assertEqual(undo(), [])
        self.act("start_travel")
        self.assertEqual(undo(), ["undo_travel"])
        self.act("undo_travel")
        self.assertEqual(self.task.status, "scheduled")
        self.act("start")
        self.assertTrue(self.task.actual_start)
        self.act("undo_start")
        self.act("undo_start")
        self.assertEqual(self.task.status, "scheduled")
        self.assertFalse(self.task.actual_start)
        self.act("start")
        self.act("complete")
        self.assertEqual(undo(), [])

    def test_access_notes_of_the_place_stand_on_the_card(self):
        place = self.task.address_id or self.task.partner_id
        place.x_fc_access_note = "Key box 4711"
        self.assertEqual(self.day._prepare_card(self.task)["access"], "Key box 4711")

    def test_one_button_is_the_main_one(self):
        self.assertEqual(
            [button["primary"] for button in self.buttons()], [True, False, False]
        )

    def test_answer_is_the_day_that_the_phone_shows(self):
        day = self.act("start_travel")["day"]
        self.assertEqual(day["visits"][0]["status"], "en_route")
        day = self.act("start", date="2026-06-02")["day"]
        self.assertEqual(day["date"], "2026-06-02")

    def test_nobody_home(self):
        self.act("no_show")
        self.assertEqual(self.task.status, "no_show")

    def test_only_final_and_odd_steps_ask(self):
        asks = {button["name"]: button["confirm"] for button in self.buttons()}
        self.assertFalse(asks["start_travel"])
        self.assertFalse(asks["start"])
        self.assertIn("Client One", asks["no_show"])
        for button in self.buttons(self.tomorrow):
            self.assertTrue(button["confirm"])
        self.task.action_start()
        asks = {button["name"]: button["confirm"] for button in self.buttons()}
        self.assertIn("only the office", asks["complete"].lower())

    def test_step_whose_answer_was_lost_may_be_sent_again(self):
        self.act("start_travel")
        day = self.act("start_travel")["day"]
        self.assertEqual(day["visits"][0]["status"], "en_route")
        self.act("start")
        began = self.task.actual_start
        self.act("start")
        self.assertEqual(self.task.actual_start, began)

    def test_step_that_came_too_late_is_refused_in_words(self):
        self.task.action_cancel()
        with self.refused(UserError, "“Cancelled”"):
            self.act("start")
        self.assertEqual(self.task.status, "cancelled")

    def test_what_is_no_button_is_refused(self):
        for name in ("cancel", "reopen", "unlink", "write", "", "__class__"):
            with self.subTest(name=name), self.refused(UserError, "no longer possible"):
                self.act(name)
        self.assertEqual(self.task.status, "scheduled")

    def test_visit_that_went_to_somebody_else_is_refused_in_words(self):
        with self.refused(UserError, "no longer yours"):
            self.act("start", self.others)
        self.task.write(
            {
                "technician_id": self.colleague.id,
                "date_start": utc("2026-06-01 14:00"),
            }
        )
        with self.refused(UserError, "no longer yours"):
            self.act("start")

    def test_other_addons_may_answer_with_an_action(self):
        opened = {"type": "ir.actions.act_url", "url": "https://example.com"}
        buttons = [{"name": "open", "label": "Open", "action": opened}]
        self.patch(
            self.env.registry["fusion.my.day"],
            "_get_task_actions",
            lambda self, task: buttons,
        )
        self.assertEqual(
            self.buttons(),
            [{"name": "open", "label": "Open", "primary": False, "confirm": False}],
        )
        self.assertEqual(self.act("open"), {"action": opened})

    def test_my_day_is_where_technicians_land(self):
        menus = self.env["ir.ui.menu"].with_user(self.technician)
        web = menus.load_web_menus(False)
        root = self.env.ref("fusion_tasks.fusion_tasks_menu")
        action = self.env.ref("fusion_tasks.fusion_my_day_action")
        self.assertEqual(web[root.id]["actionID"], action.id)
        self.assertEqual(web[root.id]["actionPath"], "fusion-my-day")
        web = menus.with_user(self.reader).load_web_menus(False)
        self.assertNotEqual(web[root.id]["actionID"], action.id)
