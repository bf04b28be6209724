from odoo.tests import tagged

from .certificate_case import CertificateCase, read_pdf


@tagged("post_install", "-at_install", "fusion")
class TestVisitPlace(CertificateCase):
    """A visit took place where it took place, whoever owns the unit by now."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract(x_fc_device_serial="SN-1")

    def test_late_report_does_not_print_the_address_of_the_next_owner(self):
        visit = self.book(self.contract)
        visit.technician_task_id.action_complete()
        buyer = self.client.copy({"name": "Buyer", "street": "99 Secret Crescent"})
        self.contract.partner_id = buyer
        self.assertEqual(self.contract.address_id, buyer)
        self.report(visit)
        self.assertEqual(visit.address_id, self.client)
        text = read_pdf(visit.report_attachment_id)
        self.assertIn("17 Quiet Lane", text)
        self.assertNotIn("99 Secret Crescent", text)
        place = visit.inspection_certificate_id.site_address
        self.assertIn("17 Quiet Lane", place)

    def test_place_follows_the_contract_until_the_visit_is_over(self):
        visit = self.book(self.contract)
        cottage = self.client.copy({"name": "Cottage", "parent_id": self.client.id})
        self.contract.address_id = cottage
        self.assertEqual(visit.address_id, cottage)
        visit.technician_task_id.action_complete()
        self.contract.address_id = self.client
        self.assertEqual(visit.address_id, cottage)
