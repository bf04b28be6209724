from odoo.tests import tagged

from .message_case import MessageCase


@tagged("post_install", "-at_install", "fusion")
class TestGreetings(MessageCase):
    """Mails greet by first name where there is no doubt; the deceased get none."""

    def greet(self, name, **vals):
        """Return how mails about a visit and about the unit begin."""
        self.client.write({"name": name, **vals})
        visit = self.visit
        return visit._get_hello(), self.contract._get_hello()

    def setUp(self):
        super().setUp()
        self.visit = self.book(self.contract)

    def test_every_mail_begins_alike(self):
        for name, hello in (
            ("Jane Doe, RN", "Hello Jane,"),
            ("Dre Lise Côté", "Hello Lise,"),
            ("Mr & Mrs J. Smith", "Hello,"),
            ("Estate of John Smith", "Hello,"),
            ("Smith, John", "Hello John,"),
        ):
            self.assertEqual(self.greet(name), (hello, hello), name)
        company = self.greet("Maple Homes Inc.", is_company=True)
        self.assertEqual(company[0], "Hello Maple Homes Inc.,")

    def test_the_mail_says_so(self):
        self.client.name = "Mr & Mrs J. Smith"
        self.move(self.visit)
        text = self.read_mail(self.latest(self.visit).mail_id)["text"]
        self.assertIn("Hello,", text)
        self.assertNotIn("Smith", text)

    def test_the_copy_greets_whoever_gets_it(self):
        copy = self.visit.with_context(fusion_mail_audience="copy")
        copy.attendee_name = "Mrs. Anne Roy, RN"
        self.assertEqual(copy._get_hello(), "Hello Anne,")
        copy.attendee_name = False
        self.assertEqual(copy._get_hello(), "Hello,")

    def test_no_reminder_to_the_deceased_but_an_activity(self):
        self.visit._cancel("Test")
        self.visit.client_message_ids.unlink()
        self.client.name = "Margaret Example, deceased"
        self.contract.activity_ids.unlink()
        self.contract._remind_and_mark()
        row = self.contract.reminder_ids
        self.assertEqual(row.outcome, "call")
        self.assertFalse(row.mail_id)
        activity = self.contract._find_open_activities("client_archived")
        self.assertIn("has died", activity.summary)
        self.assertFalse(self.contract._find_open_activities("call_due"))

    def test_what_waits_for_the_deceased_is_called_off(self):
        message = self.latest(self.visit)
        self.client.name = "Margaret Example (décédée)"
        message.mail_id._send()
        self.assertEqual((message.state, message.mail_id.state), ("not_told", "cancel"))
        self.assertTrue(self.contract._find_open_activities("client_archived"))

    def test_no_news_of_a_visit_to_the_deceased(self):
        self.deliver()
        self.client.name = "The late Margaret Example"
        self.move(self.visit)
        self.assertEqual(self.latest(self.visit).state, "not_told")
