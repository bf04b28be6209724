import base64
import io

from PIL import Image

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common import SIGNATURE, RepairsCase, draw


@tagged("post_install", "-at_install", "fusion")
class TestVisitDraft(RepairsCase):
    """What is typed stays typed: on the visit, whatever becomes of the phone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract()

    def setUp(self):
        super().setUp()
        self.visit = self.book(self.contract)
        self.user = self.visit.technician_id

    def open_report(self, user=None):
        user = user or self.user
        action = self.visit.with_user(user).action_fill_in_report()
        return self.env[action["res_model"]].with_user(user).browse(action["res_id"])

    def complete(self, report):
        for line, reading in zip(report.line_ids, (None, None, "25"), strict=True):
            line.write({"result": "pass", "reading": reading})
        return self.sign(report)

    def test_report_goes_on_where_it_was_left(self):
        report = self.open_report()
        report.line_ids[0].result = "fail"
        report.line_ids[2].write({"reading": "24,x", "note": "meter?"})
        report.write({"findings": "Rail <dirty>\nand worn", "parts_note": "Belt"})
        report.unlink()
        self.env.invalidate_all()
        again = self.open_report()
        self.assertEqual(again.line_ids[0].result, "fail")
        self.assertEqual(again.line_ids[2].reading, "24,x")
        self.assertIn("clear number", again.line_ids[2].problem)
        self.assertEqual(again.line_ids[2].note, "meter?")
        self.assertEqual(again.findings, "Rail <dirty>\nand worn")
        self.assertIn("Rail &lt;dirty&gt;", self.visit.findings)
        self.assertEqual(again.parts_note, "Belt")

    def test_two_devices_lose_nothing_of_each_other(self):
        phone, tablet = self.open_report(), self.open_report()
        phone.line_ids[0].result = "pass"
        tablet.line_ids[1].result = "fail"
        phone.findings = "from the phone"
        tablet.parts_note = "from the tablet"
        tablet.line_ids[0].write({"note": "also"})
        self.env.invalidate_all()
        for report in (phone, tablet):
            self.assertEqual(report.line_ids.mapped("result"), ["pass", "fail", False])
            self.assertEqual(report.line_ids[0].note, "also")
            self.assertEqual(report.findings, "from the phone")
            self.assertEqual(report.parts_note, "from the tablet")

    def test_a_signature_is_not_overwritten_by_its_size(self):
        report = self.open_report()
        report.signature = SIGNATURE
        with Form(report.with_context(bin_size=True)) as form:
            form.findings = "More"
        self.env.invalidate_all()
        stored = self.visit.with_context(bin_size=False).signature
        picture = Image.open(io.BytesIO(base64.b64decode(stored)))
        self.assertEqual(picture.size, (60, 20))

    def test_draft_of_another_is_out_of_reach(self):
        other = (self.technician | self.technician_2) - self.user
        with self.assertRaises(AccessError):
            self.visit.with_user(other)._save_draft({"parts_note": "Mine now"})
        with self.assertRaises(AccessError):
            self.visit.with_user(self.user).write({"findings": "direct"})
        report = self.open_report()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            report.with_user(other).line_ids[0].result = "pass"

    def test_nothing_is_written_once_the_visit_is_over(self):
        report = self.complete(self.open_report())
        report.action_submit()
        for act in (
            lambda: report.write({"findings": "Later"}),
            lambda: report.line_ids[0].write({"result": "fail"}),
            lambda: report.line_ids[0].action_add_photo(draw()),
            lambda: report.write(
                {"part_ids": [(0, 0, {"product_id": self.product.id})]}
            ),
        ):
            with self.assertRaises(UserError):
                act()

    def test_report_on_a_cancelled_visit_is_refused(self):
        report = self.open_report()
        self.visit._cancel("Client is ill")
        with self.assertRaises(UserError):
            report.line_ids[0].result = "pass"
        with self.assertRaises(UserError):
            self.open_report()

    # Photos ------------------------------------------------------------------------

    def add(self, data):
        report = self.open_report()
        return report.line_ids[0].action_add_photo(data)

    def test_photo_is_made_small_and_freed_of_its_place(self):
        exif = Image.Exif()
        exif[0x0112] = 6  # the camera was held upright
        exif.get_ifd(0x8825)[2] = (43.0, 40.0, 12.0)
        data = draw((3000, 2000), kind="JPEG", exif=exif)
        self.assertIn(b"Exif", base64.b64decode(data))
        photo = self.env["fusion.repair.visit.photo"].browse(self.add(data))
        content = base64.b64decode(photo.image)
        picture = Image.open(io.BytesIO(content))
        self.assertEqual(picture.size, (1067, 1600), "upright, at most 1600")
        self.assertFalse(dict(picture.getexif()))
        self.assertNotIn(b"Exif", content)
        self.assertEqual(photo.visit_id, self.visit)
        self.assertTrue(photo.image_256)

    def test_what_is_no_photo_is_refused_in_words(self):
        thirty_megabytes = base64.b64encode(b"\xff\xd8" + b"0" * (30 * 1024 * 1024))
        for data, words in (
            (thirty_megabytes, "too large"),
            (base64.b64encode(b"%PDF-1.7 nothing"), "not a photo"),
            (base64.b64encode(b"<svg onload='alert(1)'/>"), "not a photo"),
            (b"", "not a photo"),
            ("§§§", "not a photo"),
        ):
            with self.subTest(words=words), self.assertRaisesRegex(UserError, words):
                self.add(data)
        self.assertFalse(self.visit.photo_ids)

    def test_photo_is_removed_by_its_own_report_only(self):
        photo_id = self.add(draw())
        mine = self.open_report()
        second = self.make_contract()
        self.visit = self.book(second)
        other = self.open_report(self.visit.technician_id)
        other.line_ids[0].action_remove_photo(photo_id)
        self.assertTrue(self.env["fusion.repair.visit.photo"].browse(photo_id).exists())
        mine.line_ids[0].action_remove_photo(photo_id)
        self.assertFalse(
            self.env["fusion.repair.visit.photo"].browse(photo_id).exists()
        )

    # Signatures --------------------------------------------------------------------

    def test_somebody_stands_for_the_report(self):
        for vals, words in (
            ({"signature": False}, "not signed yet"),
            ({"signature": draw(ink=None)}, "not signed yet"),
            ({"signed_by": "  "}, "name of who"),
            ({"signature_state": "refused"}, "why"),
            ({"signature_state": "not_present", "signature_reason": " "}, "why"),
            ({"technician_signature": False}, "yourself"),
        ):
            report = self.complete(self.open_report())
            report.write(vals)
            with (
                self.subTest(vals=list(vals)),
                self.assertRaisesRegex(UserError, words),
            ):
                report.action_submit()
        self.assertEqual(self.visit.state, "scheduled")

    def test_refusal_to_sign_is_on_record(self):
        report = self.complete(self.open_report())
        report.write(
            {
                "signature": False,
                "signature_state": "refused",
                "signature_reason": "Wants the price first",
            }
        )
        report.action_submit()
        self.assertEqual(self.visit.state, "done")
        self.assertEqual(self.visit.signature_state, "refused")
        self.assertEqual(self.visit.signature_reason, "Wants the price first")

    def test_technician_signs_once_and_is_proposed_again(self):
        self.complete(self.open_report()).action_submit()
        self.visit = self.book(self.contract)
        self.visit.technician_task_id.technician_id = self.user
        self.assertTrue(self.open_report().technician_signature)
        self.assertFalse(self.open_report().signature, "the client signs each time")

    # Labour ------------------------------------------------------------------------

    def test_the_clock_runs_from_the_start_of_the_work(self):
        task = self.visit.technician_task_id
        task.action_start()
        task.actual_start = fields.Datetime.subtract(task.actual_start, minutes=40)
        report = self.open_report()
        self.assertEqual(report.timer_started_at, task.actual_start)
        report.action_stop_timer()
        self.assertIn(report.labour_minutes, (40, 41))
        self.assertFalse(report.timer_started_at)
        report.labour_minutes = 55
        report.action_start_timer()
        self.complete(report).action_submit()
        self.assertIn(self.visit.labour_minutes, (55, 56))
        self.assertFalse(self.visit.timer_started_at)

    def test_a_forgotten_clock_counts_a_day_at_most(self):
        self.visit.timer_started_at = fields.Datetime.subtract(
            fields.Datetime.now(), days=9
        )
        self.open_report().action_stop_timer()
        self.assertEqual(self.visit.labour_minutes, 24 * 60)
        with self.assertRaises(UserError):
            self.open_report().labour_minutes = -1

    def test_sending_leads_back_to_the_day(self):
        action = self.complete(self.open_report()).action_submit()
        self.assertEqual(
            (action["tag"], action["target"]), ("fusion_tasks.my_day", "main")
        )
        self.visit = self.book(self.contract)
        action = self.complete(self.open_report(self.dispatcher)).action_submit()
        self.assertEqual(action["res_id"], self.visit.id)
