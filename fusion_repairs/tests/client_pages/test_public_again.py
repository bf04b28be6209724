"""What a visitor chose or meant is still there after a correction or a detour."""

from urllib.parse import parse_qs, urlsplit

from lxml import html

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import opt_out_token
from .public_case import PublicCase

OPT_OUT = "/repairs/maintenance/opt-out/"


@tagged("post_install", "-at_install", "fusion")
class TestPublicAgain(PublicCase):
    """Forms that come back, links that lead to the same page, buttons after a wait."""

    def links(self, page, words):
        """Return the addresses of the links with these words in them."""
        return html.fromstring(page.content).xpath(
            f"//a[contains(normalize-space(), '{words}')]/@href"
        )

    def checked(self, page):
        """Return the value of the time that is chosen on a page."""
        found = html.fromstring(page.content).xpath("//input[@checked]/@value")
        return found[0] if found else None

    def send(self, page, **data):
        """Send the form of the page as a browser would; return the page after it."""
        form = html.fromstring(page.content).forms[0]
        self.env.flush_all()
        answer = self.url_open(form.action, data=dict(form.fields) | data)
        self.env.invalidate_all()
        return answer

    # The time ----------------------------------------------------------------------

    def test_a_time_of_the_long_list_survives_a_correction(self):
        short = self.slots(self.get())
        page = self.get(self.path() + "?view=more")
        chosen = next(slot for slot in self.slots(page) if slot not in short)
        again = self.send(page, slot=chosen, attendee_email="ruth@", note="Blue door")
        self.assertIn("does not look complete", self.words(again))
        self.assertEqual(self.checked(again), chosen)
        self.assertGreater(len(self.slots(again)), len(short))
        done = self.send(again, attendee_email="")
        self.assertIn("Your visit is booked", self.words(done))
        self.assertEqual(self.contract.current_visit_id.client_note, "Blue door")

    def test_a_chosen_time_that_left_the_short_list_is_offered_still(self):
        long = self.slots(self.get(self.path() + "?view=more"))
        page = self.get()
        chosen = next(slot for slot in long if slot not in self.slots(page))
        again = self.send(page, slot=chosen, attendee_email="ruth@")
        self.assertEqual(self.checked(again), chosen)
        self.assertEqual(len(self.slots(again)), len(self.slots(page)) + 1)

    def test_a_chosen_time_that_is_taken_since_is_not_offered(self):
        page = self.get(self.path() + "?view=more")
        chosen = self.slots(page)[-1]
        other = self._make_contract(x_fc_device_serial="OTHER-4")
        start = self.contract._read_slot(chosen).start
        offers = other._get_booking_slots(limit=200, per_day=50)
        other._book_slot(next(o.value for o in offers if o.start == start))
        again = self.send(page, slot=chosen, attendee_email="ruth@")
        self.assertIsNone(self.checked(again))
        self.assertNotIn(chosen, self.slots(again))

    def test_the_view_of_a_form_is_one_of_ours(self):
        page = self.get()
        answer = self.post("/confirm", page, view="change", attendee_email="x")
        self.assertNotIn("view", parse_qs(urlsplit(answer.headers["Location"]).query))

    # Links -------------------------------------------------------------------------

    def test_the_other_language_is_the_same_page(self):
        for query in ("view=more", "units=none&view=more", "view=choose&m=phone"):
            page = self.get(f"{self.path()}?{query}")
            (url,) = self.links(page, "Français")
            asked = parse_qs(urlsplit(url).query)
            self.assertEqual(asked.pop("lang"), ["fr_CA"])
            self.assertEqual(asked, parse_qs(query))
            self.assertEqual(len(self.slots(self.get(url))), len(self.slots(page)))
        odd = self.get(self.path() + '?units="><script>&view=<b>')
        self.assertNotIn("<script", odd.text)
        self.assertNotIn("<b>", odd.text)

    def test_more_times_lead_to_the_times(self):
        (url,) = self.links(self.get(), "Show more times")
        self.assertTrue(url.endswith("?view=more#times"), url)
        page = html.fromstring(self.get(url).content)
        self.assertEqual(len(page.xpath("//*[@id='times'][@tabindex='-1']")), 1)

    # Messages ----------------------------------------------------------------------

    def opt_out(self):
        """Return the client and the path on which messages are stopped."""
        partner = self.contract.partner_id
        path = OPT_OUT + opt_out_token(partner)
        self.env.flush_all()
        return partner, path

    @mute_logger("odoo.http")
    def test_after_a_wait_keep_writing_means_keep_writing(self):
        self.env["ir.config_parameter"].set_param("fusion_repairs.posts_per_link", 1)
        partner, path = self.opt_out()
        partner._fc_opt_out("page", ("reminder", "appointment"))
        data = {"kind": "appointment", "do": "keep", "lang": "en_CA"}
        self.env.flush_all()
        self.url_open(path, data={"kind": "reminder", "do": "keep"})
        busy = self.url_open(path, data=data)
        self.assertEqual(busy.status_code, 429)
        self.assertIn("press the button", self.words(busy))
        self.env["ir.config_parameter"].set_param("fusion_repairs.posts_per_link", 9)
        self.assertEqual(self.send(busy).status_code, 200)
        self.assertFalse(partner.x_fc_maintenance_opt_out)
        self.assertFalse(partner.x_fc_appointment_opt_out)

    @mute_logger("odoo.http")
    def test_after_a_wait_nothing_is_sent_that_says_nothing(self):
        self.env["ir.config_parameter"].set_param("fusion_repairs.posts_per_link", 1)
        _partner, path = self.opt_out()
        self.url_open(path, data={"kind": "reminder", "do": "keep"})
        busy = self.url_open(path, data={"lang": "en_CA"})
        self.assertEqual(busy.status_code, 429)
        self.assertFalse(html.fromstring(busy.content).forms)
        self.assertNotIn("press the button", self.words(busy))

    @mute_logger("odoo.http")
    def test_a_form_that_says_nothing_stops_nothing(self):
        partner, path = self.opt_out()
        for data in ({"lang": "en_CA"}, {"kind": "reminder"}, {"do": "stop"}):
            answer = self.url_open(path, data=data)
            self.assertEqual(answer.status_code, 400)
            self.assertIn("nothing was changed", self.words(answer))
        answer = self.url_open(path + "?kind=appointment", data={"lang": "en_CA"})
        self.assertEqual(answer.status_code, 400)
        self.env.invalidate_all()
        self.assertFalse(partner.x_fc_maintenance_opt_out)
        self.assertFalse(partner.x_fc_appointment_opt_out)
