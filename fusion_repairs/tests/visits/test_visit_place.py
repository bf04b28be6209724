from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..certificates.certificate_case import CertificateCase, read_pdf


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
        last = self.env["mail.mail"].search([], order="id desc", limit=1).id or 0
        self.assertEqual(self.contract.address_id, buyer)
        self.report(visit)
        self.assertEqual(visit.address_id, self.client)
        text = read_pdf(visit.report_attachment_id)
        self.assertIn("17 Quiet Lane", text)
        self.assertNotIn("99 Secret Crescent", text)
        mail = self.env["mail.mail"].search(
            [("id", ">", last), ("recipient_ids", "=", self.client.id)]
        )
        self.assertIn("Hello Margaret", mail.body_html)
        self.assertNotIn("Buyer", mail.body_html)
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

    def test_units_that_share_a_task_share_no_time(self):
        visit = self.book(self.contract)
        other = self.book(self.make_contract())
        task = visit.technician_task_id
        task.x_fc_maintenance_visit_ids += other
        task.action_start()
        start = fields.Datetime.now() - timedelta(minutes=90)
        task.actual_start = start
        user = task.technician_id
        visit.with_user(user)._begin_report()
        self.assertEqual(visit.timer_started_at, start)
        self.report(visit)
        self.assertEqual(visit.labour_minutes, 90)
        other.with_user(user)._begin_report()
        self.assertEqual(other.timer_started_at, visit.reported_at)

    def test_parts_to_be_ordered_were_not_replaced(self):
        belt, chain = self.env["product.product"].create(
            [{"name": name, "type": "consu"} for name in ("Belt", "Chain")]
        )
        visit = self.book(self.contract)
        visit.part_ids = [
            (0, 0, {"product_id": belt.id, "quantity": 2}),
            (0, 0, {"product_id": chain.id, "quantity": 0}),
        ]
        self.report(visit, parts_note="To order: gasket")
        certificate = visit.inspection_certificate_id
        self.assertEqual(certificate.parts_replaced, "2 × Belt")
        self.assertIn("To order: gasket", certificate.findings)
