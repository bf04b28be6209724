from odoo.tests import tagged

from odoo.addons.fusion_tasks.tests.view_reading import read_form

from ..booking.office_case import OfficeCase


@tagged("post_install", "-at_install", "fusion")
class TestOfficeDocuments(OfficeCase):
    """What a visit made opens for the office, and what a button makes as well."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract()
        cls.visit = cls.book(cls, cls.contract)
        cls.task = cls.visit.technician_task_id
        cls.order = cls.visit.sale_order_id

    def finish(self):
        """Let the visit take place."""
        self.task.action_start()
        self.task.action_complete()

    def test_every_document_of_a_visit_opens(self):
        self.finish()
        documents = (
            *(self.contract, self.visit, self.task, self.order),
            *(self.visit.repair_order_id, self.client, self.product),
            self.task.calendar_event_id,
        )
        for user in (self.dispatcher, self.manager):
            for document in documents:
                with self.subTest(user=user.login, document=document._name):
                    self.env.invalidate_all()
                    values = read_form(document.with_user(user))
                    self.assertEqual(values["id"], document.id)

    def test_the_invoice_opens_for_whoever_may_make_it(self):
        self.finish()
        self.assertEqual(self.order.invoice_status, "to invoice")
        form = self.order.with_user(self.dispatcher).get_view(view_type="form")
        self.assertIn('id="create_invoice"', form["arch"])
        wizards = self.env["sale.advance.payment.inv"].with_user(self.dispatcher)
        action = (
            wizards.with_context(
                active_model="sale.order",
                active_id=self.order.id,
                active_ids=self.order.ids,
            )
            .create({})
            .create_invoices()
        )
        invoice = self.env["account.move"].browse(action["res_id"])
        self.assertEqual(invoice.amount_untaxed, self.visit.x_fc_fee)
        self.env.flush_all()
        self.env.invalidate_all()
        (view_id,) = [number for number, kind in action["views"] if kind == "form"]
        values = read_form(invoice.with_user(self.dispatcher), view_id)
        self.assertEqual(values["payment_count"], 0)
