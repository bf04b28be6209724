import base64
import os
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.visit_report import fusion_repair_visit_photo as photo_model
from ...models.visit_report.fusion_repair_visit_photo import PhotoNotWanted
from ..common import SIGNATURE, RepairsCase, draw

SVG = base64.b64encode(
    b"<svg xmlns='http://www.w3.org/2000/svg' width='9'><path d='M0 0'/></svg>"
).decode()


@tagged("post_install", "-at_install", "fusion")
class TestVisitOutbox(RepairsCase):
    """Whatever a phone sends: what is good is kept, and nothing holds it up."""

    def setUp(self):
        super().setUp()
        self.visit = self.book(self.make_contract())
        self.user = self.visit.technician_id
        action = self.visit.with_user(self.user).action_fill_in_report()
        report = self.env[action["res_model"]].browse(action["res_id"])
        self.report = report.with_user(self.user)
        self.line = self.report.line_ids[0]
        self.check = self.line.checklist_line_id

    def entry(self, name, value, key="k", **options):
        return {
            "key": key,
            "name": name,
            "value": value,
            "age": 0,
            "clock": 1,
            **options,
        }

    # Entries -----------------------------------------------------------------------

    def test_no_entry_holds_up_another(self):
        check = {"check": self.check.id}
        bad = {
            "labour": self.entry("labour_minutes", 10**12),
            "labour as text": self.entry("labour_minutes", "many"),
            "labour as yes": self.entry("labour_minutes", True),
            "age": self.entry("findings", "x", age=10**400),
            "age as text": self.entry("findings", "x", age="old"),
            "age of no number": self.entry("findings", "x", age=float("nan")),
            "age without end": self.entry("findings", "x", age=float("inf")),
            "clock": self.entry("findings", "x", clock=10**400),
            "clock of no number": self.entry("findings", "x", clock=float("nan")),
            "no clock": {"key": "k", "name": "findings", "value": "x", "age": 0},
            "text": self.entry("findings", "x" * 30_000),
            "name": self.entry("signed_by", "x" * 3_000),
            "note": self.entry("note", "x" * 3_000, **check),
            "reading": self.entry("reading", "9" * 3_000, **check),
            "NUL": self.entry("findings", "a\x00b"),
            "half a character": self.entry("findings", "\ud800"),
            "answer": self.entry("result", "maybe", **check),
            "number as answer": self.entry("result", 7, **check),
            "check": self.entry("result", "pass", check=10**30),
            "check as list": self.entry("result", "pass", check=[1]),
            "known": self.entry("answer", "closed", known="x"),
            "known as list": self.entry("answer", "closed", known=[1]),
            "SVG": self.entry("signature", SVG),
            "own SVG": self.entry("technician_signature", SVG),
            "no picture": self.entry("signature", "AAAA"),
            "signature as yes": self.entry("signature", True),
            "shown": self.entry("signature", SIGNATURE.decode(), shown={"text": 1}),
            "state": self.entry("signature_state", "perhaps"),
        }
        for name, entry in bad.items():
            with self.subTest(entry=name):
                good = self.entry("parts_note", name, "good", clock=2)
                said = self.report.keep_entries([entry, good], "phone")
                self.assertIsInstance(said["k"], str)
                self.assertIs(said["good"], True)
                self.assertEqual(self.visit.parts_note, name)
        self.assertFalse(self.visit.labour_minutes or self.visit.findings_text)
        self.assertFalse(self.visit.signature or self.check.result)

    def test_entries_that_are_none_are_passed_over(self):
        good = self.entry("findings", "Oiled", "good")
        said = self.report.keep_entries([None, 7, {}, {"key": [1]}, good], "x" * 10**6)
        self.assertEqual(said, {"good": True})
        self.assertEqual(self.visit.findings_text, "Oiled")

    def test_a_day_of_labour_is_the_most(self):
        said = self.report.keep_entries([self.entry("labour_minutes", 1441)], "phone")
        self.assertIn("more than a day", said["k"])
        with self.assertRaisesRegex(UserError, "more than a day"):
            self.report.labour_minutes = 10**6

    def test_a_signature_is_drawn_in_pixels(self):
        for name in ("signature", "technician_signature"):
            with self.subTest(name=name), self.assertRaisesRegex(UserError, "pad"):
                self.report[name] = SVG

    # Photos ------------------------------------------------------------------------

    def path(self, photo):
        file = self.env["ir.attachment"].search(
            [
                ("res_model", "=", photo._name),
                ("res_field", "=", "image"),
                ("res_id", "=", photo.id),
            ]
        )
        return file._full_path(file.store_fname)

    def cut(self, photo):
        """Leave of the file what a full disk leaves."""
        path = self.path(photo)
        with open(path, "rb") as file:
            whole = file.read()
        os.chmod(path, 0o600)
        with open(path, "wb") as file:
            file.write(whole[: len(whole) // 2])
        self.env.invalidate_all()
        return whole

    def photos(self):
        return self.env["fusion.repair.visit.photo"]

    def test_a_photo_sent_again_after_a_full_disk_is_kept(self):
        data = draw((300, 200), "red")
        first = self.photos().browse(self.line.action_add_photo(data, "f1"))
        whole = self.cut(first)
        self.line.action_add_photo(data, "f1")
        with open(self.path(first), "rb") as file:
            self.assertEqual(file.read(), whole)
        self.assertEqual(len(self.visit.photo_ids), 1)

    def test_a_file_that_was_cut_off_is_not_in_the_way_of_the_same_photo(self):
        data = draw((300, 200), "green")
        first = self.photos().browse(self.line.action_add_photo(data, "f1"))
        path, whole = self.path(first), self.cut(first)
        first.unlink()  # what the database never heard of
        again = self.photos().browse(self.line.action_add_photo(data, "f1"))
        self.assertEqual(self.path(again), path)
        with open(path, "rb") as file:
            self.assertEqual(file.read(), whole)

    def test_another_file_of_the_same_name_is_not_touched(self):
        files = self.env["ir.attachment"]
        file = files.create({"name": "x", "raw": b"fusion test " * 100})
        path = file._full_path(file.store_fname)
        with patch.object(type(files), "_same_content", return_value=False):
            with self.assertRaisesRegex(UserError, "collides"):
                files._get_path(b"something longer " * 900, file.checksum)
        self.assertTrue(os.path.exists(path))

    def test_only_what_is_refused_for_good_is_not_wanted(self):
        """The phone deletes its copy of nothing else."""
        self.assertTrue(issubclass(PhotoNotWanted, UserError))
        for data in ("", "AAAA", SVG):
            with self.subTest(data=data[:4]), self.assertRaises(PhotoNotWanted):
                self.line.action_add_photo(data, "f1")
        self.visit._cancel("Client is ill")
        with self.assertRaises(UserError) as refusal:
            self.line.action_add_photo(draw(), "f1")
        self.assertNotIsInstance(refusal.exception, PhotoNotWanted)

    def test_webp_can_be_read_and_too_many_pixels_are_told(self):
        self.line.action_add_photo(draw((300, 200), kind="WEBP"), "f1")
        self.assertEqual(len(self.visit.photo_ids), 1)
        huge = draw((12_000, 9_000), None)
        with self.assertRaisesRegex(PhotoNotWanted, "60 megapixels"):
            self.line.action_add_photo(huge, "f2")
        with self.assertRaisesRegex(PhotoNotWanted, "60 megapixels"):
            self.line.action_add_photo(draw((15_000, 13_000), None), "f3")

    def test_a_visit_has_room_for_so_many_photos(self):
        with patch.object(photo_model, "MOST_PHOTOS", 2):
            for key in ("f1", "f2", "f2"):
                self.line.action_add_photo(draw(), key)
            with self.assertRaisesRegex(PhotoNotWanted, "2 photos already"):
                self.line.action_add_photo(draw(), "f3")
            self.line.action_remove_photo(self.visit.photo_ids[0].id)
            self.line.action_add_photo(draw(), "f3")

    def test_a_check_with_a_photo_stays_when_the_checklist_changes(self):
        self.line.action_add_photo(draw(), "f1")
        self.assertTrue(self.visit._has_answers())
