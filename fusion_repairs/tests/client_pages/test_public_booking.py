"""What a client does: book, move, cancel, ask for a call, and what goes wrong."""

from datetime import datetime, time
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.fusion_tasks.exceptions import SlotTakenError

from .public_case import PublicCase

NOTHING = ("", "garbage", "1.2.3", "0" * 900, "é\u202e", "1.1." + "0" * 64)


@tagged("post_install", "-at_install", "fusion")
class TestPublicBooking(PublicCase):
    """Posting the forms of the page; every answer leads back to a fresh page."""

    def assert_led_back(self, answer, code=None):
        """Assert a 303 to the contract's own page with this message."""
        self.assertEqual(answer.status_code, 303)
        location = answer.headers["Location"].partition("#")[0]
        self.assertIn(self.path(), location)
        self.assertEqual(code, location.partition("m=")[2].partition("&")[0] or None)

    def assert_refused(self, answer, before, code):
        """Assert a message, fresh times, and that no row was touched."""
        self.assert_led_back(answer, code)
        self.assertEqual(self.snapshot(), before)
        page = self.get(answer.headers["Location"])
        self.assertIn('id="fc-message"', page.text)
        self.assertTrue(self.slots(page))

    def count_mails(self):
        """Return how many mails to the client wait to be sent."""
        domain = [("recipient_ids", "in", self.contract.partner_id.ids)]
        return self.env["mail.mail"].search_count(domain)

    def test_a_chosen_time_becomes_a_whole_booking(self):
        visit = self.book()
        self.assertEqual(visit.state, "scheduled")
        self.assertEqual(visit.technician_task_id.status, "scheduled")
        self.assertEqual(visit.repair_order_id.x_fc_intake_source, "client_portal")
        self.assertEqual(visit.sale_order_id.amount_total, 226.0)
        self.assertIn("Ring twice", visit.technician_task_id.description)
        self.assertIn("booked", self.words(self.get()))

    def test_the_snapshot_would_notice_new_and_changed_rows(self):
        visit, task = "fusion_repair_maintenance_visit", "fusion_technician_task"
        empty = self.snapshot()
        self.book()
        booked = self.snapshot()
        for table in (visit, task, "sale_order", "repair_order", "mail_mail"):
            self.assertGreater(booked[table][0], empty[table][0], table)
        self.assertEqual(self.post("/cancel").status_code, 303)
        after = self.snapshot()
        for table in (visit, task, "sale_order", "repair_order"):
            self.assertEqual(after[table][0], booked[table][0], table)
            self.assertNotEqual(after[table], booked[table], table)

    def test_pressing_twice_books_once(self):
        page = self.get()
        first, second = self.slots(page)[:2]
        self.assert_led_back(self.post("/confirm", page, slot=first))
        visit = self.contract.current_visit_id
        self.assertEqual(self.count_mails(), 1)
        before = self.snapshot()
        self.assert_led_back(self.post("/confirm", page, slot=first))
        self.assert_led_back(self.post("/confirm", page, slot=second))
        self.assertEqual(self.contract.visit_ids, visit)
        self.assertEqual(self.snapshot(), before)

    def test_missing_and_garbage_times_book_nothing(self):
        page = self.get()
        for value in NOTHING:
            before = self.snapshot()
            answer = self.post("/confirm", page, slot=value)
            self.assert_refused(answer, before, "taken" if value else "choose")
        before = self.snapshot()
        self.assert_refused(self.post("/confirm", page), before, "choose")

    def test_a_lost_race_leads_to_fresh_times_and_keeps_the_note(self):
        page = self.get()
        value = self.slots(page)[0]
        contracts = type(self.contract)
        with patch.object(
            contracts, "_get_open_slot", side_effect=SlotTakenError("gone")
        ):
            before = self.snapshot()
            answer = self.post("/confirm", page, slot=value, note="Blue door")
            self.assertEqual(self.snapshot(), before)
        self.assert_led_back(answer, "taken")
        fresh = self.get(answer.headers["Location"])
        self.assertIn("no longer free", self.words(fresh))
        self.assertIn("Blue door", fresh.text)
        self.assert_led_back(self.post("/confirm", fresh, slot=self.slots(fresh)[0]))
        self.assertTrue(self.contract.is_booked)

    def test_the_language_survives_the_booking(self):
        page = self.get(self.path() + "?lang=fr_CA")
        answer = self.post("/confirm", page, slot=self.slots(page)[0], lang="fr_CA")
        booked = self.get(answer.headers["Location"])
        self.assertIn("Votre visite est réservée", self.words(booked))

    def test_a_note_is_cleaned_and_cut(self):
        page = self.get()
        note = "\u202eDog\u0007 <b>big</b> 🐕 " + "x" * 2000
        self.post("/confirm", page, slot=self.slots(page)[0], note=note)
        description = self.contract.current_visit_id.client_note
        self.assertIn("Dog <b>big</b> 🐕", description)
        self.assertLessEqual(len(description), 500)

    def test_a_contract_that_ended_meanwhile_books_nothing(self):
        page = self.get()
        self.contract.action_cancel()
        before = self.snapshot()
        answer = self.post("/confirm", page, slot=self.slots(page)[0])
        self.assert_led_back(answer)
        self.assertEqual(self.snapshot(), before)

    def test_moving_changes_the_one_visit(self):
        visit = self.book()
        page = self.get(self.path() + "?view=change")
        value = self.slots(page)[-1]
        request = self.contract._read_slot(value)
        technician, start = request.technician, request.start
        version = visit.ics_sequence
        self.assert_led_back(self.post("/move", page, slot=value), "moved")
        # The confirmation had not gone out: one with the new time takes its place.
        self.assertEqual(self.count_mails(), 1)
        self.assertEqual(visit.client_message_ids[0].told_start, start)
        self.assertGreater(visit.ics_sequence, version)
        self.assertEqual(self.contract.current_visit_id, visit)
        self.assertEqual(visit.visit_date, start)
        self.assertEqual(visit.technician_task_id.date_start, start)
        self.assertEqual(visit.technician_task_id.technician_id, technician)
        self.assertEqual(visit.technician_task_id.status, "scheduled")

    def test_moving_to_a_time_not_offered_moves_nothing(self):
        visit = self.book()
        page = self.get(self.path() + "?view=change")
        start = visit.visit_date
        for value in NOTHING:
            answer = self.post("/move", page, slot=value)
            self.assert_led_back(answer, "taken_move" if value else "choose")
        self.assertEqual(visit.visit_date, start)

    def test_cancelling_opens_the_times_again(self):
        visit = self.book()
        answer = self.post("/cancel", reason="In hospital")
        self.assert_led_back(answer, "cancelled")
        self.assertEqual(visit.state, "cancelled")
        self.assertEqual(visit.technician_task_id.status, "cancelled")
        self.assertIn("In hospital", visit.cancel_reason)
        self.assertFalse(self.contract.is_booked)
        self.assertTrue(self.slots(self.get(answer.headers["Location"])))
        self.assert_led_back(self.post("/cancel"))

    def test_too_late_to_change_means_a_phone_call(self):
        visit = self.book()
        page = self.get(self.path() + "?view=change")
        value = self.slots(page)[-1]
        self.company.x_fc_change_cutoff_hours = 24 * 60
        before = self.snapshot()
        self.assert_led_back(self.post("/move", page, slot=value), "late")
        self.assert_led_back(self.post("/cancel", page), "late")
        self.assertEqual(self.snapshot(), before)
        self.assertEqual(visit.state, "scheduled")

    def test_asking_for_a_call_makes_one_activity(self):
        page = self.get()
        self.assert_led_back(
            self.post("/callback", page, phone="416 555 0142", days="Tuesdays <b>")
        )
        self.assert_led_back(self.post("/callback", page, phone="416 555 0143"))
        activity = self.contract._get_open_callback()
        self.assertEqual(len(activity), 1)
        self.assertIn("0143", activity.note)
        self.assertLess(activity.date_deadline.weekday(), 5)
        shown = self.get()
        self.assertIn("We have your request", self.words(shown))
        self.assertNotIn("555 0143", shown.text)
        page = self.get(self.path() + "?view=choose")
        self.assertTrue(self.slots(page))
        answer = self.post("/confirm", page, slot="garbage")
        self.assertTrue(self.slots(self.get(answer.headers["Location"])))
        activity.action_done()
        self.assertTrue(self.slots(self.get()))

    def test_no_call_is_promised_on_a_holiday(self):
        promised = self.contract._get_callback_deadline()
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "company_id": self.company.id,
                "calendar_id": self.company.resource_calendar_id.id,
                "date_from": datetime.combine(promised, time(5)),
                "date_to": datetime.combine(promised, time(23)),
            }
        )
        later = self.contract._get_callback_deadline()
        self.assertGreater(later, promised)
        self.assertLess(later.weekday(), 5)
        self.post("/callback", phone="416 555 0142")
        self.assertEqual(self.contract._get_open_callback().date_deadline, later)

    def test_a_call_needs_a_phone_number(self):
        page = self.get()
        for phone in ("", "please", "12"):
            before = self.snapshot()
            self.assert_led_back(self.post("/callback", page, phone=phone), "phone")
            self.assertEqual(self.snapshot(), before)
