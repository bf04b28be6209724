from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.booking.visit_request import Telling
from .message_case import MessageCase

MESSAGE = "fusion.repair.visit.message"


@tagged("post_install", "-at_install", "fusion")
class TestVisitMessages(MessageCase):
    """Each event is told once, and only what the client does not know."""

    def test_booking_is_confirmed_once(self):
        visit = self.book(self.contract)
        visit._send_confirmation()
        visit._follow_task()
        visit._follow_plan()
        self.assertEqual(self.messages(visit), [("confirmation", "queued")])
        (mail,) = self.deliver()
        self.assertEqual(mail["to"], self.client.email)
        self.assertIn(self.say(visit), mail["subject"])
        visit._send_confirmation()
        self.assertEqual(self.messages(visit), [("confirmation", "sent")])

    def test_moving_tells_the_new_time_and_that_the_old_one_is_off(self):
        visit = self.book_and_deliver()
        old = self.say(visit)
        self.move(visit)
        (mail,) = self.deliver()
        self.assertEqual(self.messages(visit)[1:], [("moved", "sent")])
        self.assertIn(self.say(visit), mail["subject"])
        self.assertIn(f"The old time no longer holds: {old}", mail["text"])
        self.assertIn(self.contract.sudo().booking_token, mail["html"])

    def test_another_technician_alone_is_no_news(self):
        visit = self.book_and_deliver()
        other = (self.technician | self.technician_2) - visit.technician_id
        visit.technician_task_id.with_user(self.dispatcher).technician_id = other
        self.assertEqual(visit.technician_id, other)
        self.assertEqual(self.messages(visit), [("confirmation", "sent")])

    def test_moving_to_and_fro_before_the_mail_goes_out_is_told_once(self):
        visit = self.book_and_deliver()
        first, second = self.free_start(visit), self.free_start(visit, 3)
        for start in (first, second, first, second):
            self.move(visit, start)
        self.assertEqual(
            [state for _k, state in self.messages(visit)].count("queued"), 1
        )
        (mail,) = self.deliver()
        self.assertIn(self.say(visit, second), mail["subject"])

    def test_moving_back_before_the_mail_goes_out_is_told_not_at_all(self):
        visit = self.book_and_deliver()
        start = visit.visit_date
        self.move(visit)
        self.move(visit, start)
        self.assertEqual(self.deliver(), [])
        self.assertEqual(self.messages(visit)[-1], ("moved", "replaced"))

    def test_the_office_has_some_minutes_to_change_its_mind(self):
        visit = self.book_and_deliver()
        self.move(visit)
        message = self.latest(visit)
        wait = message.due_at - fields.Datetime.now()
        self.assertGreater(wait, timedelta(minutes=4))
        self.assertEqual(message.mail_id.scheduled_date, message.due_at)

    def test_the_client_is_answered_at_once_and_then_not_more_often(self):
        visit = self.book_and_deliver()
        visit.client_message_ids.due_at -= timedelta(hours=1)
        for wait in (0, 5):
            offer = self.contract._get_booking_slots()[-1 if wait else -2]
            self.contract._move_booking(offer.value)
            message = self.latest(visit)
            self.assertEqual(message.kind, "moved")
            due = message.due_at - fields.Datetime.now()
            self.assertAlmostEqual(due.total_seconds() / 60, wait, delta=1)
            self.deliver()

    def test_cancelling_by_the_office(self):
        visit = self.book_and_deliver()
        visit.with_user(self.dispatcher).action_cancel()
        visit._cancel()
        visit._follow_task()
        (mail,) = self.deliver()
        self.assertEqual(self.messages(visit)[1:], [("cancelled", "sent")])
        self.assertIn("No technician will come", mail["text"])
        self.assertIn(self.contract.sudo().booking_token, mail["html"])

    def test_cancelling_by_the_client_is_answered(self):
        visit = self.book(self.contract, source="client_portal")
        self.contract._cancel_booking("Away")
        self.assertEqual(
            self.messages(visit),
            [("confirmation", "replaced"), ("cancelled", "queued")],
        )

    def test_what_the_client_never_heard_of_is_not_cancelled(self):
        visit = self.book(self.contract)
        visit.with_user(self.dispatcher).action_cancel()
        self.assertEqual(self.messages(visit), [("confirmation", "replaced")])
        self.assertFalse(self.deliver())

    def test_a_contract_that_ends_offers_no_new_time(self):
        self.book_and_deliver()
        self.contract.with_user(self.dispatcher).action_cancel()
        (mail,) = self.deliver()
        self.assertNotIn("/repairs/maintenance/book/", mail["html"])
        self.assertIn(self.company.phone, mail["text"])

    def test_nobody_home_has_words_of_its_own(self):
        visit = self.book_and_deliver()
        visit.technician_task_id.with_user(visit.technician_id).action_no_show()
        (mail,) = self.deliver()
        self.assertEqual(self.messages(visit)[1:], [("no_show", "sent")])
        self.assertIn("missed you", mail["text"])
        self.assertFalse(mail["ics"])

    def test_reopened_and_scheduled_again_is_confirmed_again(self):
        visit = self.book_and_deliver()
        visit.with_user(self.dispatcher).action_cancel()
        self.deliver()
        task = visit.technician_task_id.with_user(self.dispatcher)
        task.action_reopen()
        self.assertEqual(len(self.messages(visit)), 2, "a pending time is not firm")
        task.action_schedule()
        self.assertEqual(self.messages(visit)[2:], [("confirmation", "queued")])

    def test_what_is_long_past_is_tidied_up_in_silence(self):
        visit = self.book_and_deliver()
        task = visit.technician_task_id
        task.write({"date_start": fields.Datetime.now() - timedelta(days=30)})
        visit.with_user(self.dispatcher).action_cancel()
        self.assertEqual(
            {state for _k, state in self.messages(visit)[1:]}, {"not_told"}
        )

    def test_the_office_may_tell_the_client_itself(self):
        visit = self.book_and_deliver()
        quiet = visit.with_user(self.dispatcher).with_context(
            fusion_telling=Telling(tell_client=False)
        )
        quiet.action_cancel()
        self.assertEqual(self.messages(visit)[1:], [("cancelled", "not_told")])

    def test_without_an_address_the_office_calls(self):
        self.client.email = False
        visit = self.book(self.contract)
        self.assertEqual(self.messages(visit), [("confirmation", "no_email")])
        self.assertFalse(self.contract.activity_ids)
        self.move(visit)
        self.assertEqual(self.messages(visit)[1:], [("moved", "no_email")])
        self.assertIn("Call the client", self.contract.activity_ids.summary)

    def test_the_caregiver_gets_the_same_and_no_more(self):
        attendee = {"attendee_name": "Ann Lee", "attendee_email": "ann@example.com"}
        visit = self.book(self.contract, attendee=attendee)
        own, copy = self.deliver()
        self.assertEqual(
            (own["to"], copy["to"]), (self.client.email, "ann@example.com")
        )
        self.assertIn("Hello Margaret,", own["text"])
        self.assertIn("Hello Ann,", copy["text"])
        self.assertEqual(own["ics"][:60], copy["ics"][:60])
        for text in (own["text"], copy["text"]):
            self.assertIn(self.say(visit), text)
        self.assertNotIn("opt-out", copy["html"])
        visit.attendee_email = self.client.email.upper()
        self.move(visit)
        self.assertEqual(len(self.deliver()), 1, "one person gets one mail")

    def test_a_broken_template_costs_no_booking(self):
        template = self.env.ref("fusion_repairs.mail_template_visit_confirmation")
        template.body_html = '<t t-out="object.nothing_of_the_kind"/>'
        with mute_logger(
            "odoo.addons.fusion_repairs.tools.savepoints",
            "odoo.addons.mail.models.mail_render_mixin",
        ):
            visit = self.book(self.contract)
        self.assertEqual(visit.state, "scheduled")
        self.assertEqual(self.messages(visit), [("confirmation", "failed")])
        self.assertIn("Tell the client", self.contract.activity_ids.summary)

    def test_the_database_lets_one_version_through_once(self):
        visit = self.book(self.contract)
        row = visit.client_message_ids
        vals = visit._prepare_message_vals(row.kind, row.version) | {"state": "queued"}
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.env[MESSAGE].create(vals)

    def refuse(self, message, reason="450 later", kind="mail_smtp"):
        """Let the mail server refuse a message."""
        message.mail_id.write({"state": "exception", "failure_reason": reason})
        message.mail_id._postprocess_sent_message(
            [], [], failure_reason=reason, failure_type=kind
        )

    def test_refused_mails_are_tried_for_a_day_then_the_office_calls(self):
        visit = self.book(self.contract)
        message = visit.client_message_ids
        self.refuse(message)
        self.assertEqual((message.state, message.reason), ("failed", "450 later"))
        now = fields.Datetime.now()
        message.mail_id._fc_retry_or_give_up(now)
        self.assertEqual((message.state, message.mail_id.state), ("queued", "outgoing"))
        self.refuse(message)
        message.mail_id._fc_retry_or_give_up(now + timedelta(hours=25))
        self.assertEqual((message.state, message.office_told), ("failed", True))
        self.assertEqual(len(self.contract.activity_ids), 1)

    def test_a_notice_that_is_too_late_is_not_sent_any_more(self):
        visit = self.book_and_deliver()
        visit._queue_message("day_before", 1)
        message = self.latest(visit)
        self.refuse(message)
        message.told_start = fields.Datetime.now() - timedelta(minutes=1)
        message.mail_id._fc_retry_or_give_up(fields.Datetime.now())
        self.assertEqual(self.latest(visit).state, "replaced")
        self.assertFalse(self.latest(visit).mail_id)

    def test_an_address_that_cannot_be_one_becomes_a_call(self):
        visit = self.book(self.contract)
        self.refuse(visit.client_message_ids, "invalid", "mail_email_invalid")
        self.assertEqual(self.messages(visit), [("confirmation", "failed")])
        self.assertIn("Call the client", self.contract.activity_ids.summary)

    def test_a_failed_message_is_replaced_by_the_newer_one(self):
        visit = self.book(self.contract)
        visit.client_message_ids._record_delivery("mail_smtp", "450 later")
        self.move(visit)
        self.assertEqual(
            self.messages(visit),
            [("confirmation", "replaced"), ("confirmation", "queued")],
        )

    def test_a_mail_that_is_going_out_counts_as_sent(self):
        visit = self.book(self.contract)
        mails = self.registry["mail.mail"]
        none = patch.object(
            mails, "try_lock_for_update", lambda self, **kw: self.browse()
        )
        with none:
            self.move(visit)
        self.assertEqual(
            self.messages(visit), [("confirmation", "queued"), ("moved", "queued")]
        )

    def test_roles(self):
        message = self.book(self.contract).client_message_ids
        for user in (self.reader, self.dispatcher, self.manager):
            self.assertEqual(message.with_user(user).kind, "confirmation")
            with self.assertRaises(AccessError):
                message.with_user(user).write({"state": "sent"})
        with self.assertRaises(AccessError):
            message.with_user(self.technician).read(["kind"])

    def test_callback_is_answered_once(self):
        self.assertFalse(self.contract._request_callback("12"))
        self.assertTrue(
            self.contract._request_callback("416-555-0142", "<b>Sunday</b>")
        )
        self.assertTrue(self.contract._request_callback("416-555-0142", "Doomsday"))
        rows = self.env[MESSAGE].search([("contract_id", "=", self.contract.id)])
        self.assertEqual(rows.mapped("kind"), ["callback"])
        (mail,) = self.deliver()
        self.assertIn("We will call you by", mail["subject"])
        for typed in ("416-555-0142", "Sunday", "Doomsday"):
            self.assertNotIn(typed, mail["text"].replace(self.company.phone, ""))

    def test_on_the_way_only_where_wished_and_once(self):
        visit = self.book_and_deliver()
        task = visit.technician_task_id
        task.action_start_travel()
        self.assertFalse(self.deliver())
        self.company.x_fc_mail_on_the_way = True
        task.action_unschedule()
        task.action_schedule()
        task.action_start_travel()
        task.action_unschedule()
        task.action_schedule()
        task.action_start_travel()
        (mail,) = self.deliver()
        self.assertIn("on the way", mail["subject"])
