from odoo.tests import tagged

from ..common import opt_out_token
from .enrolment_case import EnrolmentCase


@tagged("post_install", "-at_install", "fusion")
class TestEnrolmentMerge(EnrolmentCase):
    """Merging two contacts in Odoo's own dialog loses no contract and no opt-out."""

    def setUp(self):
        super().setUp()
        self.twin = self.env["res.partner"].create(
            {"name": "M. Example", "email": self.client.email}
        )
        self.clerk = self.make_user("user", "fr_clerk")
        self.clerk.group_ids |= self.env.ref("base.group_partner_manager")

    def merge(self, user=None):
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard = wizard.with_user(user or self.clerk).with_context(
            active_model="res.partner", active_ids=(self.client | self.twin).ids
        )
        wizard.create({"dst_partner_id": self.client.id}).action_merge()
        self.env.invalidate_all()

    def test_every_contract_and_its_link_stays(self):
        mine = self.make_contract(x_fc_device_serial="A-1")
        theirs = self.make_contract(
            x_fc_device_serial="A-2", partner_id=self.twin.id, address_id=self.twin.id
        )
        visit = self.book(theirs)
        links = (mine | theirs).sudo().mapped("booking_token")
        self.merge()
        self.assertFalse(self.twin.exists())
        contracts = (mine | theirs).exists()
        self.assertEqual(len(contracts), 2)
        self.assertEqual(contracts.partner_id, self.client)
        self.assertEqual(contracts.address_id, self.client)
        self.assertEqual(visit.partner_id, self.client)
        self.assertEqual(contracts.sudo().mapped("booking_token"), links)
        self.assertIn("merged", theirs.message_ids[0].body)

    def test_units_of_one_order_line_stay_apart(self):
        order = self.sell(3, partner=self.twin)
        order.action_confirm()
        contracts = self.in_care(order)
        self.merge()
        self.assertEqual(len(contracts.exists()), 3)
        self.assertEqual(contracts.partner_id, self.client)

    def test_opt_out_of_either_contact_holds_and_its_link_works(self):
        token = opt_out_token(self.twin)
        self.twin._fc_opt_out("test")
        for user in (self.clerk, self.env.ref("base.user_root")):
            with self.subTest(user=user.login):
                self.merge(user)
                self.assertTrue(self.client.x_fc_maintenance_opt_out)
                found = self.client._fc_find_by_opt_out_token(token)
                self.assertEqual(found, self.client)
                self.twin = self.env["res.partner"].create(
                    {"name": "Twin", "email": self.client.email}
                )
                opt_out_token(self.twin)

    def test_every_old_opt_out_link_works_after_merges(self):
        third = self.twin.copy({"name": "M. E."})
        people = self.client | self.twin | third
        tokens = [opt_out_token(person) for person in people]
        self.merge()
        self.twin = third
        self.merge()
        for token in tokens:
            found = self.client._fc_find_by_opt_out_token(token)
            self.assertEqual(found, self.client)
        self.assertEqual(self.client.sudo().x_fc_opt_out_token, tokens[0])

    def test_links_survive_a_merge_into_somebody_else(self):
        keep, token = self.client, opt_out_token(self.client)
        other = opt_out_token(self.twin)
        self.merge()
        self.client = self.env["res.partner"].create(
            {"name": "New", "email": keep.email}
        )
        self.twin = keep
        self.merge()
        for each in (token, other):
            found = self.client._fc_find_by_opt_out_token(each)
            self.assertEqual(found, self.client)
