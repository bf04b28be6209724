from odoo.tests import tagged

from ..client_pages.public_case import PublicCase
from ..common import opt_out_token

OPT_OUT = "/repairs/maintenance/opt-out/"


@tagged("post_install", "-at_install", "fusion")
class TestOptOut(PublicCase):
    """A client stops what is not wanted, kind by kind, and can take it back."""

    def setUp(self):
        super().setUp()
        self.person = self.contract.partner_id
        self.page = OPT_OUT + opt_out_token(self.person)
        self.env.flush_all()

    def press(self, kind=None, do=None, query=""):
        """Post one of the page's buttons; returns what the client then wants."""
        data = {"kind": kind, "do": do}
        data = {name: value for name, value in data.items() if value}
        answer = self.url_open(self.page + query, data=data or {"lang": "en_CA"})
        self.env.invalidate_all()
        return answer, (
            self.person.x_fc_maintenance_opt_out,
            self.person.x_fc_appointment_opt_out,
        )

    def test_each_kind_by_itself_and_all_at_once(self):
        self.assertEqual(self.press("reminder", "stop")[1], (True, False))
        self.assertEqual(self.press("appointment", "stop")[1], (True, True))
        self.assertEqual(self.press("reminder", "keep")[1], (False, True))
        self.assertEqual(self.press("appointment", "keep")[1], (False, False))
        self.assertEqual(self.press("all", "stop")[1], (True, True))
        self.assertEqual(self.press("all", "stop")[1], (True, True))
        self.assertEqual(self.press("all", "keep")[1], (False, False))

    def test_the_page_says_what_is_and_what_can_be_done(self):
        page = self.url_open(self.page).text
        for text in ("Stop the reminders", "Stop these notices", "Stop all of these"):
            self.assertIn(text, page)
        self.assertNotIn("pressed by mistake", page)
        answer, _state = self.press("reminder", "stop")
        self.assertIn("There is nothing else you have to do", answer.text)
        self.assertIn("pressed by mistake", answer.text)
        self.assertNotIn("Stop all of these", answer.text)
        answer, _state = self.press("reminder", "keep")
        self.assertIn("We will keep writing to you", answer.text)

    def test_looking_changes_nothing(self):
        self.url_open(self.page + "?kind=all&do=stop&lang=fr_CA")
        self.env.invalidate_all()
        self.assertFalse(self.person.x_fc_maintenance_opt_out)
        self.assertFalse(self.person.sudo().x_fc_consent_event_ids)

    def test_the_words_of_a_mail_program_count_only_where_they_are_posted(self):
        """Whatever follows links in mails, to look at them, stops nothing."""
        words = "?List-Unsubscribe=One-Click&kind=all&do=stop"
        self.opener.cookies.clear()
        for query in (
            words,
            words.replace("&do=stop", ""),
            words.split("&", maxsplit=1)[0],
        ):
            for method in ("GET", "HEAD"):
                answer = self.url_open(self.page + query, method=method)
                self.assertEqual(answer.status_code, 200)
            answer = self.url_open(self.page + query, data={"lang": "en_CA"})
            self.assertEqual(answer.status_code, 400)
        self.env.invalidate_all()
        self.assertFalse(self.person.x_fc_maintenance_opt_out)
        self.assertFalse(self.person.x_fc_appointment_opt_out)
        self.assertFalse(self.person.sudo().x_fc_consent_event_ids)

    def test_one_click_stops_the_kind_of_its_mail(self):
        self.opener.cookies.clear()
        data = {"List-Unsubscribe": "One-Click"}
        answer = self.url_open(self.page + "?kind=appointment", data=data)
        self.assertEqual(answer.status_code, 200)
        self.env.invalidate_all()
        self.assertTrue(self.person.x_fc_appointment_opt_out)
        self.assertFalse(self.person.x_fc_maintenance_opt_out)
        event = self.person.sudo().x_fc_consent_event_ids
        self.assertEqual((event.source, event.kind), ("one_click", "withdrawn"))

    def test_wrong_values_are_refused(self):
        for kind, do in (("everything", "stop"), ("all", "wipe"), ("reminder' --", "")):
            answer, state = self.press(kind, do)
            self.assertEqual(answer.status_code, 400)
            self.assertEqual(state, (False, False))
        answer = self.url_open(self.page, data={"email": "new@example.com"})
        self.assertEqual(answer.status_code, 400)

    def test_the_dealer_is_the_one_who_looks_after_the_unit(self):
        page = self.url_open(self.page).text
        self.assertIn(self.contract.company_id.name, page)
        self.assertIn(self.contract.company_id.phone, page)
