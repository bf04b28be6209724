from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import RepairsCase


@tagged("post_install", "-at_install", "fusion")
class TestVisitLateReport(RepairsCase):
    """A task completed without a report rolls; its report comes later and does not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract()

    def setUp(self):
        super().setUp()
        self.visit = self.book(self.contract)
        self.visit.technician_task_id.action_complete()

    def report(self, user, brake="pass"):
        action = self.visit.with_user(user).action_fill_in_report()
        report = self.env[action["res_model"]].with_user(user).browse(action["res_id"])
        answers = (("pass", None), (brake, None), ("pass", "25"))
        for line, (result, reading) in zip(report.line_ids, answers, strict=True):
            line.write({"result": result, "reading": reading})
        self.sign(report).action_submit()

    def asked(self):
        summaries = self.contract.activity_ids.mapped("summary")
        return [text for text in summaries if self.visit.name in text]

    def test_visit_says_that_its_report_is_missing(self):
        self.assertTrue(self.visit.report_missing)
        self.assertFalse(self.visit.outcome)
        self.assertEqual(len(self.asked()), 1)
        self.assertIn(self.visit.technician_id.name, self.asked()[0])

    def test_late_report_does_not_roll_again(self):
        due, token = self.contract.next_due_date, self.contract.sudo().booking_token
        service_date = self.visit.service_date
        self.report(self.visit.technician_id)
        self.assertFalse(self.visit.report_missing)
        self.assertEqual(self.visit.outcome, "pass")
        self.assertEqual(self.contract.next_due_date, due)
        self.assertEqual(self.contract.sudo().booking_token, token)
        self.assertEqual(self.visit.service_date, service_date)
        self.assertFalse(self.asked(), "nobody has to ask any more")
        with self.assertRaises(UserError):
            self.report(self.visit.technician_id)

    def test_dispatcher_may_fill_it_in_and_danger_counts(self):
        self.report(self.dispatcher, brake="fail")
        self.assertEqual(self.visit.outcome, "unsafe")
        self.assertTrue(self.contract.unsafe)
        self.assertEqual(self.visit.defect_ids.date_due, self.visit.service_date)

    def test_nobody_else_may(self):
        others = self.technician | self.technician_2 | self.reader
        for user in others - self.visit.technician_id:
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.visit.with_user(user).action_fill_in_report()

    def test_late_report_about_a_former_state_says_nothing_new(self):
        first = self.visit
        self.visit = self.book(self.contract)
        self.visit.service_date = False
        self.report(self.visit.technician_id)
        self.visit.service_date = first.service_date.replace(
            year=first.service_date.year + 1
        )
        self.visit = first
        self.report(self.dispatcher, brake="fail")
        self.assertEqual(first.outcome, "unsafe")
        self.assertFalse(self.contract.unsafe, "a later visit found it in order")

    def test_unit_sold_to_somebody_else_meanwhile(self):
        """The report is about the visit; the new owner's cycle stays as it is."""
        buyer = self.env["res.partner"].create({"name": "Buyer"})
        self.contract.partner_id = buyer
        due = self.contract.next_due_date
        self.report(self.dispatcher)
        self.assertEqual(self.visit.partner_id, self.client)
        self.assertEqual(self.contract.next_due_date, due)

    def test_reopened_and_reported_again_rolls_once(self):
        due = self.contract.next_due_date
        task = self.visit.technician_task_id
        task.action_reopen()
        task.action_schedule()
        self.report(self.visit.technician_id)
        self.assertEqual(self.visit.state, "done")
        self.assertEqual(self.contract.next_due_date, due)

    def test_client_without_a_name(self):
        nameless = self.env["res.partner"].create(
            {"type": "delivery", "parent_id": self.client.id}
        )
        self.visit.partner_id = nameless
        self.report(self.visit.technician_id)
        self.assertEqual(self.visit.outcome, "pass")
