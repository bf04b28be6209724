from datetime import timedelta
from functools import partial

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.fusion_tasks.tests.view_crawler import ALL, NONE, WindowCrawler

from .booking.office_case import OfficeCase

ADDONS = ("fusion_repairs", "fusion_tasks")


@tagged("post_install", "-at_install", "fusion")
class TestViewCrawl(OfficeCase):
    """Every window of both addons works for everybody who is shown it.

    Every kind of view is opened with and without records, every filter is applied,
    every grouping made, every column sorted by.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = cls.env.ref("base.user_admin")
        cls.roles = (
            *(cls.technician, cls.reader, cls.dispatcher, cls.manager),
            cls.administrator,
        )
        cls.contract = cls.make_contract(x_fc_device_serial="CRAWL-1")
        cls.contract._notify_office("Please", reason="call_due")
        cls.book(cls, cls.contract)
        second = cls.make_contract(user_id=cls.manager.id)
        visit = cls.book(cls, second)
        visit.technician_task_id.action_start()
        visit.technician_task_id.action_complete()

    def setUp(self):
        super().setUp()
        self.problems = {}

    @classmethod
    def get_windows(cls):
        """Return all windows of both addons."""
        names = cls.env["ir.model.data"].search(
            [("module", "in", ADDONS), ("model", "=", "ir.actions.act_window")]
        )
        return cls.env["ir.actions.act_window"].browse(names.mapped("res_id"))

    def attempt(self, words, action, user, act):
        """Do what a client does; note what does not work, for whom."""
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                return act()
        except Exception as error:  # noqa: BLE001
            problem = f"{action.xml_id}, {words}: {error!r}"
            self.problems.setdefault(problem, []).append(user.login)
        return None

    def is_for(self, action, user):
        """Tell whether to look at a window as a user: the administrator has his own."""
        model = self.env[action.res_model]
        if user == self.administrator and model.with_user(self.manager).has_access(
            "read"
        ):
            return False
        return model.with_user(user).has_access("read")

    def crawl(self, visit):
        """Visit every window as each role that may read its records.

        :param visit: takes a crawler, and a function that takes words and an act
        """
        windows = self.get_windows()
        self.assertGreater(len(windows), 20)
        for user in self.roles:
            for action in windows:
                if not self.is_for(action, user):
                    continue
                attempt = partial(self.attempt, action=action, user=user)
                opening = partial(WindowCrawler, action, user)
                crawler = attempt("opening", act=opening)
                if crawler:
                    visit(crawler, attempt)
        said = [f"{words} ({', '.join(who)})" for words, who in self.problems.items()]
        self.assertFalse(said, "\n" + "\n".join(said))

    def test_every_view_opens_with_and_without_records(self):
        kinds = set()

        def visit(crawler, attempt):
            default = crawler.get_default_domain()
            for kind in crawler.get_kinds():
                kinds.add(kind)
                for words, domain in (("all", ALL), ("opened", default), ("no", NONE)):
                    opening = partial(crawler.open, kind, domain)
                    attempt(f"{kind} with {words} records", act=opening)

        self.crawl(visit)
        every = {"list", "form", "kanban", "calendar", "pivot", "graph"}
        self.assertGreaterEqual(kinds, every)

    def test_every_filter_and_grouping_of_every_search(self):
        counted = {"filter": 0, "grouping": 0}

        def visit(crawler, attempt):
            attempt("search panel", act=crawler.search_panel)
            for name, node in crawler.get_filters():
                counted["filter"] += 1
                attempt(f"filter {name}", act=partial(crawler.search, node))
            for name, group_by in crawler.get_groupings():
                counted["grouping"] += 1
                for words, domain in (("all", ALL), ("no", NONE)):
                    grouping = partial(crawler.group, group_by, domain)
                    attempt(f"{words} records by {name}", act=grouping)

        self.crawl(visit)
        self.assertGreater(counted["filter"], 200)
        self.assertGreater(counted["grouping"], 100)

    def test_the_clock_opens_what_is_to_be_done(self):
        windows = {action.res_model: action for action in self.get_windows()[::-1]}
        names = [name for name in windows if "activity_ids" in self.env[name]._fields]
        ours = [name for name in names if name.startswith("fusion.")]
        self.assertGreaterEqual(len(ours), 3)
        today = self.contract._get_today()
        days = {"overdue": -1, "today": 0, "upcoming_all": 1}
        for name in ours:
            records = self.env[name].search([], limit=4)
            records.activity_ids.unlink()
            for record, ahead in zip(records, days.values(), strict=False):
                record.activity_schedule(
                    "mail.mail_activity_data_todo",
                    date_deadline=today + timedelta(days=ahead),
                    user_id=self.manager.id,
                )
            crawler = WindowCrawler(windows[name], self.manager)
            filters = dict(crawler.get_filters())
            self.assertIn("filter_activities_my", filters, name)
            for (kind, ahead), record in zip(days.items(), records, strict=False):
                domain = crawler.get_domain(filters[f"activities_{kind}"])
                with self.subTest(model=name, kind=kind, ahead=ahead):
                    self.assertEqual(crawler.model.search(domain).ids, record.ids)
