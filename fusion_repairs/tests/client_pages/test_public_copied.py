"""Links as they come out of mails, chats, papers and clipboards."""

from odoo.tests import tagged

from ..common import opt_out_token
from .public_case import PublicCase

BOOK = "/repairs/maintenance/book/"
OPT_OUT = "/repairs/maintenance/opt-out/"
CERTIFICATE = "/repairs/certificate/"
BEFORE = ("", "(", "[", "<", "%3C", "%20", '"', "%E2%80%9C", "%C2%AB", "=", "%E2%80%8B")
BEHIND = (
    *(".", ",", ")", "]", "}", ">", "%3E", ";", ":", "!", "'", '"', "*", "|", "=", "-"),
    *(
        "_",
        "=3D",
        "=20",
        "%20",
        "%2520",
        "%3D",
        "%09",
        "%0A",
        "%0D%0A",
        "+",
        "...",
        "/",
    ),
    *("%C2%AD", "%C2%A0", "%E2%80%8B", "%EF%BB%BF", "%E2%80%99", "%E2%80%9D", "%C2%BB"),
    *("%E2%80%A6", "%E3%80%82", ").", "/.", "%3C/a%3E", "&gt;", "%2C", "%20and%20more"),
)
WITHIN = ("%C2%AD", "%E2%80%8B", "=%0D%0A", "=%0A", "%0A", "%20", "%E2%81%A0")


@tagged("post_install", "-at_install", "fusion")
class TestPublicCopied(PublicCase):
    """What a mail program or a hand adds to a link does not close the page."""

    def assert_opens(self, path, said):
        """Assert that a path opens the page that says something."""
        answer = self.url_open(path)
        self.assertEqual(answer.status_code, 200, path)
        self.assertIn(said, answer.text, path)
        self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer", path)

    def test_a_booking_link_with_something_around_it(self):
        token = self.contract.sudo().booking_token
        self.env.flush_all()
        for before in BEFORE:
            self.assert_opens(f"{BOOK}{before}{token}", "Hello Margaret")
        for behind in BEHIND:
            self.assert_opens(f"{BOOK}{token}{behind}", "Hello Margaret")
            self.assert_opens(f"{BOOK}({token}{behind}?lang=fr_CA", "Margaret")

    def test_a_booking_link_that_was_broken(self):
        token = self.contract.sudo().booking_token
        self.env.flush_all()
        for within in WITHIN:
            self.assert_opens(f"{BOOK}{token[:20]}{within}{token[20:]}", "Margaret")

    def test_a_dash_made_of_hyphens_is_read_as_those(self):
        self.contract.sudo().booking_token = "Ab--" + "x" * 38 + "A"
        self.env.flush_all()
        for dash in ("--", "%E2%80%93", "%E2%80%94", "%E2%80%91%E2%80%91"):
            self.assert_opens(f"{BOOK}Ab{dash}{'x' * 38}A.", "Hello Margaret")

    def test_slashes_and_capitals_in_the_words_of_the_address(self):
        token = self.contract.sudo().booking_token
        self.env.flush_all()
        for path in (
            f"/repairs//maintenance//book//{token}",
            f"/Repairs/Maintenance/Book/{token}",
            f"{BOOK}{token}//",
        ):
            self.assert_opens(path, "Hello Margaret")

    def test_the_calendar_file_of_a_copied_link(self):
        self.book()
        for path in (self.path("/visit.ics)"), self.path("./visit.ics")):
            answer = self.url_open(path)
            self.assertIn("BEGIN:VCALENDAR", answer.text, path)

    def test_a_form_sent_to_a_copied_link(self):
        page = self.get(self.path() + ").")
        answer = self.post("/confirm", page, slot=self.slots(page)[0])
        self.assertEqual(answer.status_code, 303)
        self.assertTrue(self.contract.is_booked)

    def test_forms_to_copied_links_count_for_the_link(self):
        self.env["ir.config_parameter"].set_param("fusion_repairs.posts_per_link", 2)
        key = self.contract._get_form_key()
        token = self.contract.sudo().booking_token
        self.env.flush_all()
        statuses = [
            self.url_open(
                f"{BOOK}{around}{token}{around}/callback",
                data={"csrf_token": key, "phone": "1"},
                allow_redirects=False,
            ).status_code
            for around in ("", "(", ".", "]")
        ]
        self.assertEqual(statuses, [303, 303, 429, 429])

    def test_an_opt_out_link_with_something_around_it(self):
        token = opt_out_token(self.contract.partner_id)
        self.env.flush_all()
        for around in BEHIND:
            said = "Which messages may we send you?"
            self.assert_opens(f"{OPT_OUT}{token}{around}", said)

    def test_nothing_else_opens(self):
        token = self.contract.sudo().booking_token
        self.env.flush_all()
        for path in (
            f"{BOOK}{token[:-1]}",
            f"{BOOK}{token[1:]}",
            f"{BOOK}x{token}",
            f"{BOOK}{token.swapcase()}",
            f"{OPT_OUT}{token}",
            f"{CERTIFICATE}{token}",
            f"{BOOK}{token}/nothing/here",
            f"{BOOK}{token}/document/..%2F",
        ):
            self.assertEqual(self.url_open(path).status_code, 404, path)
