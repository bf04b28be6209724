"""A browser that keeps no cookie: everything a link allows works, nothing is lost."""

from lxml import html

from odoo.tests import tagged
from odoo.tools import mute_logger

from .public_case import PublicCase

HTTP_LOGGERS = ("odoo.http", "werkzeug", "odoo.addons.base.models.ir_http")


@tagged("post_install", "-at_install", "fusion")
class TestPublicCookieless(PublicCase):
    """The secret of the link is the proof; forms belong to the link, not a session."""

    def get(self, path=None, **options):
        """Open a page without any cookie."""
        self.opener.cookies.clear()
        return super().get(path, **options)

    def send(self, page, action, **data):
        """Send a form of a page without any cookie; return the page after it."""
        (form,) = [
            form
            for form in html.fromstring(page.content).forms
            if form.action.endswith(action)
        ]
        fields = {name: text or "" for name, text in form.fields.items()}
        fields.pop("scope", None)
        self.env.flush_all()
        self.opener.cookies.clear()
        answer = self.url_open(form.action, data=fields | data, allow_redirects=False)
        self.env.invalidate_all()
        self.assertEqual(answer.status_code, 303)
        return self.get(answer.headers["Location"])

    def test_booking_moving_noting_and_cancelling(self):
        page = self.get()
        page = self.send(page, "/confirm", slot=self.slots(page)[0], note="Side door")
        self.assertIn("Your visit is booked", self.words(page))
        visit = self.contract.current_visit_id
        self.assertEqual(visit.client_note, "Side door")
        start = visit.visit_date
        page = self.get(self.path() + "?view=change")
        page = self.send(page, "/move", slot=self.slots(page)[-1])
        self.assertIn("was rescheduled", self.words(page))
        self.assertNotEqual(visit.visit_date, start)
        page = self.send(page, "/details", note="Code 1404")
        self.assertEqual(visit.client_note, "Code 1404")
        page = self.send(page, "/cancel", reason="Ill")
        self.assertEqual(visit.state, "cancelled")
        page = self.send(page, "/callback", phone="416 555 0188", days="Mornings")
        self.assertTrue(self.contract._get_open_callback())

    def test_a_correction_keeps_all_that_was_typed(self):
        page = self.get()
        slot = self.slots(page)[2]
        typed = {
            "slot": slot,
            "note": "Blue door, “côté jardin” 🐕\nsecond line",
            "attendee_name": "Ruth",
            "attendee_phone": "416 555 0177",
        }
        page = self.send(page, "/confirm", **typed, attendee_email="ruth@")
        fields = html.fromstring(page.content).forms[0].fields
        for name, text in typed.items():
            self.assertEqual(fields[name], text)
        (french,) = html.fromstring(page.content).xpath(
            "//*[@class='fc-langs']/a/@href"
        )
        fields = html.fromstring(self.get(french).content).forms[0].fields
        self.assertEqual(fields["note"], typed["note"])
        page = self.send(page, "/confirm", attendee_email="")
        self.assertIn("Your visit is booked", self.words(page))
        self.assertEqual(self.contract.current_visit_id.client_note, typed["note"])

    def test_a_time_that_is_gone_keeps_all_that_was_typed(self):
        page = self.get()
        page = self.send(page, "/confirm", slot="gone", note="Blue door")
        self.assertIn("no longer free", self.words(page))
        self.assertIn("Blue door", page.text)
        page = self.send(page, "/callback", phone="12", days="Tuesdays")
        fields = html.fromstring(page.content).forms[1].fields
        self.assertEqual((fields["phone"], fields["days"]), ("12", "Tuesdays"))

    def test_what_was_typed_is_read_by_its_own_link_only(self):
        sealed = self.contract._seal_typed({"note": "Code 1404", "fee": "0"})
        self.assertNotIn("1404", sealed)
        self.assertEqual(self.contract._read_typed(sealed), {"note": "Code 1404"})
        other = self._make_contract(x_fc_device_serial="OTHER-7")
        for text in (sealed[:-4], sealed[4:], "x", "é", "\x00", "a" * 9000, None):
            self.assertEqual(self.contract._read_typed(text), {})
        self.assertEqual(other._read_typed(sealed), {})
        self.assertEqual(self.get(self.path(), params={"typed": "é"}).status_code, 200)

    @mute_logger(*HTTP_LOGGERS)
    def test_a_form_without_the_links_own_key_does_nothing(self):
        other = self._make_contract(x_fc_device_serial="OTHER-8")
        before = self.contract._get_form_key()
        page = self.get()
        slot = self.slots(page)[0]
        self.contract._renew_token()
        keys = ("", "x", "é", before, other._get_form_key(), "0" * 64)
        before = self.snapshot()
        for action in ("/confirm", "/move", "/cancel", "/details", "/callback"):
            for key in keys:
                self.opener.cookies.clear()
                answer = self.url_open(
                    self.path(action), data={"csrf_token": key}, allow_redirects=False
                )
                self.assertEqual(answer.status_code, 400, (action, key))
            answer = self.url_open(
                self.path(action), data={"lang": ""}, allow_redirects=False
            )
            self.assertEqual(answer.status_code, 400, action)
        self.assertEqual(self.snapshot(), before)
        self.assertTrue(slot)

    @mute_logger(*HTTP_LOGGERS)
    def test_a_failure_on_the_way_leads_back_with_what_was_typed(self):
        page = self.get()
        data = {"slot": self.slots(page)[1], "note": "Blue door", "csrf_token": "old"}
        self.opener.cookies.clear()
        answer = self.url_open(self.path("/confirm"), data=data)
        self.assertEqual(answer.status_code, 400)
        (back,) = html.fromstring(answer.content).xpath(
            "//a[@class='fc-button'][contains(@href, 'typed=')]/@href"
        )
        fields = html.fromstring(self.get(back).content).forms[0].fields
        self.assertEqual(fields["note"], "Blue door")
        self.assertEqual(fields["slot"], data["slot"])
