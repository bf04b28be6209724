"""How many forms a link and an address may send, and what happens to the rest."""

from datetime import timedelta
from unittest.mock import patch

from lxml import html
from psycopg2.errors import LockNotAvailable

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.client_pages import fusion_repair_public_post as post_model
from ...models.client_pages.ir_http import PUBLIC_HEADERS
from ..common import opt_out_token
from .public_case import PublicCase

BOOK = "/repairs/maintenance/book/"
OPT_OUT = "/repairs/maintenance/opt-out/"


@tagged("post_install", "-at_install", "fusion")
class TestPublicLimits(PublicCase):
    """The limits are counted before anything else, and refuse in a friendly way."""

    def setUp(self):
        super().setUp()
        self.posts = self.env["fusion.repair.public.post"]
        self.posts.sudo().search([]).unlink()
        self.limit(posts_per_link=3, posts_per_address=100)

    def limit(self, **numbers):
        """Set system parameters of the limits."""
        for name, number in numbers.items():
            self.env["ir.config_parameter"].set_param(f"fusion_repairs.{name}", number)

    def use_up(self, count=3):
        """Send forms until the link's limit is reached."""
        page = self.get()
        for _number in range(count):
            self.assertEqual(self.post("/confirm", page).status_code, 303)
        return page

    @mute_logger("odoo.http")
    def test_the_next_form_waits_and_keeps_what_was_typed(self):
        page = self.use_up()
        slot = self.slots(page)[0]
        before = self.snapshot()
        note = "Blue door <b>&</b> dog"
        answer = self.post("/confirm", page, slot=slot, note=note, lang="en_CA")
        self.assertEqual(answer.status_code, 429)
        self.assertEqual(self.snapshot(), before)
        self.assertTrue(0 < int(answer.headers["Retry-After"]) <= 600)
        for name, value in PUBLIC_HEADERS.items():
            self.assertEqual(answer.headers.get(name), value)
        words = self.words(answer)
        self.assertIn("Please wait a moment", words)
        self.assertIn("416-555-0100", words)
        self.assertEqual(html.fromstring(answer.content).get("lang"), "en-CA")
        self.limit(posts_per_link=50)
        form = html.fromstring(answer.content).forms[0]
        self.assertEqual(form.fields["note"], note)
        again = self.url_open(
            form.action, data=dict(form.fields), allow_redirects=False
        )
        self.assertEqual(again.status_code, 303)
        self.env.invalidate_all()
        self.assertEqual(self.contract.current_visit_id.client_note, note)

    @mute_logger("odoo.http")
    def test_the_page_waits_in_the_language_of_the_client(self):
        page = self.use_up()
        self.contract.partner_id.lang = "fr_CA"
        answer = self.post("/confirm", page)
        self.assertEqual(html.fromstring(answer.content).get("lang"), "fr-CA")
        answer = self.post("/confirm", page, lang="en_CA")
        self.assertEqual(html.fromstring(answer.content).get("lang"), "en-CA")

    @mute_logger("odoo.http")
    def test_looking_is_never_limited(self):
        self.use_up()
        self.assertEqual(self.post("/cancel").status_code, 429)
        for _number in range(5):
            self.assertEqual(self.get().status_code, 200)

    @mute_logger("odoo.http")
    def test_links_are_counted_apart(self):
        self.use_up()
        other = self._make_contract(x_fc_device_serial="OTHER-3")
        page = self.get(self.path(contract=other))
        self.env.flush_all()
        answer = self.url_open(
            self.path("/confirm", other),
            data={"csrf_token": self.form_token(page)},
            allow_redirects=False,
        )
        self.assertEqual(answer.status_code, 303)

    @mute_logger("odoo.http")
    def test_an_address_is_counted_over_all_links(self):
        self.limit(posts_per_link=100, posts_per_address=4)
        for number in range(4):
            token = f"{number}" * 43
            answer = self.url_open(
                BOOK + token + "/confirm",
                data={"csrf_token": self.form_token(self.get())},
            )
            self.assertEqual(answer.status_code, 404)
        self.assertEqual(self.post("/confirm").status_code, 429)

    @mute_logger("odoo.http")
    def test_a_while_later_it_goes_on(self):
        page = self.use_up()
        self.assertEqual(self.post("/confirm", page).status_code, 429)
        rows = self.posts.sudo().search([])
        self.assertEqual(len(rows), 6)  # the link's and the address's, each three
        rows.posted_at = fields.Datetime.now() - timedelta(minutes=11)
        self.assertEqual(self.post("/confirm", page).status_code, 303)

    def test_a_form_that_odoo_runs_again_by_itself_is_counted_once(self):
        page = self.get()
        original = type(self.env["ir.http"])._pre_dispatch.__func__
        runs = []

        def twice(cls, rule, args):
            runs.append(rule)
            original(cls, rule, args)
            return original(cls, rule, args)

        with patch.object(
            type(self.env["ir.http"]), "_pre_dispatch", classmethod(twice)
        ):
            self.post("/confirm", page)
        self.assertTrue(runs)
        self.assertEqual(self.posts.sudo().search_count([]), 2)

    def test_mail_programs_share_their_addresses(self):
        self.limit(posts_per_address=1)
        for number in range(3):
            partner = self.contract.partner_id.copy({"email": f"{number}@example.com"})
            path = OPT_OUT + opt_out_token(partner)
            self.env.flush_all()
            answer = self.url_open(path, data={"List-Unsubscribe": "One-Click"})
            self.assertEqual(answer.status_code, 200)

    @mute_logger("odoo.http")
    def test_an_opt_out_link_that_is_none_counts_for_its_sender(self):
        self.limit(posts_per_link=100, posts_per_address=4)
        codes = [
            self.url_open(
                OPT_OUT + f"{number}" * 43, data={"List-Unsubscribe": "One-Click"}
            ).status_code
            for number in range(6)
        ]
        self.assertEqual(codes, [404] * 4 + [429] * 2)
        self.assertEqual(self.posts.sudo().search_count([]), 8)

    @mute_logger("odoo.http")
    def test_a_form_that_waits_too_long_is_refused_and_not_taken_as_counted(self):
        page = self.get()
        slot = self.slots(page)[0]
        posts = type(self.posts)
        with patch.object(posts, "_add_post", side_effect=LockNotAvailable):
            answer = self.post("/confirm", page, slot=slot)
            self.assertEqual(answer.status_code, 429)
            self.assertGreater(int(answer.headers["Retry-After"]), 0)
        self.assertFalse(self.contract.is_booked)
        self.assertEqual(self.post("/confirm", page, slot=slot).status_code, 303)
        self.assertEqual(self.posts.sudo().search_count([]), 2)

    def test_who_is_over_the_limit_does_not_take_the_lock(self):
        limits = {"0" * 64: 1}
        self.assertEqual(self.posts._add_post(limits), 0)
        with patch.object(post_model, "LOCK_TIMEOUT", "no time at all"):
            self.assertGreater(self.posts._add_post(limits), 0)

    def test_neither_token_nor_address_is_kept(self):
        self.post("/confirm")
        kept = self.posts.sudo().search([]).mapped("key")
        self.assertEqual(len(kept), 2)
        token = self.contract.sudo().booking_token
        for key in kept:
            self.assertRegex(key, r"^[0-9a-f]{64}$")
            self.assertNotIn(token, key)

    def test_what_one_sender_is(self):
        sender = self.posts._to_sender
        self.assertEqual(sender("192.0.2.7"), "192.0.2.7")
        self.assertEqual(sender("::ffff:192.0.2.7"), "192.0.2.7")
        self.assertEqual(sender("2001:db8::1"), sender("2001:db8::ffff:1"))
        self.assertNotEqual(sender("2001:db8::1"), sender("2001:db8:0:1::1"))
        self.assertEqual(sender("unix:"), "unix:")

    def test_zero_lifts_a_limit_and_nonsense_is_the_default(self):
        self.limit(posts_per_link="0", posts_per_address="0")
        self.assertEqual(self.posts._get_limits("t", "192.0.2.7"), {})
        self.limit(posts_per_link="many", posts_per_address="-3")
        self.assertEqual(list(self.posts._get_limits("t", "a").values()), [20])

    def test_old_rows_are_forgotten(self):
        self.post("/confirm")
        rows = self.posts.sudo().search([])
        rows[0].posted_at = fields.Datetime.now() - timedelta(hours=25)
        self.env.flush_all()
        self.assertEqual(self.posts._gc_posts(), (1, False))
        self.env.invalidate_all()
        self.assertEqual(self.posts.sudo().search([]), rows[1:])

    def test_many_old_rows_are_forgotten_some_at_a_time(self):
        old = fields.Datetime.now() - timedelta(hours=25)
        self.posts.sudo().create([{"key": "x", "posted_at": old}] * 5)
        self.env.flush_all()
        with patch.object(post_model, "GC_BATCH", 2):
            done = [self.posts._gc_posts() for _round in range(3)]
        self.assertEqual(done, [(2, True), (2, True), (1, False)])
