from datetime import timedelta

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..certificates.certificate_case import CertificateCase


@tagged("post_install", "-at_install", "fusion")
class TestVisitDay(CertificateCase):
    """The day of a visit is the day it took place, not the day of its report."""

    def setUp(self):
        super().setUp()
        self.category.x_fc_maintenance_anchor = "service_date"
        self.contract = self.make_contract()
        self.contract.anchor = "service_date"
        self.visit = self.book(self.contract)
        self.task = self.visit.technician_task_id
        self.planned = self.visit.planned_day

    def days_after(self, days):
        return freeze_time(self.visit.visit_date + timedelta(days=days, minutes=1))

    def open_report(self, user=None):
        user = user or self.visit.technician_id
        action = self.visit.with_user(user).action_fill_in_report()
        report = self.env[action["res_model"]].browse(action["res_id"])
        return report.with_user(user)

    def report(self, user=None, **vals):
        report = self.open_report(user)
        for line in report.line_ids:
            line.write({"result": "pass", "reading": line.reading or "25"})
        self.sign(report, **vals)
        report.action_submit()

    def assert_day(self, day):
        self.assertEqual(self.visit.service_date, day)
        self.assertEqual(self.contract.last_service_date, day)
        self.assertEqual(self.contract.next_due_date, day + relativedelta(months=12))
        certificate = self.visit.inspection_certificate_id
        self.assertEqual(certificate.state, "issued")
        self.assertEqual(certificate.examined_on, day)
        self.assertEqual(certificate.expires_on, day + relativedelta(months=12))
        self.assertEqual(certificate.next_due_on, self.contract.next_due_date)

    # Reports that come later -------------------------------------------------------

    def test_a_report_of_a_later_day_is_about_the_planned_day(self):
        with self.days_after(4):
            self.report()
        self.assert_day(self.planned)

    def test_on_the_way_is_no_start(self):
        self.task.with_user(self.visit.technician_id).action_start_travel()
        with self.days_after(4):
            self.report()
        self.assert_day(self.planned)

    def test_the_technician_is_asked_and_has_the_last_word(self):
        with self.days_after(4):
            report = self.open_report()
            self.assertTrue(report.day_unclear)
            self.assertEqual(report.visit_day, self.planned)
            self.report(visit_day=self.planned + timedelta(days=1))
        self.assert_day(self.planned + timedelta(days=1))

    def test_nobody_is_asked_on_the_same_day_or_after_a_start(self):
        with self.days_after(0):
            self.assertFalse(self.open_report().day_unclear)
            self.task.with_user(self.visit.technician_id).action_start()
        with self.days_after(4):
            self.assertFalse(self.open_report().day_unclear)
            self.report()
        self.assert_day(self.planned)

    def test_a_start_on_another_day_than_planned_counts(self):
        with self.days_after(1):
            self.task.with_user(self.visit.technician_id).action_start()
        with self.days_after(4):
            self.report()
        self.assert_day(self.planned + timedelta(days=1))

    def test_a_report_before_the_planned_day_is_of_its_own_day(self):
        today = self.contract._get_today()
        self.report()
        self.assertGreater(self.planned, today)
        self.assertEqual(self.visit.service_date, today)

    def test_the_office_that_closes_a_visit_later_means_the_planned_day(self):
        with self.days_after(4):
            task = self.task.with_user(self.dispatcher)
            task.action_start()
            task.action_complete()
        self.assertEqual(self.visit.service_date, self.planned)

    def test_completed_without_a_start(self):
        with self.days_after(4):
            self.task.action_complete()
        self.assertEqual(self.visit.service_date, self.planned)

    def test_a_day_to_come_is_refused(self):
        with self.assertRaises(ValidationError):
            self.open_report().visit_day = fields.Date.today() + timedelta(days=9)

    # Corrections -------------------------------------------------------------------

    def correct(self, day, reason="Noted wrongly", user=None):
        user = user or self.dispatcher
        action = self.visit.with_user(user).action_correct_day()
        wizards = self.env[action["res_model"]].with_user(user)
        wizards.with_context(**action["context"]).create(
            {"day": day, "reason": reason}
        ).action_confirm()

    def make_documents(self):
        self.let_time_end_after(9)
        self.env["fusion.repair.maintenance.visit"]._cron_make_reports()

    def test_a_corrected_day_reaches_all_that_follows(self):
        self.report()
        self.make_documents()
        first = self.visit.inspection_certificate_id
        report = self.visit.sudo().report_hash
        self.assertTrue(report)
        day = self.visit.service_date - timedelta(days=5)
        self.correct(day)
        self.assert_day(day)
        revision = self.visit.inspection_certificate_id
        self.assertEqual(first.state, "superseded")
        self.assertEqual((revision.name, revision.revision), (first.name, 2))
        self.assertEqual(revision.revision_reason, "Noted wrongly")
        self.make_documents()
        self.assertNotIn(self.visit.sudo().report_hash, (False, report))
        said = self.visit.message_ids.mapped("body")
        self.assertTrue([body for body in said if "Noted wrongly" in body])

    def test_a_due_date_that_the_office_chose_stays(self):
        self.report()
        chosen = self.contract.next_due_date + timedelta(days=30)
        self.contract.next_due_date = chosen
        day = self.visit.service_date - timedelta(days=5)
        self.correct(day)
        self.assertEqual(self.contract.next_due_date, chosen)
        self.assertEqual(self.contract.last_service_date, day)

    def test_a_later_service_counts_on(self):
        self.report()
        later = self.visit.service_date
        self.contract.write({"last_service_date": later + timedelta(days=0)})
        first = self.visit
        self.visit = self.book(self.contract)
        with self.days_after(4):
            self.report()
        expected = self.contract.next_due_date
        self.visit = first
        self.correct(later - timedelta(days=3))
        self.assertEqual(self.contract.next_due_date, expected)
        self.assertGreater(self.contract.last_service_date, first.service_date)

    def test_what_cannot_be_corrected(self):
        with self.assertRaises(UserError):
            self.visit._correct_day(self.planned, "Not done yet")
        self.report()
        day = self.visit.service_date
        for other, reason in (
            (day, "The same"),
            (day - timedelta(days=1), "  "),
            (False, "No day"),
            (day + timedelta(days=9), "To come"),
        ):
            with self.subTest(reason=reason), self.assertRaises(UserError):
                self.visit._correct_day(other, reason)

    def test_the_office_alone_corrects(self):
        self.report()
        for user in (self.visit.technician_id, self.reader):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.visit.with_user(user).action_correct_day()
