"""The link of a visit that took place: its own page, for a while, and nothing else."""

from datetime import timedelta
from unittest.mock import patch

from lxml import html

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .public_case import SECRETS, PublicCase


@tagged("post_install", "-at_install", "fusion")
class TestPublicDone(PublicCase):
    """After the visit the link thanks; it books nothing and outlives no new owner."""

    def setUp(self):
        super().setUp()
        self.old = self.path()
        self.visit = self.book()

    def finish(self, outcome="pass", visit=None):
        """Let the technician finish the visit; return it."""
        visit = visit or self.visit
        visit.outcome = outcome
        visit.contract_id.unsafe = outcome == "unsafe"
        visit.technician_task_id.action_start()
        visit.technician_task_id.action_complete()
        return visit

    def assert_gone(self):
        """Assert that the old link shows what every dead link shows."""
        page = self.get(self.old)
        self.assertEqual(page.status_code, 404)
        self.assertIn("no longer in use", self.words(page))

    def test_the_old_link_thanks_and_the_new_one_books(self):
        self.finish()
        page = self.get(self.old)
        self.assertEqual(page.status_code, 200)
        words = self.words(page)
        for expected in (
            "Thank you, Margaret.",
            "Your visit is done",
            "Straight Stair Lift",
            "Your Straight Stair Lift is in good order.",
            "Next visit due",
            "416-555-0100",
        ):
            self.assertIn(expected, words)
        self.assertFalse(self.slots(page))
        self.assertFalse(html.fromstring(page.content).xpath("//form"))
        self.assertNotEqual(self.path(), self.old)
        self.assertTrue(self.slots(self.get()))

    def test_the_page_speaks_french(self):
        self.finish()
        page = self.get(self.old + "?lang=fr_CA")
        self.assertEqual(html.fromstring(page.content).get("lang"), "fr-CA")
        self.assertIn("Votre visite est faite", self.words(page))

    def test_each_result_in_a_sentence(self):
        self.finish()
        for outcome, unsafe, said in (
            ("pass_with_findings", False, "some advice for you"),
            ("unsafe", True, "Please do not use your Straight Stair Lift: it is not"),
            ("unsafe", False, "was not safe to use"),
        ):
            self.visit.outcome = outcome
            self.contract.unsafe = unsafe
            self.assertIn(said, self.words(self.get(self.old)))
        self.visit.outcome = "unsafe"
        self.contract.unsafe = True
        (head,) = html.fromstring(self.get(self.old).content).xpath("//h1")
        self.assertIn("Please do not use your", head.text_content())
        self.visit.outcome = False
        self.assertNotIn("What we found", self.words(self.get(self.old)))

    def test_nothing_personal_and_nothing_of_the_new_cycle(self):
        self.finish()
        page = self.get(self.old)
        for secret in (*SECRETS, "Toronto,", self.contract.sudo().booking_token):
            self.assertNotIn(secret, page.text)

    def test_forms_sent_by_the_old_link_change_nothing(self):
        page = self.get()
        self.finish()
        data = {"csrf_token": self.form_token(page), "lang": "en_CA"}
        before = self.snapshot()
        for action in ("/confirm", "/move", "/cancel", "/callback"):
            answer = self.url_open(self.old + action, data=data, allow_redirects=False)
            self.assertEqual(answer.status_code, 303, action)
            self.assertTrue(answer.headers["Location"].endswith(self.old))
        self.assertEqual(self.get(self.old + "/visit.ics").status_code, 404)
        self.assertEqual(self.snapshot(), before)

    def test_an_earlier_link_shows_its_own_visit_only(self):
        self.finish("unsafe")
        second_link = self.path()
        offer = self.contract._get_booking_slots()[0]
        second = self.contract._book_slot(offer.value)
        self.finish("pass", second)
        first_words = self.words(self.get(self.old))
        self.assertIn("safe", first_words)
        self.assertNotIn("good order", first_words)
        self.assertIn("good order", self.words(self.get(second_link)))
        page = self.get()
        self.assertEqual(page.status_code, 200)
        self.assertTrue(self.slots(page))

    def test_the_page_is_kept_for_some_days(self):
        self.finish()
        self.visit.service_date = fields.Date.today() - timedelta(days=90)
        self.assertEqual(self.get(self.old).status_code, 200)
        self.visit.service_date = fields.Date.today() - timedelta(days=92)
        self.assert_gone()
        self.company.x_fc_done_page_days = 200
        self.assertEqual(self.get(self.old).status_code, 200)

    def test_the_link_of_a_reopened_visit_leads_to_it_again(self):
        self.finish()
        between = self.path()
        self.visit.technician_task_id.action_reopen()
        self.assertEqual(self.path(), self.old)
        self.assertNotIn("is done", self.words(self.get(self.old)))
        self.assertEqual(self.get(self.old).status_code, 200)
        self.assertEqual(self.get(between).status_code, 404)
        self.visit.technician_task_id.action_schedule()
        self.assertIn("Your visit is booked", self.words(self.get(self.old)))
        self.finish()
        self.assertIn("is done", self.words(self.get(self.old)))
        self.assertNotEqual(self.path(), self.old)

    def test_a_new_owner_never_gets_the_link_of_the_last_one(self):
        self.finish()
        self.contract.partner_id = self.contract.partner_id.copy()
        self.visit.technician_task_id.action_reopen()
        self.assertNotEqual(self.path(), self.old)
        self.assert_gone()

    def test_a_new_owner_an_end_or_an_archived_client_close_the_page(self):
        self.finish()
        client = self.contract.partner_id
        client.active = False
        self.assert_gone()
        client.active = True
        self.assertEqual(self.get(self.old).status_code, 200)
        self.contract.action_cancel()
        self.assert_gone()
        self.contract.action_activate()
        self.contract.partner_id = client.copy()
        self.assert_gone()

    @mute_logger("odoo.http")
    def test_documents_are_given_by_their_key_only(self):
        self.finish()
        paper = self.env["ir.attachment"].create(
            {
                "name": "Rapport é.pdf",
                "raw": b"%PDF-1.4 x",
                "mimetype": "application/pdf",
            }
        )
        self.assertEqual(self.get(self.old + "/document/report").status_code, 404)
        documents = [{"key": "report", "label": "Visit report", "attachment": paper}]
        visits = type(self.visit)
        with patch.object(visits, "_get_done_documents", lambda _visit: documents):
            page = self.get(self.old)
            (url,) = html.fromstring(page.content).xpath(
                "//a[normalize-space()='Visit report']/@href"
            )
            answer = self.get(url)
            self.assertEqual(answer.status_code, 200)
            self.assertEqual(answer.content, b"%PDF-1.4 x")
            self.assertEqual(answer.headers["Content-Type"], "application/pdf")
            self.assertEqual(answer.headers["Cache-Control"], "no-store")
            self.assertIn("attachment", answer.headers["Content-Disposition"])
            for path in (
                self.old + "/document/other",
                self.old + "/document/",
                self.old + "/document/..%2Freport",
                self.path("/document/report"),
            ):
                self.assertEqual(self.get(path).status_code, 404, path)
            self.contract.action_cancel()
            self.assertEqual(self.get(url).status_code, 404)

    def test_no_role_reads_the_link_of_a_visit(self):
        self.finish()
        user = self.env.ref("base.user_admin")
        self.assertNotIn("page_token", self.visit.with_user(user).fields_get())
        with self.assertRaises(Exception) as caught:
            self.visit.with_user(user).read(["page_token"])
        self.assertEqual(type(caught.exception).__name__, "AccessError")
