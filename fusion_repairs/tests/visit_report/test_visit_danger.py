from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..certificates.certificate_case import CertificateCase


@tagged("post_install", "-at_install", "fusion")
class TestVisitDanger(CertificateCase):
    """A known danger ends when somebody says what was done, and by nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract(x_fc_device_serial="SN-1")

    def visit(self, **answers):
        return self.report(self.book(self.contract), **answers)

    def activities(self):
        return " | ".join(self.contract.activity_ids.mapped("summary"))

    def test_what_does_not_apply_mends_nothing(self):
        danger = self.visit(failed=["Brake holds"]).defect_ids
        second = self.visit(na=["Brake holds"])
        self.assertEqual(second.outcome, "unsafe")
        self.assertEqual(danger.state, "open")
        self.assertTrue(self.contract.unsafe)
        self.assertFalse(second.certificate_ids)
        self.assertIn("known defects", self.activities())
        third = self.visit(mended="New brake shoe")
        self.assertEqual((third.outcome, danger.state), ("pass", "resolved"))
        self.assertFalse(self.contract.unsafe)
        self.assertEqual(third.inspection_certificate_id.state, "issued")

    def test_technician_is_told_before_sending(self):
        self.visit(failed=["Brake holds"])
        visit = self.book(self.contract)
        user = visit.technician_id
        action = visit.with_user(user).action_fill_in_report()
        report = self.env[action["res_model"]].with_user(user).browse(action["res_id"])
        report.action_pass_open_lines()
        brake, volts = report.line_ids[1:]
        volts.write({"result": "pass", "reading": "25"})
        brake.write({"result": "na", "note": "no brake seen"})
        self.assertEqual(report.outcome, "unsafe")
        self.assertIn("still open: Brake holds", report.summary)
        self.assertIn("No certificate is issued", report.summary)

    def test_what_is_no_longer_checked_is_for_the_office(self):
        danger = self.visit(failed=["Brake holds"]).defect_ids
        self.category.checklist_item_ids.filtered("critical").active = False
        second = self.visit()
        self.assertNotIn("Brake holds", second.checklist_line_ids.mapped("name"))
        self.assertEqual(danger.state, "open")
        self.assertTrue(self.contract.unsafe)
        self.assertFalse(second.certificate_ids)
        activity = self.contract.activity_ids.filtered(
            lambda a: "known defects" in a.summary
        )
        self.assertIn("Brake holds", activity.note)
        danger.with_user(self.dispatcher).action_resolve()
        third = self.visit(mended="Brake is gone")
        self.assertFalse(self.contract.unsafe)
        self.assertTrue(third.certificate_ids)

    def test_no_certificate_while_a_danger_is_open(self):
        """The office may take the blame for the use, not for the inspection."""
        self.visit(failed=["Brake holds"])
        self.contract.with_user(self.dispatcher)._release("Brake replaced")
        second = self.visit(na=["Brake holds"])
        self.assertEqual(second.outcome, "pass_with_findings")
        self.assertFalse(self.contract.unsafe)
        self.assertFalse(second.certificate_ids)
        self.assertIn("known hazard", second.certificate_refusal)

    def test_danger_of_a_former_owner_stays_with_the_unit(self):
        self.product.tracking = "serial"
        lot = self.env["stock.lot"].create(
            {"name": "SN-7", "product_id": self.product.id}
        )
        first = self.make_contract(lot_id=lot.id)
        danger = self.report(self.book(first), failed=["Brake holds"]).defect_ids
        first._cancel()
        buyer = self.client.copy({"name": "Buyer"})
        second = self.make_contract(lot_id=lot.id, partner_id=buyer.id)
        self.report(self.book(second), na=["Brake holds"])
        self.assertTrue(second.unsafe)
        self.report(self.book(second), mended="New brake shoe")
        self.assertFalse(second.unsafe)
        self.assertEqual(danger.state, "resolved")

    def test_late_report_resolves_nothing_that_was_found_later(self):
        early = self.book(self.contract)
        early.technician_task_id.action_complete()
        early.service_date -= timedelta(days=20)
        danger = self.visit(failed=["Brake holds"]).defect_ids
        self.report(early)
        self.assertEqual((early.outcome, danger.state), ("pass", "open"))
        self.assertTrue(self.contract.unsafe)

    # Reported again ----------------------------------------------------------------

    def reopen(self, visit):
        visit.technician_task_id.action_reopen()
        visit.technician_task_id.action_schedule()
        self.assertTrue(visit.is_live)

    def test_reopened_and_completed_without_a_new_report(self):
        visit = self.visit()
        certificate = visit.inspection_certificate_id
        self.reopen(visit)
        self.assertFalse(visit.reported_at or visit.outcome or visit.report_pdf_state)
        self.assertFalse(visit.signature, "the client signs what is said by now")
        self.assertEqual(visit.checklist_line_ids.mapped("result"), ["pass"] * 3)
        visit.technician_task_id.action_complete()
        self.assertTrue(visit.report_missing)
        self.assertEqual(certificate.state, "revoked")
        self.assertIn("report", self.activities())
        keys = [document["key"] for document in visit._get_done_documents()]
        self.assertNotIn("report", keys)
        self.report(visit)
        self.assertFalse(visit.report_missing)
        self.assertEqual(visit.inspection_certificate_id.revision, 2)

    def test_new_danger_of_a_second_report_is_repaired(self):
        visit = self.visit(failed=["Rail clean"])
        first = visit.defect_ids.repair_order_id
        self.assertEqual(first.priority, "0")
        self.reopen(visit)
        self.report(visit, failed=["Rail clean", "Brake holds"])
        rail, brake = visit.defect_ids.sorted("id")
        self.assertEqual(rail.repair_order_id, first)
        self.assertTrue(brake.repair_order_id - first)
        self.assertEqual(brake.repair_order_id.priority, "1")
        self.assertIn("Unsafe unit", self.activities())

    def test_known_failure_turns_out_to_be_worse(self):
        visit = self.visit(failed=["Rail clean"])
        defect, repair = visit.defect_ids, visit.defect_ids.repair_order_id
        self.reopen(visit)
        visit.checklist_line_ids[0].defect_class = "stop_now"
        self.report(visit, failed=["Rail clean"])
        self.assertEqual(visit.defect_ids, defect)
        self.assertEqual(defect.defect_class, "stop_now")
        self.assertEqual(defect.date_due, visit.service_date)
        self.assertEqual(repair.priority, "1")
        self.assertIn(
            f"Unsafe unit: arrange the urgent repair {repair.name}", self.activities()
        )

    def test_failure_that_was_mended_and_is_back(self):
        visit = self.visit(failed=["Brake holds"])
        former = visit.defect_ids.repair_order_id
        former.action_repair_start()
        former.action_repair_end()
        self.assertEqual(visit.defect_ids.state, "resolved")
        self.reopen(visit)
        self.report(visit, failed=["Brake holds"])
        self.assertEqual(visit.defect_ids.state, "open")
        self.assertEqual(visit.defect_ids.repair_order_id.state, "draft")

    def test_day_of_the_examination_is_the_day_of_the_work(self):
        visit = self.book(self.contract)
        task = visit.technician_task_id
        task.action_start()
        task.actual_start = fields.Datetime.now() - timedelta(days=1)
        self.report(visit, failed=["Rail clean"])
        day = self.contract._get_today() - timedelta(days=1)
        self.assertEqual(visit.service_date, day)
        self.assertEqual(visit.inspection_certificate_id.examined_on, day)
        self.assertEqual(visit.defect_ids.date_found, day)
        self.assertEqual(visit.defect_ids.date_due, day + timedelta(days=90))
