from odoo.tests import tagged

from .message_case import MessageCase


@tagged("post_install", "-at_install", "fusion")
class TestSharedVisit(MessageCase):
    """Several units on one visit: whatever goes, what stays is said first."""

    def setUp(self):
        super().setUp()
        scooter = self.env["product.product"].create(
            {
                "name": "Scooter",
                "type": "consu",
                "x_fc_repair_category_id": self.category.id,
            }
        )
        self.other = self.make_contract(product_id=scooter.id)
        offer = self.contract._get_booking_slots(
            self.contract._prepare_visit_request(self.other)
        )[0]
        self.contract._book_slot(offer.value, companions=self.other)
        self.deliver()

    def take_off(self, contract):
        """Take one unit off as its client does; return the mail."""
        contract._cancel_booking()
        (mail,) = self.deliver()
        return mail

    def test_what_stays_comes_first_whichever_unit_is_taken_off(self):
        for gone, stays in ((self.contract, self.other), (self.other, self.contract)):
            with self.subTest(gone=gone), self.env.cr.savepoint() as undo:
                mail = self.take_off(gone)
                visit = stays.current_visit_id
                when = self.say(visit)
                self.assertEqual(
                    mail["subject"], f"Your visit takes place as planned: {when}"
                )
                text = mail["text"].replace("\xa0", " ")
                places = [
                    text.index(words)
                    for words in (
                        "Your visit takes place as planned",
                        when,
                        stays._get_unit_name(),
                        "No longer part of this visit: " + gone._get_unit_name(),
                        "Total: $202.27",
                    )
                ]
                self.assertEqual(places, sorted(places))
                self.assertNotIn("cancelled", text.lower())
                undo.rollback()
            self.env.invalidate_all()

    def test_a_move_says_too_what_was_taken_off(self):
        self.other._cancel_booking(source="office")
        self.move(self.contract.current_visit_id)
        (mail,) = self.deliver()
        self.assertIn("has a new time", mail["subject"])
        self.assertIn("No longer part of this visit: Scooter", mail["text"])
        self.assertIn("Total: $202.27", mail["text"])

    def test_the_end_of_the_rest_does_not_speak_of_what_went_before(self):
        self.take_off(self.contract)
        self.book(self.contract)
        self.deliver()
        self.other._cancel_booking(source="office")
        (mail,) = self.deliver()
        self.assertIn("is cancelled", mail["subject"])
        self.assertIn("Scooter", mail["text"])
        self.assertNotIn("Stair Lift", mail["text"])

    def test_the_copy_says_whose_visit_and_where(self):
        self.client.write({"street": "12 Oak Street", "zip": "M5V 1A1"})
        self.contract.current_visit_id._get_bundle().write(
            {"attendee_name": "Anne", "attendee_email": "anne@example.com"}
        )
        self.move(self.contract.current_visit_id)
        own, copy = self.deliver()
        for words in ("For Margaret Example", "12 Oak Street, Toronto"):
            self.assertIn(words, copy["text"])
            self.assertNotIn(words, own["text"])
