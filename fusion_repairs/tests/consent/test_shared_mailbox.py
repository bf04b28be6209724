from datetime import timedelta

from odoo.tests import tagged

from ..client_mail.message_case import MessageCase
from ..common import opt_out_token


@tagged("post_install", "-at_install", "fusion")
class TestSharedMailbox(MessageCase):
    """A couple has one address: what one of them stops is stopped there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client.x_fc_consent_express_date = cls.today
        cls.husband = cls.client.copy(
            {
                "name": "Harold Example",
                "email": "Harold <MARGARET@example.com>",
                "x_fc_consent_express_date": cls.today,
            }
        )
        cls.his = cls.make_contract(partner_id=cls.husband.id)

    def stop(self, kinds=("reminder",)):
        """Stop messages by the link in one of his mails."""
        token = opt_out_token(self.husband)
        found = self.env["res.partner"]._fc_find_by_opt_out_token(token)
        found._fc_opt_out("one_click", kinds)
        self.env.invalidate_all()

    def test_the_other_one_is_not_reminded_but_called(self):
        self.stop()
        self.contract._remind_and_mark()
        row = self.contract.reminder_ids
        self.assertEqual(row.outcome, "call")
        self.assertFalse(row.mail_id)
        self.assertTrue(self.contract._find_open_activities("call_due"))

    def test_what_waits_for_the_other_one_is_called_off(self):
        self.contract._remind_and_mark()
        (row,) = self.contract.reminder_ids
        self.stop()
        self.assertEqual((row.outcome, row.mail_id.state), ("call", "cancel"))
        self.assertTrue(self.contract._find_open_activities("call_due"))

    def test_each_kind_by_itself(self):
        self.stop(["appointment"])
        self.assertTrue(self.client.x_fc_appointment_opt_out)
        self.assertFalse(self.client.x_fc_maintenance_opt_out)

    def test_the_history_of_both_says_who_asked(self):
        self.stop()
        event = self.client.sudo().x_fc_consent_event_ids[:1]
        self.assertEqual((event.kind, event.source), ("withdrawn", "one_click"))
        self.assertIn("Harold Example", event.note)

    def test_pressed_by_mistake_takes_it_back_for_both(self):
        self.stop(["reminder", "appointment"])
        self.assertFalse(self.client.x_fc_consent_express_date)
        self.husband._fc_opt_in("page")
        for partner in self.client | self.husband:
            self.assertFalse(partner.x_fc_maintenance_opt_out)
            self.assertFalse(partner.x_fc_appointment_opt_out)
            self.assertEqual(partner.x_fc_consent_express_date, self.today)

    def test_the_office_stops_and_allows_for_the_address_too(self):
        self.husband.x_fc_maintenance_opt_out = True
        self.assertTrue(self.client.x_fc_maintenance_opt_out)
        self.client._fc_give_consent("phone")
        self.assertFalse(self.husband.x_fc_maintenance_opt_out)

    def test_whoever_gets_the_address_later_is_not_reminded_there(self):
        self.stop()
        new = self.env["res.partner"].create(
            {"name": "Their Son", "email": "margaret@EXAMPLE.com"}
        )
        self.assertTrue(new.x_fc_maintenance_opt_out)
        other = self.env["res.partner"].create(
            {"name": "Anne", "email": "anne@example.com"}
        )
        self.assertFalse(other.x_fc_maintenance_opt_out)
        other.email = "margaret@example.com"
        self.assertTrue(other.x_fc_maintenance_opt_out)

    def test_an_archived_contact_still_speaks_for_the_address(self):
        self.stop()
        self.client.x_fc_maintenance_opt_out = True
        (self.client | self.husband).active = False
        new = self.env["res.partner"].create(
            {"name": "New Card", "email": "margaret@example.com"}
        )
        self.assertTrue(new.x_fc_maintenance_opt_out)

    def test_another_address_is_not_touched(self):
        other = self.client.copy({"email": "margaret2@example.com"})
        nobody = self.client.copy({"email": False})
        self.stop()
        self.assertFalse((other | nobody).filtered("x_fc_maintenance_opt_out"))

    def test_another_companys_contact_is_stopped_too(self):
        other = self.env["res.company"].create({"name": "Other Dealer"})
        theirs = self.client.copy({"company_id": other.id, "active": True})
        self.stop()
        self.assertTrue(theirs.x_fc_maintenance_opt_out)

    def test_a_visit_is_still_confirmed(self):
        self.stop(["reminder", "appointment"])
        visit = self.book(self.contract)
        self.assertEqual(self.messages(visit), [("confirmation", "queued")])

    def test_the_due_date_of_the_other_one_is_not_forgotten(self):
        self.stop()
        self.contract.next_due_date = self.today + timedelta(days=20)
        self.assertFalse(self.contract._find_forgotten())
