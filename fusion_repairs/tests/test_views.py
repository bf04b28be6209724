from odoo.tests import tagged

from .common import RepairsCase

ADDONS = ("fusion_repairs", "fusion_tasks")


@tagged("post_install", "-at_install", "fusion")
class TestViews(RepairsCase):
    """Each role can open what its menus show, and every window of ours."""

    def actions(self):
        """Return all windows of both addons."""
        names = self.env["ir.model.data"].search(
            [("module", "in", ADDONS), ("model", "=", "ir.actions.act_window")]
        )
        return self.env["ir.actions.act_window"].browse(names.mapped("res_id"))

    def open(self, action, user):
        """Load the views of a window as its reader's client does."""
        views = [(view_id, kind) for view_id, kind in action.views]
        if action.target != "new":
            views.append((action.search_view_id.id, "search"))
        model = self.env[action.res_model].with_user(user)
        self.assertTrue(model.get_views(views)["views"])

    def test_every_window_opens_for_all_who_may_read_its_records(self):
        opened = set()
        actions = self.actions()
        self.assertGreater(len(actions), 20)
        administrator = self.env.ref("base.user_admin")  # for the settings
        for user in (
            *(self.technician, self.reader, self.dispatcher, self.manager),
            administrator,
        ):
            for action in actions:
                model = self.env[action.res_model].with_user(user)
                if not model.has_access("read"):
                    continue
                with self.subTest(action=action.xml_id, user=user.login):
                    self.open(action, user)
                    opened.add(action)
        never = set(actions) - opened
        self.assertFalse(never, "no role can open it")

    def test_menus_lead_only_where_one_may_go(self):
        for user, fewest in (
            (self.technician, 2),
            (self.reader, 4),
            (self.dispatcher, 6),
            (self.manager, 10),
        ):
            menus = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            names = self.env["ir.model.data"].search(
                [
                    ("module", "in", ADDONS),
                    ("model", "=", "ir.ui.menu"),
                    ("res_id", "in", list(menus)),
                ]
            )
            shown = self.env["ir.ui.menu"].browse(names.mapped("res_id"))
            windows = [
                menu.action
                for menu in shown
                if menu.action and menu.action._name == "ir.actions.act_window"
            ]
            self.assertGreaterEqual(len(windows), fewest, user.login)
            for action in windows:
                model = self.env[action.res_model].with_user(user)
                with self.subTest(action=action.xml_id, user=user.login):
                    self.assertTrue(model.has_access("read"))
                    self.open(action, user)
