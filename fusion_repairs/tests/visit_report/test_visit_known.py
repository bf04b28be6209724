from odoo.exceptions import UserError
from odoo.tests import tagged

from ..certificates.certificate_case import CertificateCase

MINUTE = 60_000


@tagged("post_install", "-at_install", "fusion")
class TestVisitKnown(CertificateCase):
    """Who sends a report sees what was known, and says what happened to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract(x_fc_device_serial="SN-1")

    def setUp(self):
        super().setUp()
        self.found = self.report(self.book(self.contract), failed=["Brake holds"])
        self.danger = self.found.defect_ids
        self.visit = self.book(self.contract)
        self.user = self.visit.technician_id

    def open_report(self):
        action = self.visit.with_user(self.user).action_fill_in_report()
        report = self.env[action["res_model"]].browse(action["res_id"])
        return report.with_user(self.user)

    def pass_all(self, report):
        report.action_pass_open_lines()
        report.line_ids[1].result = "pass"
        report.line_ids[2].write({"result": "pass", "reading": "25"})
        return self.sign(report)

    def say(self, report, name, value, key=None, **options):
        entry = {
            "key": "k",
            "name": name,
            "value": value,
            "age": 0,
            "clock": 1,
            "check": False,
            "known": key or str(self.danger.id),
            **options,
        }
        return report.keep_entries([entry], options.pop("device", "phone"))["k"]

    def close(self, report, note="New brake shoe", key=None):
        self.assertIs(self.say(report, "answer", "closed", key), True)
        self.assertIs(self.say(report, "note", note, key), True)
        report.invalidate_recordset()

    # Seen ------------------------------------------------------------------------

    def test_report_says_who_found_it_and_when(self):
        report = self.open_report()
        self.assertTrue(report.unit_unsafe)
        (known,) = report.known
        self.assertEqual(known["name"], "Brake holds: seen")
        self.assertEqual(known["check"], self.visit.checklist_line_ids[1].id)
        self.assertTrue(known["danger"])
        self.assertIn(self.found.technician_id.name, known["found"])
        self.assertIn(str(self.found.service_date.year), known["found"])

    def test_one_tap_passes_no_check_with_a_known_defect(self):
        self.report(self.visit, failed=["Rail clean", "Brake holds"])
        self.visit = self.book(self.contract)
        self.user = self.visit.technician_id
        report = self.open_report()
        self.assertEqual(report.one_tap_count, 0)
        report.action_pass_open_lines()
        self.assertFalse(any(report.line_ids.mapped("result")))

    def test_one_tap_says_how_many_are_left(self):
        report = self.open_report()
        self.assertEqual(
            report.one_tap_text, "Pass the Rest (1); 2 left to answer by hand"
        )

    # Answered --------------------------------------------------------------------

    def test_a_pass_alone_releases_nothing(self):
        report = self.pass_all(self.open_report())
        with self.assertRaisesRegex(UserError, "Brake holds.*repaired or still there"):
            self.sign(report).action_submit()
        with self.assertRaisesRegex(UserError, "Brake holds.*repaired or still there"):
            self.visit.with_user(self.user)._submit_report()
        self.say(report, "answer", "closed")
        report.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "what was done"):
            self.sign(report).action_submit()
        self.assertTrue(self.contract.unsafe)
        self.assertEqual(self.danger.state, "open")

    def test_closed_with_a_word_on_what_was_done(self):
        repair = self.danger.repair_order_id
        report = self.pass_all(self.open_report())
        self.close(report)
        self.assertIn(
            "returns the unit to service and closes 1 defect.", report.summary
        )
        self.sign(report).action_submit()
        self.assertEqual((self.danger.state, self.visit.outcome), ("resolved", "pass"))
        self.assertEqual(self.danger.resolution, "New brake shoe")
        self.assertEqual(self.danger.resolved_by_id, self.user)
        self.assertTrue(self.danger.resolved_on)
        self.assertEqual(self.danger.resolved_visit_id, self.visit)
        self.assertFalse(self.contract.unsafe)
        self.assertTrue(self.visit.inspection_certificate_id)
        self.assertEqual(repair.state, "done")
        self.assertFalse(
            self.contract.activity_ids.filtered(lambda a: repair.name in a.summary)
        )

    def test_kept_open_although_the_check_passes(self):
        report = self.pass_all(self.open_report())
        self.say(report, "answer", "open")
        report.invalidate_recordset()
        self.assertEqual(report.outcome, "unsafe")
        self.assertIn("stays marked unsafe", report.summary)
        self.sign(report).action_submit()
        self.assertEqual((self.danger.state, self.visit.outcome), ("open", "unsafe"))
        self.assertTrue(self.contract.unsafe)
        self.assertFalse(self.visit.certificate_ids)
        self.assertNotIn(
            "known defects", str(self.contract.activity_ids.mapped("note"))
        )
        self.assertEqual(self.visit._get_defects_left(), self.danger)

    def test_what_failed_again_cannot_be_closed(self):
        report = self.pass_all(self.open_report())
        report.line_ids[1].write({"result": "fail", "note": "Slips"})
        self.close(report)
        with self.assertRaisesRegex(UserError, "cannot be closed"):
            self.sign(report).action_submit()

    def test_client_is_not_told_that_all_is_well(self):
        self.close_known(self.visit)
        self.report(self.visit, failed=["Rail clean"])
        last = self.book(self.contract)
        rail = self.visit.defect_ids
        self.close_known(last, note=False, answer="open")
        self.report(last)
        self.assertEqual((last.outcome, rail.state), ("pass_with_findings", "open"))
        certificate = last.inspection_certificate_id
        self.assertEqual(certificate.safe_to_operate, "conditions")
        self.assertEqual(certificate.defects[0]["name"], "Rail clean")

    def test_unsafe_without_an_open_defect_is_released_with_a_reason(self):
        repair = self.danger.repair_order_id
        repair.action_repair_start()
        repair.action_repair_end()
        self.assertTrue(self.contract.unsafe)
        report = self.pass_all(self.open_report())
        with self.assertRaisesRegex(UserError, "marked unsafe"):
            self.sign(report).action_submit()
        self.close(report, "Brake tested with full load", "unit")
        self.assertIn("Sending this returns the unit to service.", report.summary)
        self.sign(report).action_submit()
        self.assertFalse(self.contract.unsafe)
        self.assertIn("full load", self.contract.message_ids[0].body)

    def test_unsafe_without_an_open_defect_may_stay_out_of_use(self):
        self.danger.sudo()._resolve("Office")
        report = self.pass_all(self.open_report())
        self.say(report, "answer", "open", "unit")
        report.invalidate_recordset()
        self.sign(report).action_submit()
        self.assertEqual(self.visit.outcome, "unsafe")
        self.assertTrue(self.contract.unsafe)
        self.assertFalse(self.visit.certificate_ids)

    # Repairs ---------------------------------------------------------------------

    def test_repair_under_way_is_asked_about(self):
        repair = self.danger.repair_order_id
        repair.action_repair_start()
        self.close_known(self.visit)
        self.report(self.visit)
        self.assertEqual(repair.state, "under_repair")
        activity = self.contract.activity_ids.filtered(
            lambda a: a.summary == f"End or cancel the repair {repair.name}"
        )
        self.assertIn("New brake shoe", activity.note)
        self.assertIn("was begun", activity.note)
        repair.action_repair_cancel()
        self.assertFalse(activity.exists() and activity.active)

    def test_repair_of_what_is_still_there_goes_on(self):
        self.report(self.visit, failed=["Rail clean", "Brake holds"])
        both = self.visit.defect_ids
        both.repair_order_id = repair = both.repair_order_id[:1]
        last = self.book(self.contract)
        rail = both.filtered(lambda defect: defect.name == "Rail clean")
        known = [one.key for one in last._get_known()]
        self.close_known(last, keys=known)
        self.close_known(last, note=False, answer="open", keys=[str(rail.id)])
        self.report(last)
        self.assertEqual((both - rail).state, "resolved")
        self.assertEqual((rail.state, repair.state), ("open", "draft"))

    # In between ------------------------------------------------------------------

    def test_found_by_a_colleague_since_the_report_was_opened(self):
        report = self.pass_all(self.open_report())
        self.close(report)
        new = self.danger.copy({"name": "Rail bent", "line_id": False})
        report.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "Rail bent"):
            self.sign(report).action_submit()
        self.assertEqual(
            {known["key"]: bool(known["problem"]) for known in report.known},
            {str(self.danger.id): False, str(new.id): True},
        )
        self.close(report, "Straightened", str(new.id))
        self.sign(report).action_submit()
        self.assertEqual((new.state, new.resolution), ("resolved", "Straightened"))

    def test_settled_by_the_office_since_the_report_was_opened(self):
        report = self.pass_all(self.open_report())
        self.danger.with_user(self.dispatcher).action_resolve()
        self.contract.with_user(self.dispatcher)._release("Seen myself")
        report.invalidate_recordset()
        self.sign(report).action_submit()
        self.assertEqual(self.visit.outcome, "pass")
        self.assertFalse(self.visit.defect_answer_ids)
        self.assertEqual(self.danger.resolution, "Resolved by the office.")

    def test_answers_that_come_late_or_twice(self):
        report = self.open_report()
        self.say(report, "answer", "open", device="tablet")
        said = self.say(report, "answer", "closed", age=30 * MINUTE)
        self.assertIn("newer entry", said)
        self.assertIs(self.say(report, "answer", "open", age=30 * MINUTE), True)
        self.assertIn("cannot be read", self.say(report, "visit_id", 1))
        self.assertIn("no longer open", self.say(report, "answer", "open", "0"))
        self.assertEqual(self.visit.defect_answer_ids.answer, "open")
        self.assertEqual(len(self.visit.defect_answer_ids), 1)

    def test_reopened_visit_closed_nothing(self):
        self.close_known(self.visit)
        self.report(self.visit)
        self.assertFalse(self.contract.unsafe)
        certificate = self.visit.inspection_certificate_id
        self.visit.technician_task_id.action_reopen()
        self.visit.technician_task_id.action_schedule()
        self.assertEqual((self.danger.state, self.danger.resolution), ("open", False))
        self.assertTrue(self.contract.unsafe)
        self.assertEqual(certificate.state, "revoked")
        self.report(self.visit)
        self.assertEqual(self.danger.resolution, "New brake shoe")
        self.assertFalse(self.contract.unsafe)

    # Certificates ----------------------------------------------------------------

    def certified(self):
        """Return a visit with a certificate, and nothing known of its unit."""
        self.close_known(self.visit)
        self.report(self.visit)
        certificate = self.visit.inspection_certificate_id
        self.assertEqual(certificate.state, "issued")
        return self.visit

    def test_no_certificate_while_the_unit_is_marked_unsafe(self):
        visit = self.certified()
        certificate = visit.inspection_certificate_id
        self.assertFalse(visit._get_certificate_refusal())
        self.contract.unsafe = True
        self.assertIn("marked unsafe", visit._get_certificate_refusal())
        with self.assertRaisesRegex(UserError, "marked unsafe"):
            certificate.with_user(self.manager)._supersede("typo")

    def test_no_certificate_while_a_critical_defect_is_open(self):
        visit = self.certified()
        self.danger.copy(
            {
                "visit_id": visit.id,
                "line_id": visit.checklist_line_ids[1].id,
                "defect_class": "days_14",
                "date_found": visit.service_date.replace(year=2999),
            }
        )
        self.assertFalse(self.contract.unsafe)
        self.assertIn("known hazard", visit._get_certificate_refusal())

    def test_reopened_danger_ends_the_certificate(self):
        self.close_known(self.visit)
        self.report(self.visit)
        certificate = self.visit.inspection_certificate_id
        self.danger.with_user(self.dispatcher).action_reopen()
        self.assertTrue(self.contract.unsafe)
        self.assertEqual(certificate.state, "revoked")
