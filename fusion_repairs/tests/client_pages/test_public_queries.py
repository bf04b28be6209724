from odoo.tests import tagged

from ..common import RepairsCase


@tagged("post_install", "-at_install", "fusion")
class TestPublicQueries(RepairsCase):
    """A booking page costs few queries, however many technicians there are."""

    def count_queries(self, contract):
        """Return the number of queries from the link to the page, nothing known."""
        token = contract.booking_token
        self.env.flush_all()
        self.env.invalidate_all()
        public = self.env.ref("base.public_user")
        before = self.env.cr.sql_log_count
        env = self.env(user=public)
        found = env["fusion.repair.maintenance.contract"]._find_by_token(token)
        pages = env["fusion.repair.public.page"]
        template, page = pages._get_booking_page(found, {})
        html = pages._render(template, {**page, "csrf_token": ""})
        self.assertGreater(str(html).count('name="slot"'), 4)
        return self.env.cr.sql_log_count - before

    def test_constant_and_few(self):
        contract = self.make_contract()
        few = self.count_warm(contract)
        self.assertLessEqual(few, 32)
        for number in range(6):
            self.make_technician("technician", f"fr_more_{number}")
        self.assertEqual(self.count_warm(contract), few)

    def count_warm(self, contract):
        self.count_queries(contract)  # fills the caches that a new user empties
        return self.count_queries(contract)
