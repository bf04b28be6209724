from odoo.tests import Form, tagged

from .common import FusionCase, utc


@tagged("post_install", "-at_install", "fusion")
class TestViews(FusionCase):
    """Each role can open what the menus show it."""

    def test_every_view_loads_for_every_role(self):
        actions = (
            "fusion_technician_task_action",
            "fusion_technician_task_mine_action",
            "fusion_technician_task_calendar_action",
            "fusion_technician_task_analysis_action",
        )
        for user in (self.technician, self.reader, self.dispatcher, self.manager):
            for name in actions:
                action = self.env.ref(f"fusion_tasks.{name}")
                kinds = [*action.view_mode.split(","), "search"]
                self.Task.with_user(user).get_views([(False, kind) for kind in kinds])
                self.assertTrue(action.help, name)

    def test_buttons_fit_the_role(self):
        def buttons(user):
            arch = self.Task.with_user(user).get_view(view_type="form")["arch"]
            return {
                name
                for name in ("action_cancel", "action_start_travel")
                if f'name="{name}"' in arch
            }

        self.assertEqual(buttons(self.technician), {"action_start_travel"})
        self.assertEqual(buttons(self.dispatcher), {"action_cancel"})
        self.assertEqual(buttons(self.reader), set())

    def test_technician_opens_and_annotates_a_task(self):
        task = self.book("2026-06-03 09:00")
        with Form(task.with_user(self.technician)) as form:
            form.description = "Ring twice"
        self.assertEqual(task.description, "Ring twice")

    def test_kanban_shows_every_status_as_a_column(self):
        self.book("2026-06-03 09:00")
        tasks = self.Task.with_user(self.dispatcher).with_context(
            read_group_expand=True
        )
        groups = tasks.web_read_group([], ["status"])
        self.assertEqual(len(groups["groups"]), 7)

    def test_calendar_drag_moves_the_task(self):
        task = self.book("2026-06-03 09:00").with_user(self.dispatcher)
        task.write(
            {
                "date_start": utc("2026-06-03 14:00"),
                "date_end": utc("2026-06-03 15:30"),
            }
        )
        self.assertEqual(task.duration, 1.5)

    def test_technician_form_for_the_manager(self):
        view = "fusion_tasks.res_users_view_form_technician"
        with Form(self.technician.with_user(self.manager), view) as form:
            form.x_fc_service_radius_km = 33
        self.assertEqual(self.technician.x_fc_service_radius_km, 33)
