import re

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import RepairsCase, opt_out_token


@tagged("post_install", "-at_install", "fusion")
class TestToken(RepairsCase):
    """The link is secret, unique, good for one cycle, and found by nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract()

    def test_tokens_are_long_and_never_repeat(self):
        seen = set()
        for _i in range(200):
            self.contract._renew_token()
            seen.add(self.contract.sudo().booking_token)
        self.assertEqual(len(seen), 200)
        self.assertTrue(all(re.fullmatch(r"[\w-]{43}", token) for token in seen))

    def test_found_by_its_token_in_any_state(self):
        token = self.contract.sudo().booking_token
        contracts = self.env["fusion.repair.maintenance.contract"]
        found = contracts.with_user(self.env.ref("base.public_user"))
        self.assertEqual(found._find_by_token(token), self.contract)
        self.contract._cancel()
        self.assertEqual(found._find_by_token(token), self.contract)

    def test_nothing_else_is_found(self):
        token = self.contract.sudo().booking_token
        contracts = self.env["fusion.repair.maintenance.contract"]
        other_case = token.swapcase()
        for value in (
            None, "", False, 1, b"x", [token], token[:-1], token + "a", f"{token}\n",
            "\x00" * 43, "é" * 43, "%" * 43, "_" * 43, other_case,
        ):  # fmt: skip
            with self.subTest(value=value):
                self.assertFalse(contracts._find_by_token(value))

    def test_new_owner_gets_a_new_link(self):
        token = self.contract.sudo().booking_token
        self.contract.partner_id = self.client.copy()
        self.assertNotEqual(self.contract.sudo().booking_token, token)

    def test_copy_does_not_carry_the_token(self):
        copy = self.contract.copy({"next_due_date": self.contract.next_due_date})
        self.assertNotEqual(
            copy.sudo().booking_token, self.contract.sudo().booking_token
        )

    def test_no_role_reads_searches_or_exports_tokens(self):
        opt_out_token(self.client.sudo())
        users = (
            self.manager,
            self.dispatcher,
            self.reader,
            self.env.ref("base.user_admin"),
        )
        for user in users:
            for record, field in (
                (self.contract, "booking_token"),
                (self.client, "x_fc_opt_out_token"),
            ):
                self.env.invalidate_all()
                mine = record.with_user(user)
                with self.subTest(user=user.login, field=field):
                    with self.assertRaises(AccessError):
                        mine.read([field])
                    self.assertNotIn(field, mine.fields_get())
                    with self.assertRaises(AccessError):
                        mine.search([(field, "like", "a%")])
                    with self.assertRaises(UserError):
                        mine.export_data([field])
                    with self.assertRaises(AccessError):
                        mine.write({field: "x" * 43})

    def test_dispatcher_copies_the_link_and_the_chatter_says_so(self):
        contract = self.contract.with_user(self.dispatcher)
        action = contract.action_copy_booking_link()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        url = wizard.with_user(self.dispatcher).url
        token = self.contract.sudo().booking_token
        self.assertTrue(url.endswith(f"/repairs/maintenance/book/{token}"))
        self.assertIn(self.dispatcher.name, self.contract.message_ids[0].body)
        self.assertNotIn(token, str(self.contract.message_ids.mapped("body")))

    def test_others_do_not_get_the_link(self):
        for user in (self.reader, self.technician):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.contract.with_user(user).action_copy_booking_link()
        action = self.contract.with_user(self.dispatcher).action_copy_booking_link()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            wizard.with_user(self.manager).read(["url"])

    def test_opt_out_link_stops_the_reminders(self):
        url = self.client._fc_get_opt_out_url()
        token = url.rpartition("/")[2]
        public = self.env["res.partner"].with_user(self.env.ref("base.public_user"))
        found = public._fc_find_by_opt_out_token(token)
        self.assertEqual(found, self.client)
        found._fc_opt_out("page")
        self.assertTrue(self.client.x_fc_maintenance_opt_out)
        self.assertEqual(self.client.x_fc_consent_basis, "withdrawn")
        self.assertFalse(public._fc_find_by_opt_out_token("x" * 43))
        self.assertEqual(self.client._fc_get_opt_out_url(), url)
