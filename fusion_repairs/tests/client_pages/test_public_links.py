"""Links, methods, forms and headers: what a stranger or a machine may try."""

from lxml import html

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.client_pages.ir_http import PUBLIC_HEADERS
from ..common import opt_out_token
from .public_case import PublicCase

BOOK = "/repairs/maintenance/book/"
OPT_OUT = "/repairs/maintenance/opt-out/"
UNKNOWN = "A" * 43
MALFORMED = ("x", "%00", "A" * 44, "A" * 5000, "%C3%A9" * 43, "%FF", "..%2F..", "%22")
HTTP_LOGGERS = ("odoo.http", "werkzeug", "odoo.addons.base.models.ir_http")


@tagged("post_install", "-at_install", "fusion")
class TestPublicLinks(PublicCase):
    """No link opens anything but its own unit; nothing but a form changes anything."""

    def assert_headers(self, answer):
        """Assert the headers that every public answer carries."""
        for name, value in PUBLIC_HEADERS.items():
            self.assertEqual(answer.headers.get(name), value, (name, answer.url))

    def test_get_and_head_change_no_row(self):
        opt_out_token(self.contract.partner_id)
        opt_out = OPT_OUT + self.contract.partner_id.sudo().x_fc_opt_out_token
        paths = [self.path(), self.path() + "?view=more&m=phone&lang=fr_CA", opt_out]
        paths += [self.path("/visit.ics"), BOOK + UNKNOWN]
        for _round in ("free", "booked"):
            before = self.snapshot()
            with self.assertNoLogs("odoo.http", "WARNING"):  # no second, writing run
                for path in paths:
                    self.get(path)
                    self.get(path, method="HEAD")
            self.assertEqual(self.snapshot(), before)
            if not self.contract.is_booked:
                self.book()

    @mute_logger(*HTTP_LOGGERS)
    def test_other_methods_change_no_row(self):
        page = self.get()
        data = {"slot": self.slots(page)[0], "csrf_token": self.form_token(page)}
        before = self.snapshot()
        for action in ("/confirm", "/cancel", "/move", "/callback"):
            for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE"):
                answer = self.get(self.path(action), method=method, data=data)
                self.assertEqual(answer.status_code, 405, (action, method))
                self.assert_headers(answer)
        self.assertEqual(self.snapshot(), before)

    @mute_logger(*HTTP_LOGGERS)
    def test_unknown_malformed_and_old_links_look_the_same(self):
        old = self.path()
        self.contract._renew_token()
        reference = self.get(BOOK + UNKNOWN)
        self.assertEqual(reference.status_code, 404)
        self.assertIn("416-555-0100", reference.text)
        for path in (old, *(BOOK + token for token in MALFORMED)):
            answer = self.get(path)
            self.assertEqual(answer.status_code, 404, path)
            self.assertEqual(answer.text, reference.text, path)
            self.assert_headers(answer)
        self.assertEqual(self.get(OPT_OUT + UNKNOWN).text, reference.text)
        answer = self.get(BOOK + UNKNOWN + "/nothing/here")
        self.assertEqual(answer.text, reference.text)

    def test_posting_to_an_unknown_link_gets_the_same_page(self):
        page = self.get()
        reference = self.get(BOOK + UNKNOWN)
        data = {"csrf_token": self.form_token(page)}
        for action in ("/confirm", "/cancel", "/move", "/callback"):
            answer = self.url_open(BOOK + UNKNOWN + action, data=data)
            self.assertEqual(answer.status_code, 404)
            self.assertEqual(answer.text, reference.text)

    def test_every_answer_carries_the_headers(self):
        self.assert_headers(self.get())
        self.assert_headers(self.post("/confirm", slot=""))
        self.book()
        self.assert_headers(self.get(self.path("/visit.ics")))

    def test_a_page_loads_nothing_from_elsewhere(self):
        opt_out = OPT_OUT + opt_out_token(self.contract.partner_id)
        pages = [self.get(), self.get(opt_out), self.get(BOOK + UNKNOWN)]
        self.book()
        pages += [self.get(), self.get(self.path() + "?view=change")]
        for page in pages:
            tree = html.fromstring(page.content)
            loaded = tree.xpath("//@src | //link/@href | //@srcset | //@poster")
            self.assertTrue(loaded)
            for url in loaded:
                self.assertRegex(url, r"^(/(?!/)|data:)", page.url)
            for url in tree.xpath("//form/@action | //@formaction"):
                self.assertRegex(url, r"^/(?!/)", page.url)
            for url in tree.xpath("//a/@href"):
                self.assertRegex(url, r"^(/(?!/)|[#?]|tel:|mailto:)", page.url)
            css = "".join(tree.xpath("//style/text() | //@style"))
            self.assertNotRegex(css, r"url\(|@import")
            self.assertFalse(tree.xpath("//script | //iframe | //object | //base"))

    @mute_logger(*HTTP_LOGGERS)
    def test_a_form_without_its_token_is_refused_kindly(self):
        page = self.get()
        slot = self.slots(page)[0]
        before = self.snapshot()
        for token in (None, "", "wrong", "é", "o9"):
            data = (
                {"slot": slot} if token is None else {"slot": slot, "csrf_token": token}
            )
            answer = self.url_open(self.path("/confirm"), data=data)
            self.assertEqual(answer.status_code, 400)
            self.assertIn("Please try again", answer.text)
            self.assertIn(f'class="fc-button" href="{self.path()}', answer.text)
            self.assert_headers(answer)
        self.assertEqual(self.snapshot(), before)

    @mute_logger(*HTTP_LOGGERS)
    def test_odd_forms_are_refused(self):
        page = self.get()
        token, slot = self.form_token(page), self.slots(page)[0]
        path = self.path("/confirm")
        before = self.snapshot()
        known = {"csrf_token": token, "slot": slot}
        answers = [
            self.url_open(path, data=known | {"technician_id": "2", "price": "0"}),
            self.url_open(path, data=[*known.items(), ("slot", slot)]),
            self.url_open(path, data=known, files={"note": ("n.txt", b"file")}),
            self.url_open(path, data={"slot": slot}, files={"csrf_token": ("t", b"x")}),
            self.url_open(path, data=known | {"note": "x" * 1_000_000}),
        ]
        codes = [answer.status_code for answer in answers]
        self.assertEqual(codes, [400, 400, 400, 400, 413])
        for answer in answers:
            self.assertIn("Please try again", answer.text)
            self.assert_headers(answer)
        self.assertEqual(self.snapshot(), before)

    def test_nul_and_bad_utf8_are_harmless(self):
        page = self.get()
        token = self.form_token(page)
        for body in (b"slot=a%00b&note=%00", b"slot=%FF%FE&note=%ED%A0%80"):
            answer = self.url_open(
                self.path("/confirm"),
                data=body + b"&csrf_token=" + token.encode(),
                headers={"Content-Type": "application/x-www-form-urlencoded"},
                allow_redirects=False,
            )
            self.assertEqual(answer.status_code, 303)
        self.assertFalse(self.contract.is_booked)

    def test_a_link_opens_no_other_unit(self):
        other = self._make_contract(x_fc_device_serial="OTHER-2")
        page = self.get()
        self.post("/confirm", page, slot=self.slots(page)[0])
        self.assertTrue(self.contract.is_booked)
        self.assertFalse(other.is_booked)

    # Reminders -------------------------------------------------------------------

    def test_opting_out_needs_the_button(self):
        partner = self.contract.partner_id
        path = OPT_OUT + opt_out_token(partner)
        page = self.get(path)
        self.assertIn("Which messages may we send you?", page.text)
        self.assertFalse(partner.x_fc_maintenance_opt_out)
        self.assert_headers(page)
        form = html.fromstring(page.content).forms[0]
        self.assertEqual(form.fields["do"], "stop")
        done = self.url_open(path, data=dict(form.fields) | {"lang": "fr_CA"})
        self.env.invalidate_all()
        self.assertTrue(partner.x_fc_maintenance_opt_out)
        self.assertIn("Nous avons arrêté les rappels", done.text)
        self.assertIn("We have stopped the reminders", self.get(path).text)

    def test_a_mail_program_opts_out_in_one_click(self):
        partner = self.contract.partner_id
        path = OPT_OUT + opt_out_token(partner)
        self.env.flush_all()
        self.opener.cookies.clear()
        answer = self.url_open(path, data={"List-Unsubscribe": "One-Click"})
        self.env.invalidate_all()
        self.assertEqual(answer.status_code, 200)
        self.assertFalse(answer.history)
        self.assertTrue(partner.x_fc_maintenance_opt_out)

    def test_an_unknown_opt_out_link_stops_nothing(self):
        before = self.snapshot()
        answer = self.url_open(
            OPT_OUT + UNKNOWN, data={"List-Unsubscribe": "One-Click"}
        )
        self.assertEqual(answer.status_code, 404)
        self.assertEqual(self.snapshot(), before)
