from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..certificates.certificate_case import CertificateCase, draw_signature
from ..common import SIGNATURE


@tagged("post_install", "-at_install", "fusion")
class TestVisitSignatures(CertificateCase):
    """Each signature is that of who drew it, and stands for what they saw."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract(x_fc_device_serial="SN-1")

    def setUp(self):
        super().setUp()
        self.visit = self.book(self.contract)
        self.user = self.visit.technician_id
        self.user.x_fc_signature = SIGNATURE

    def open_report(self, user):
        self.env.invalidate_all()
        action = self.visit.with_user(user).action_fill_in_report()
        return self.env[action["res_model"]].with_user(user).browse(action["res_id"])

    def answer(self, report, **vals):
        for line, reading in zip(report.line_ids, (None, None, "25"), strict=True):
            line.write({"result": "pass", "reading": reading})
        report.write(
            {
                "signature_state": "signed",
                "signature": SIGNATURE,
                "signed_by": "Margaret Example",
                **vals,
            }
        )
        return report

    def test_own_stored_signature_is_offered(self):
        report = self.open_report(self.user)
        self.assertTrue(report.technician_signature)
        self.answer(report).action_submit()
        self.assertEqual(self.visit.technician_signed_by_id, self.user)
        certificate = self.visit.inspection_certificate_id
        self.assertTrue(certificate.technician_signature)

    def test_nobody_reads_a_kept_signature(self):
        """It is drawn under reports; as a picture it could be put under anything."""
        system = self.env.ref("base.user_admin")
        for reader in (self.user, self.dispatcher, self.manager, system):
            owner = self.user.with_user(reader)
            for read in (
                lambda owner: owner.read(["x_fc_signature"]),
                lambda owner: owner.web_read({"x_fc_signature": {}}),
                lambda owner: owner.x_fc_signature,
                lambda owner: owner.write({"x_fc_signature": SIGNATURE}),
            ):
                self.env.invalidate_all()
                with self.subTest(reader=reader.login), self.assertRaises(AccessError):
                    read(owner)
            self.assertNotIn("x_fc_signature", owner.fields_get())

    def test_dispatcher_does_not_sign_for_the_technician(self):
        drawn = draw_signature(30)
        self.open_report(self.user).technician_signature = drawn
        report = self.open_report(self.dispatcher)
        self.assertFalse(report.technician_signature)
        self.answer(report)
        with self.assertRaisesRegex(UserError, "sign the report yourself"):
            report.action_submit()
        report.technician_signature = SIGNATURE
        report.action_submit()
        self.assertEqual(self.visit.technician_signed_by_id, self.dispatcher)
        self.assertFalse(self.dispatcher.x_fc_signature)
        certificate = self.visit.inspection_certificate_id
        self.assertEqual(certificate.state, "issued")
        self.assertFalse(certificate.technician_signature, "not the technician's")

    def test_signature_does_not_go_over_to_another_technician(self):
        self.open_report(self.user)
        other = (self.technician | self.technician_2) - self.user
        task = self.visit.technician_task_id
        task.write({"technician_id": other.id, "allow_overlap": True})
        report = self.open_report(other)
        self.assertFalse(report.technician_signature)
        other.x_fc_signature = draw_signature(50)
        self.assertTrue(self.open_report(other).technician_signature)
        self.assertEqual(self.visit.technician_signed_by_id, other)

    def test_client_who_refused_has_not_signed(self):
        report = self.answer(self.open_report(self.user))
        report.write({"signature_state": "refused", "signature_reason": "Wrong <date>"})
        report.action_submit()
        self.assertFalse(self.visit.signature)
        certificate = self.visit.inspection_certificate_id
        self.assertFalse(certificate.witness_signature or certificate.witness_name)
        self.assertIn("did not wish to sign. Wrong <date>", certificate.not_signed)

    def test_client_signs_again_after_reopening(self):
        self.answer(self.open_report(self.user)).action_submit()
        task = self.visit.technician_task_id
        task.action_reopen()
        task.action_schedule()
        report = self.open_report(self.user)
        self.assertFalse(report.signature)
        with self.assertRaisesRegex(UserError, "not signed yet"):
            report.action_submit()

    def test_parts_of_a_second_report_are_compared_with_what_was_booked(self):
        belt = self.env["product.product"].create(
            {"name": "Belt", "type": "consu", "is_storable": True}
        )
        add = Command.create({"product_id": belt.id, "quantity": 2})
        report = self.open_report(self.user)
        self.answer(report, part_ids=[add]).action_submit()
        self.assertEqual(self.visit.repair_order_id.state, "done")
        task = self.visit.technician_task_id
        task.action_reopen()
        task.action_schedule()
        report = self.open_report(self.user)
        report.part_ids.quantity = 1
        self.answer(report).action_submit()
        activity = self.contract.activity_ids.filtered(
            lambda a: "Book the parts" in a.summary
        )
        self.assertIn("1 × Belt (2 booked before)", activity.note)
