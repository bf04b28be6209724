"""A visit that the office takes off the day: what the client hears and sees."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..client_pages.public_case import PublicCase
from .message_case import MessageCase


@tagged("post_install", "-at_install", "fusion")
class TestVisitUnscheduledMessages(MessageCase):
    """The client hears that the old time is off, unless there is a new one first."""

    def take_off(self, visit):
        """Take the visit off the day as the dispatcher does."""
        visit.technician_task_id.with_user(self.dispatcher).action_unschedule()
        return visit

    def put_back(self, visit, **vals):
        """Put the visit on a day again."""
        task = visit.technician_task_id.with_user(self.dispatcher)
        task.write(vals)
        task.action_schedule()

    def test_the_old_time_is_taken_back_after_a_while(self):
        visit = self.book_and_deliver()
        old = self.say(visit)
        self.take_off(visit)
        message = self.latest(visit)
        self.assertEqual(self.messages(visit)[1:], [("unscheduled", "queued")])
        wait = message.due_at - fields.Datetime.now()
        self.assertGreater(wait, timedelta(minutes=4))
        (mail,) = self.deliver()
        self.assertIn(f"The old time no longer holds: {old}", mail["text"])
        self.assertIn("We will call you", mail["text"])
        self.assertIn(b"METHOD:CANCEL", mail["ics"])
        self.assertIn(b"STATUS:CANCELLED", mail["ics"])

    def test_it_is_told_once_whatever_the_office_tries(self):
        visit = self.take_off(self.book_and_deliver())
        visit._follow_task()
        self.deliver()
        visit._follow_task()
        visit.technician_task_id.date_start = self.free_start(visit)
        self.assertEqual(self.messages(visit)[1:], [("unscheduled", "sent")])

    def test_a_new_time_before_the_mail_is_a_move(self):
        visit = self.take_off(self.book_and_deliver())
        self.put_back(visit, date_start=self.free_start(visit))
        (mail,) = self.deliver()
        self.assertEqual(
            self.messages(visit)[1:], [("unscheduled", "replaced"), ("moved", "sent")]
        )
        self.assertIn(self.say(visit), mail["subject"])
        self.assertIn(b"METHOD:PUBLISH", mail["ics"])

    def test_the_same_time_before_the_mail_is_no_news(self):
        visit = self.take_off(self.book_and_deliver())
        self.put_back(visit)
        self.assertEqual(self.messages(visit)[1:], [("unscheduled", "replaced")])
        self.assertEqual(self.deliver(), [])

    def test_a_time_after_the_mail_is_confirmed_even_the_old_one(self):
        visit = self.take_off(self.book_and_deliver())
        (taken_back,) = self.deliver()
        self.put_back(visit)
        (mail,) = self.deliver()
        self.assertEqual(self.latest(visit).kind, "confirmation")
        self.assertIn(self.say(visit), mail["subject"])
        self.assertIn(b"METHOD:PUBLISH", mail["ics"])
        sequences = [
            int(ics.partition(b"SEQUENCE:")[2].split()[0])
            for ics in (taken_back["ics"], mail["ics"])
        ]
        self.assertLess(*sequences)

    def test_calling_it_off_altogether_is_told_too(self):
        visit = self.take_off(self.book_and_deliver())
        self.deliver()
        visit.with_user(self.dispatcher).action_cancel()
        self.assertEqual(self.messages(visit)[-1], ("cancelled", "queued"))

    def test_who_never_heard_of_it_hears_nothing(self):
        visit = self.take_off(self.book(self.contract))
        self.assertEqual(self.messages(visit), [("confirmation", "replaced")])

    def test_who_booked_on_the_page_hears_of_it(self):
        visit = self.take_off(self.book(self.contract, source="client_portal"))
        self.assertEqual(self.messages(visit)[1:], [("unscheduled", "queued")])

    def test_a_time_that_is_over_is_no_news(self):
        visit = self.book_and_deliver()
        start = fields.Datetime.now() - timedelta(days=2)
        visit.client_message_ids.write(
            {"told_start": start, "told_end": start + timedelta(hours=1)}
        )
        self.take_off(visit)
        self.assertEqual(self.messages(visit), [("confirmation", "sent")])

    def test_a_client_without_an_address_is_called(self):
        visit = self.book_and_deliver()
        self.client.email = False
        self.take_off(visit)
        self.assertEqual(self.latest(visit).state, "no_email")
        notes = self.contract.activity_ids.mapped("summary")
        self.assertIn("Call the client: their visit has changed", notes)


@tagged("post_install", "-at_install", "fusion")
class TestVisitUnscheduledPage(PublicCase):
    """The page says that a new time is to come, and gives the old one to nobody."""

    @mute_logger("odoo.http")
    def test_the_page_from_booking_to_booking(self):
        visit = self.book()
        task = visit.technician_task_id
        old = visit.with_context(lang="en_CA")._format_when()
        self.assertEqual(self.get(self.path("/visit.ics")).status_code, 200)
        for when in (visit.visit_date, fields.Datetime.now() - timedelta(days=1)):
            task.action_unschedule()
            task.write({"date_start": when, "allow_overlap": True})
            page = self.get()
            words = self.words(page)
            self.assertIn("We are finding a new time for you", words)
            self.assertIn("We will call you", words)
            self.assertIn("416-555-0100", words)
            old_words = " ".join(old.split())
            self.assertIn(f"The old time no longer holds: {old_words}", words)
            for wrong in ("is booked", "very soon", "was planned for", "visit.ics"):
                self.assertNotIn(wrong, page.text)
            self.assertEqual(self.get(self.path("/visit.ics")).status_code, 404)
            task.action_schedule()
        task.date_start = fields.Datetime.now() + timedelta(days=3)
        self.assertIn("Your visit is booked", self.words(self.get()))
