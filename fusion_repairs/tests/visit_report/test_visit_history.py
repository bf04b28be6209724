from ast import literal_eval

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common import RepairsCase, draw


@tagged("post_install", "-at_install", "fusion")
class TestVisitHistory(RepairsCase):
    """What a technician knows of the unit and the place before, and while, working."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract()

    def open_report(self, visit):
        user = visit.technician_id
        action = visit.with_user(user).action_fill_in_report()
        return self.env[action["res_model"]].with_user(user).browse(action["res_id"])

    def serve(self):
        """Report a visit with a photo, a reading and a failure."""
        visit = self.book(self.contract)
        report = self.open_report(visit)
        report.line_ids[0].write({"result": "fail", "note": "Rust"})
        report.line_ids[0].action_add_photo(draw((80, 60)), "f1")
        report.line_ids[1].result = "pass"
        report.line_ids[2].write({"result": "pass", "reading": "24.5"})
        report.findings = "Oiled the chain"
        self.sign(report).action_submit()
        return visit

    def test_former_visits_with_their_photos_are_seen(self):
        first = self.serve()
        report = self.open_report(self.book(self.contract))
        (former,) = report.former
        self.assertEqual(former["id"], first.id)
        self.assertIn(first.technician_id.name, former["text"])
        self.assertEqual(former["findings"], "Oiled the chain")
        self.assertEqual(former["failed"], ["Rail clean: Rust"])
        (photo,) = report.load_former_photos(first.id)
        self.assertEqual(photo["name"], "Rail clean")
        self.assertTrue(photo["data"])
        other = self.book(self.make_contract())
        self.assertEqual(report.load_former_photos(other.id), [])
        stranger = (self.technician | self.technician_2) - report.env.user
        with self.assertRaises(AccessError):
            report.with_user(stranger).load_former_photos(first.id)

    def test_last_reading_stands_beside_its_check(self):
        self.serve()
        report = self.open_report(self.book(self.contract))
        self.assertIn("24.5 V", report.line_ids[2].last_text)
        self.assertIn("Rust", report.line_ids[0].last_text)
        visit = self.book(self.make_contract())
        self.assertFalse(any(self.open_report(visit).line_ids.mapped("last_text")))

    def test_card_says_when_the_unit_was_visited_and_leads_to_it(self):
        self.serve()
        visit = self.book(self.contract)
        task = visit.technician_task_id
        day = self.env["fusion.my.day"].with_user(visit.technician_id)
        local = day._get_local(task.date_start)
        cards = day.load_day(str(local.date()))["visits"]
        card = next(card for card in cards if card["id"] == task.id)
        self.assertIn("Last visit: ", " ".join(card["details"]))
        opened = day.act(task.id, f"unit_{visit.id}")["action"]
        self.assertEqual(
            (opened["res_model"], opened["res_id"]), (visit._name, visit.id)
        )

    def test_access_notes_stay_with_the_place(self):
        visit = self.book(self.contract)
        self.open_report(visit).access_note = "Key box 4711"
        self.assertEqual(visit.address_id.x_fc_access_note, "Key box 4711")
        self.env.invalidate_all()
        again = self.open_report(visit)
        self.assertEqual(again.access_note, "Key box 4711")

    def test_access_notes_are_private(self):
        self.client.x_fc_access_note = "Key box 4711"
        plain = new_test_user(self.env, "fr_plain", groups="base.group_user")
        portal = new_test_user(self.env, "fr_portal", groups="base.group_portal")
        portal.partner_id = self.client
        for reader in (plain, portal):
            with self.subTest(reader=reader.login), self.assertRaises(AccessError):
                self.client.with_user(reader).read(["x_fc_access_note"])

    def test_one_clock_runs_for_a_technician(self):
        first, second = self.book(self.contract), self.book(self.make_contract())
        second.technician_task_id.write(
            {"technician_id": first.technician_id.id, "allow_overlap": True}
        )
        one, two = self.open_report(first), self.open_report(second)
        one.action_start_timer()
        first.timer_started_at = fields.Datetime.subtract(
            fields.Datetime.now(), minutes=30
        )
        two.action_start_timer()
        self.assertTrue(second.timer_started_at)
        self.assertFalse(first.timer_started_at)
        self.assertEqual(first.labour_minutes, 30)

    def test_parts_are_offered_and_no_units(self):
        part = self.env["product.product"].create({"name": "Belt", "type": "consu"})
        lines = self.env["fusion.repair.visit.report.wizard.part"]
        domain = literal_eval(lines._fields["product_id"].domain)
        found = self.env["product.product"].search(domain)
        self.assertIn(part, found)
        self.assertNotIn(self.product, found)

    def test_a_photo_of_what_failed_is_asked_for(self):
        report = self.open_report(self.book(self.contract))
        self.assertNotIn("A photo is still wanted", report.summary)
        report.line_ids[0].write({"result": "fail", "note": "Rust"})
        self.assertIn("A photo is still wanted: Rail clean", report.summary)
        report.line_ids[0].action_add_photo(draw(), "f1")
        self.env.invalidate_all()
        self.assertNotIn("A photo is still wanted", report.summary)

    def test_start_cannot_be_taken_back_once_a_report_is_begun(self):
        visit = self.book(self.contract)
        task = visit.technician_task_id
        day = self.env["fusion.my.day"].with_user(visit.technician_id)
        day.act(task.id, "start")
        report = self.open_report(visit)
        self.assertTrue(visit.timer_started_at)
        day.act(task.id, "undo_start")
        self.assertEqual((task.status, visit.state), ("scheduled", "scheduled"))
        self.assertFalse(visit.timer_started_at)
        day.act(task.id, "start")
        report.line_ids[0].result = "pass"
        with self.assertRaises(UserError):
            day.act(task.id, "undo_travel")
        self.assertNotIn("undo_start", str(day._prepare_card(task)["links"]))
