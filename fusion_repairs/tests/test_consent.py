from datetime import timedelta

from odoo.tests import tagged

from .common import RepairsCase


@tagged("post_install", "-at_install", "fusion")
class TestConsent(RepairsCase):
    """What may be mailed to a client, kind by kind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract()

    def assert_accepts(self, reminder, appointment):
        for kind, wanted in (("reminder", reminder), ("appointment", appointment)):
            with self.subTest(kind=kind):
                self.assertEqual(self.client._get_mail_obstacle(kind), wanted)
                accepts = self.client._accepts_maintenance_mail(kind)
                self.assertEqual(accepts, wanted is None)

    def test_a_client_in_care_accepts_both_kinds(self):
        self.assert_accepts(None, None)

    def test_each_kind_is_stopped_by_itself(self):
        self.client.x_fc_maintenance_opt_out = True
        self.assert_accepts("opted_out", None)
        self.client.x_fc_maintenance_opt_out = False
        self.client.x_fc_appointment_opt_out = True
        self.assert_accepts(None, "opted_out")

    def test_an_address_is_needed_for_both(self):
        self.client.email = "nobody"
        self.assert_accepts("no_email", "no_email")
        self.client.email = "margaret@example.com"
        self.client.message_bounce = 1
        self.assert_accepts("bounced", "bounced")

    def test_consent_is_needed_for_reminders_only(self):
        self.contract.start_date = self.today - timedelta(days=1200)
        self.assert_accepts("implied_expired", None)
        self.client.x_fc_consent_express_date = self.today
        self.assert_accepts(None, None)
