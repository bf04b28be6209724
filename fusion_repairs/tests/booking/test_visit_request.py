from dataclasses import FrozenInstanceError

from odoo.tests import tagged

from ...models.booking.visit_request import (
    Override,
    SignedSlot,
    Telling,
)
from .office_case import OfficeCase


@tagged("post_install", "-at_install", "fusion")
class TestVisitRequest(OfficeCase):
    """What is booked or moved is one value, which nobody outside can make or change."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract()

    def test_a_request_cannot_be_changed(self):
        request = self.contract._prepare_visit_request()
        with self.assertRaises(FrozenInstanceError):
            request.override = Override("Whatever it takes", allow_overlap=True)

    def test_only_known_sources_book(self):
        with self.assertRaisesRegex(ValueError, "source"):
            self.contract._prepare_visit_request(source="api")

    def test_a_value_that_is_read_is_not_yet_believed(self):
        offer = self.contract._get_booking_slots()[0]
        signed = SignedSlot.parse(offer.value)
        self.assertEqual(
            (signed.technician_id, signed.start), (offer.technician_id, offer.start)
        )
        for value in (None, b"1.1", "", f"{offer.value}x", f" {offer.value}"):
            with self.subTest(value=value):
                self.assertIsNone(SignedSlot.parse(value))

    def test_a_value_is_read_into_the_request_it_was_offered_for(self):
        other = self.make_contract(duration=0.5)
        wanted = self.contract._prepare_visit_request(other, note="Dog")
        offer = self.contract._get_booking_slots(wanted)[0]
        request = self.contract._read_slot(offer.value, wanted)
        self.assertEqual(request.technician.id, offer.technician_id)
        self.assertEqual(request.start, offer.start)
        self.assertEqual(request.units, self.contract | other)
        self.assertEqual((request.hours, request.note), (1.5, "Dog"))

    def test_of_a_booked_unit_all_units_of_the_visit_are_asked_for(self):
        other = self.make_contract(duration=0.5)
        wanted = self.contract._prepare_visit_request(other)
        offer = self.contract._get_booking_slots(wanted)[0]
        visit = self.contract._book_visit(self.contract._read_slot(offer.value, wanted))
        visit.technician_task_id.duration = 3.0
        request = other._prepare_visit_request()
        self.assertEqual((request.lead, request.companions), (other, self.contract))
        self.assertEqual(request.exclude_task, visit.technician_task_id)
        self.assertEqual((request.asked_hours, request.hours), (1.5, 3.0))

    def test_nobody_outside_says_that_the_client_is_not_told(self):
        for forged in (False, [False, False], {"tell_client": False}, (True, False)):
            visit = self.book(self.make_contract())
            quiet = visit.with_context(fusion_telling=forged)
            with self.subTest(forged=forged):
                self.assertEqual(quiet._get_telling(), Telling())
                quiet.with_user(self.dispatcher).action_cancel()
                self.assertNotIn("not_told", visit.client_message_ids.mapped("state"))

    def test_checking_who_will_be_there_changes_nothing(self):
        form = {
            "attendee_name": "Ruth",
            "attendee_phone": "",
            "attendee_email": "Ruth@Example.COM",
        }
        attendee = self.contract._prepare_attendee(form)
        self.assertEqual(attendee["attendee_email"], "ruth@example.com")
        before = dict(attendee)
        self.assertIsNone(self.contract._check_attendee(attendee))
        self.assertEqual(attendee, before)
        for wrong in ("Ruth <ruth@example.com>", "ruth", "a@b.ca, c@d.ca"):
            attendee = self.contract._prepare_attendee(form | {"attendee_email": wrong})
            with self.subTest(wrong=wrong):
                self.assertEqual(self.contract._check_attendee(attendee), "email")
