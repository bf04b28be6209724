from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.fusion_tasks.tests.common import FusionHttpCase

from ..certificates.certificate_case import read_pdf
from ..common import RepairsCase


@tagged("post_install", "-at_install", "fusion")
class TestVisitReportTours(RepairsCase, FusionHttpCase):
    """The technician's report on a phone, and everything that follows from it."""

    browser_size = "390x844"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.category.write(
            {"equipment_class": "lift_elevating", "certificate_validity_months": 12}
        )
        cls.product.tracking = "serial"
        cls.lot = cls.env["stock.lot"].create(
            {"name": "SN-390", "product_id": cls.product.id}
        )
        cls.contract = cls.make_contract(lot_id=cls.lot.id)
        cls.belt = cls.env["product.product"].create(
            {"name": "Belt", "type": "consu", "is_storable": True}
        )

    def setUp(self):
        super().setUp()
        self.due = self.contract.next_due_date
        self.token = self.contract.sudo().booking_token
        self.visit = self.book(self.contract)
        self.task = self.visit.technician_task_id
        # My Day opens on today.
        self.task.date_start = fields.Datetime.now() - timedelta(minutes=1)
        self.repair = self.visit.repair_order_id
        self.stock = self.repair.location_id
        quants = self.env["stock.quant"]
        quants._update_available_quantity(self.belt, self.stock, 4)

    def report(self, tour):
        self.start_tour(
            "/odoo/fusion-my-day",
            f"fusion_repairs_report_{tour}",
            login=self.task.technician_id.login,
        )
        self.env.invalidate_all()
        self.assertEqual(self.visit.report_pdf_state, "pending", "nobody waits for it")
        self.visit._try_report_document()  # as the job does

    def assert_rolled(self):
        """Check what holds after every report."""
        visit = self.visit
        self.assertEqual((visit.state, self.task.status), ("done", "completed"))
        self.assertTrue(self.task.actual_start and self.task.completed_at)
        self.assertEqual(visit.checklist_line_ids[2].reading, 25.1)
        self.assertTrue(visit.technician_signature)
        self.assertEqual(
            self.contract.next_due_date, self.due + relativedelta(months=12)
        )
        self.assertEqual(self.contract.last_service_date, visit.service_date)
        self.assertNotEqual(self.contract.sudo().booking_token, self.token)
        self.assertFalse(self.contract.is_booked)
        self.assertEqual(visit.sale_order_id.state, "sale")
        self.assertEqual(visit.report_pdf_state, "ready")
        self.assertTrue(visit.report_mailed_at)

    def assert_certified(self):
        """Check the certificate of the visit; return it."""
        certificate = self.visit.inspection_certificate_id
        self.assertEqual((certificate.state, certificate.pdf_state), ("issued", "done"))
        self.assertEqual(certificate.serial, "SN-390")
        self.assertEqual(certificate.examined_on, self.visit.service_date)
        self.assertTrue(certificate.technician_signature)
        text = read_pdf(certificate.attachment_id)
        for words in (certificate.name, "SN-390", "25.1"):
            self.assertIn(words, text)
        keys = [document["key"] for document in self.visit._get_done_documents()]
        self.assertEqual(set(keys), {"certificate", "report"})
        return certificate

    def test_pass_with_a_planned_part(self):
        self.env["stock.move"].create(
            {
                "repair_id": self.repair.id,
                "repair_line_type": "add",
                "product_id": self.belt.id,
                "product_uom_qty": 1,
                "company_id": self.company.id,
                "location_id": self.stock.id,
                "location_dest_id": self.repair.location_dest_id.id,
            }
        )
        self.report("pass")
        self.assert_rolled()
        self.assertEqual((self.visit.outcome, self.repair.state), ("pass", "done"))
        self.assertEqual(self.repair.move_ids.quantity, 1.0)
        stocked = self.belt.with_context(location=self.stock.id).qty_available
        self.assertEqual(stocked, 3.0)
        self.assertEqual(self.visit.findings_text, "Chain oiled")
        self.assertEqual(self.visit.signature_state, "signed")
        self.assertTrue(self.visit.signature)
        self.assertFalse(self.contract.unsafe or self.lot.x_fc_unsafe)
        self.assertFalse(self.visit.defect_ids)
        certificate = self.assert_certified()
        self.assertTrue(certificate.witness_signature)
        self.assertFalse(certificate.not_signed)

    def test_report_that_was_forgotten(self):
        """The visit was called done the day before, without a word about it."""
        self.task.date_start -= timedelta(days=1)
        self.task.action_complete()
        self.assertTrue(self.visit.report_missing)
        self.assertFalse(self.visit.certificate_ids)
        self.report("late")
        self.assertFalse(self.visit.report_missing)
        self.assertEqual(self.visit.outcome, "pass")
        self.assertTrue(self.visit.signature and self.visit.technician_signature)
        self.assert_certified()

    def test_critical_failure(self):
        self.report("unsafe")
        self.assert_rolled()
        self.assertEqual(self.visit.outcome, "unsafe")
        self.assertTrue(self.contract.unsafe and self.lot.x_fc_unsafe)
        defect = self.visit.defect_ids
        self.assertEqual(
            (defect.defect_class, defect.note), ("stop_now", "Slips with load")
        )
        self.assertEqual(defect.repair_order_id.priority, "1")
        self.assertEqual(self.repair.state, "done")
        summaries = " ".join(self.contract.activity_ids.mapped("summary"))
        self.assertIn(defect.repair_order_id.name, summaries)
        self.assertFalse(self.visit.certificate_ids)
        self.assertIn("critical check failed", self.visit.certificate_refusal)

    def test_known_danger(self):
        """What a former visit found is seen and closed with a word on it."""
        self.task.date_start -= timedelta(days=1)
        rail, brake, volts = self.visit.checklist_line_ids
        rail.result = "pass"
        brake.write({"result": "fail", "note": "Slips with load"})
        volts.write({"result": "pass", **volts._prepare_reading("25")})
        self.visit.with_user(self.task.technician_id)._submit_report()
        danger = self.visit.defect_ids
        self.assertTrue(self.contract.unsafe)
        self.due = self.contract.next_due_date
        self.token = self.contract.sudo().booking_token
        self.visit = self.book(self.contract)
        self.task = self.visit.technician_task_id
        self.task.date_start = fields.Datetime.now() - timedelta(minutes=1)
        self.report("known")
        self.assertEqual((danger.state, danger.resolution), ("resolved", "New shoe"))
        self.assertEqual(danger.resolved_visit_id, self.visit)
        self.assertEqual(danger.repair_order_id.state, "done")
        self.assertFalse(self.contract.unsafe or self.lot.x_fc_unsafe)
        self.assert_certified()

    def test_refusal_to_sign(self):
        self.report("refused")
        self.assert_rolled()
        self.assertEqual(self.visit.signature_state, "refused")
        self.assertEqual(self.visit.signature_reason, "Wants to read it first")
        self.assertFalse(self.visit.signature)
        self.assertEqual(self.visit.outcome, "pass")
        certificate = self.assert_certified()
        self.assertFalse(certificate.witness_signature)
        self.assertIn("Wants to read it first", certificate.not_signed)
