from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import SIGNATURE, RepairsCase, draw

MINUTE = 60_000


@tagged("post_install", "-at_install", "fusion")
class TestVisitOffline(RepairsCase):
    """What a phone sends late, or twice, is kept once; what is newer stands."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract()
        cls.belt = cls.env["product.product"].create({"name": "Belt", "type": "consu"})

    def setUp(self):
        super().setUp()
        self.visit = self.book(self.contract)
        self.user = self.visit.technician_id
        self.report = self.open_report()
        self.checks = self.visit.checklist_line_ids

    def open_report(self):
        action = self.visit.with_user(self.user).action_fill_in_report()
        report = self.env[action["res_model"]].browse(action["res_id"])
        return report.with_user(self.user)

    def entry(self, name, value, *, age=0, clock=1000, check=None, key="k"):
        return {
            "key": key,
            "name": name,
            "value": value,
            "age": age,
            "clock": clock,
            "check": check.id if check else False,
        }

    def keep(self, name, value, device="phone", **options):
        entry = self.entry(name, value, **options)
        return self.report.keep_entries([entry], device)["k"]

    # Entries that come late --------------------------------------------------------

    def test_entries_of_every_kind_are_kept(self):
        brake, battery = self.checks[1], self.checks[2]
        said = self.report.keep_entries(
            [
                self.entry("result", "fail", check=brake, key="a"),
                self.entry("note", "Slips", check=brake, key="b"),
                self.entry("defect_class", "days_14", check=brake, key="c"),
                self.entry("reading", "24,5", check=battery, key="d"),
                self.entry("findings", "Oiled <all>", key="e"),
                self.entry("signature", SIGNATURE.decode(), key="f"),
                self.entry("signature_state", "signed", key="g"),
                self.entry("labour_minutes", 35, key="h"),
            ],
            "phone",
        )
        self.assertEqual(said, dict.fromkeys("abcdefgh", True))
        self.assertEqual((brake.result, brake.note), ("fail", "Slips"))
        self.assertEqual(brake.defect_class, "days_14")
        self.assertEqual((battery.reading, battery.reading_text), (24.5, "24,5"))
        self.assertEqual(self.visit.findings_text, "Oiled <all>")
        self.assertIn("&lt;all&gt;", self.visit.findings)
        self.assertTrue(self.visit.signature)
        self.assertEqual(self.visit.labour_minutes, 35)
        self.assertIn("Slips", self.report.summary)

    def test_what_another_device_entered_since_stands(self):
        check = self.checks[0]
        self.keep("result", "fail", device="tablet", check=check)
        self.keep("findings", "by the tablet", device="tablet")
        for name, value, options in (
            ("result", "pass", {"check": check}),
            ("findings", "by the phone", {}),
        ):
            with self.subTest(name=name):
                said = self.keep(name, value, age=30 * MINUTE, **options)
                self.assertIn("newer entry", said)
        self.assertEqual(check.result, "fail")
        self.assertEqual(self.visit.findings_text, "by the tablet")
        # Another part of the same answer is not older than anything.
        self.assertIs(self.keep("note", "Noisy", age=30 * MINUTE, check=check), True)

    def test_a_late_entry_replaces_what_is_older_still(self):
        check = self.checks[0]
        self.keep("result", "fail", device="tablet", age=60 * MINUTE, check=check)
        self.assertIs(self.keep("result", "pass", age=30 * MINUTE, check=check), True)
        self.assertEqual(check.result, "pass")
        self.assertIn(
            "newer",
            self.keep("result", "na", device="tablet", age=45 * MINUTE, check=check),
        )
        self.assertEqual(check.result, "pass")

    def test_what_was_tapped_in_the_open_report_counts_as_of_now(self):
        line = self.report.line_ids[0]
        line.result = "fail"
        said = self.keep("result", "pass", age=5 * MINUTE, check=self.checks[0])
        self.assertIn("newer", said)
        self.assertEqual(self.checks[0].result, "fail")

    def test_one_device_goes_by_its_own_clock(self):
        check = self.checks[0]
        self.keep("result", "fail", check=check, age=0, clock=5000)
        said = self.keep("result", "pass", check=check, age=9 * MINUTE, clock=5001)
        self.assertIs(said, True, "a slow line made the first look younger")
        said = self.keep("result", "fail", check=check, age=0, clock=5000)
        self.assertIn("newer", said, "the first, arriving once more")
        self.assertEqual(check.result, "pass")

    def test_the_same_value_is_no_quarrel(self):
        check = self.checks[0]
        self.keep("result", "pass", device="tablet", check=check)
        self.keep("signature", SIGNATURE.decode(), device="tablet")
        said = self.keep("result", "pass", age=MINUTE, check=check)
        self.assertIs(said, True)
        stored = self.visit.with_context(bin_size=False).signature.decode()
        self.assertIs(self.keep("signature", stored, age=MINUTE), True)

    def test_a_bad_entry_stops_no_other(self):
        other = self.book(self.make_contract()).checklist_line_ids[0]
        good = self.checks[0]
        said = self.report.keep_entries(
            [
                self.entry("result", "maybe", check=good, key="a"),
                self.entry("labour_minutes", -1, key="b"),
                self.entry("state", "done", key="c"),
                self.entry("visit_id", other.visit_id.id, check=good, key="d"),
                self.entry("result", "pass", check=other, key="e"),
                self.entry("findings", {"x": 1}, key="f"),
                {"key": "g"},
                self.entry("signature", "no picture", key="h"),
                self.entry("result", "pass", check=good, key="z"),
            ],
            "phone",
        )
        self.assertIs(said.pop("z"), True)
        self.assertEqual(good.result, "pass")
        self.assertEqual(set(said), set("abcdefgh"))
        for key, words in said.items():
            self.assertIsInstance(words, str, key)
        self.assertIn("negative", said["b"])
        self.assertFalse(other.result)
        self.assertEqual(self.visit.state, "scheduled")

    def test_only_who_may_report_keeps_entries(self):
        other = (self.technician | self.technician_2) - self.user
        entries = [self.entry("findings", "Mine now")]
        with self.assertRaises(AccessError):
            self.report.with_user(other).keep_entries(entries, "phone")
        self.assertFalse(self.visit.findings_text)
        self.visit._cancel("Client is ill")
        with self.assertRaisesRegex(UserError, "while the visit is open"):
            self.report.keep_entries(entries, "phone")

    # The same again ----------------------------------------------------------------

    def test_a_part_whose_answer_was_lost_is_one_part(self):
        command = Command.create(
            {"product_id": self.belt.id, "quantity": 2, "device_key": "p1"}
        )
        self.report.part_ids = [command]
        self.report.part_ids = [command]
        self.assertEqual(self.report.part_ids.quantity, 2.0)
        self.assertEqual(self.visit.part_ids.quantity, 2.0)
        more = {"product_id": self.belt.id, "quantity": 3, "device_key": "p1"}
        self.open_report().part_ids = [Command.create(more)]
        self.assertEqual(self.visit.part_ids.mapped("quantity"), [3.0])

    def test_two_parts_alike_are_two_parts(self):
        for _time in range(2):
            vals = {"product_id": self.belt.id, "quantity": 1}
            self.report.part_ids = [Command.create(vals)]
        self.assertEqual(self.visit.part_ids.mapped("quantity"), [1.0, 1.0])
        keys = self.report.part_ids.mapped("device_key")
        self.assertEqual(len(set(keys)), 2)

    def test_a_photo_whose_answer_was_lost_is_one_photo(self):
        line = self.report.line_ids[0]
        first = line.action_add_photo(draw(), "f1")
        again = self.open_report().line_ids[0].action_add_photo(draw(), "f1")
        self.assertEqual(first, again)
        line.action_add_photo(draw(), "f2")
        line.action_add_photo(draw())
        line.action_add_photo(draw())
        self.assertEqual(len(self.visit.photo_ids), 4)

    def test_sending_again_is_not_a_second_report(self):
        for line, reading in zip(self.report.line_ids, (None, None, "25"), strict=True):
            line.write({"result": "pass", "reading": reading})
        first = self.sign(self.report).action_submit()
        due, reported = self.contract.next_due_date, self.visit.reported_at
        with self.assertNoLogs("odoo.addons.fusion_repairs", "WARNING"):
            again = self.report.action_submit()
        self.assertEqual(first, again)
        self.assertEqual((self.visit.state, self.visit.reported_at), ("done", reported))
        self.assertEqual(self.contract.next_due_date, due)
        with self.assertRaisesRegex(UserError, "while the visit is open"):
            self.open_report()

    # A report that stays open ------------------------------------------------------

    def test_a_report_stays_open_over_a_weekend(self):
        line = self.report.line_ids[0]
        self.report.part_ids = [Command.create({"product_id": self.belt.id})]
        rows = (self.report, self.report.line_ids, self.report.part_ids)
        for hours, left in ((2, True), (70, True), (73, False)):
            written = fields.Datetime.now() - timedelta(hours=hours)
            for records in rows:
                self.env.flush_all()
                self.env.cr.execute(
                    f"UPDATE {records._table} SET write_date = %s WHERE id IN %s",
                    (written, tuple(records.ids)),
                )
            self.env.invalidate_all()
            for records in rows:
                records.env[records._name]._transient_vacuum()
            with self.subTest(hours=hours):
                self.assertEqual(bool(self.report.exists()), left)
                self.assertEqual(bool(line.exists()), left)
        self.assertTrue(self.visit.part_ids, "the draft itself stays")
