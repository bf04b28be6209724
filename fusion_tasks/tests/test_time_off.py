from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .common import NOW, FusionCase, utc


@tagged("post_install", "-at_install", "fusion")
class TestTimeOff(FusionCase):
    """A dispatcher without HR records that a technician is off."""

    def record(self, user=None, **vals):
        wizard = self.env["fusion.time.off.wizard"].with_user(user or self.dispatcher)
        with Form(wizard) as form:
            form.technician_id = self.technician
            for name, value in vals.items():
                setattr(form, name, value)
        return form.record

    def get_leaves(self):
        resource = self.technician.sudo().x_fc_resource_id
        leaves = self.env["resource.calendar.leaves"]
        return leaves.search([("resource_id", "=", resource.id)])

    def test_whole_days_are_off_by_the_technicians_clock(self):
        with freeze_time(NOW):
            wizard = self.record(
                date_from="2026-06-03", date_to="2026-06-04", reason="Sick"
            )
            wizard.action_record()
            leave = self.get_leaves()
            self.assertEqual(leave.name, "Sick")
            self.assertEqual(leave.date_from, utc("2026-06-03T00:00"))
            self.assertEqual(leave.date_to, utc("2026-06-04T23:59:59"))
            slots = self.Task._find_open_slots(
                self.technician,
                fields.Date.to_date("2026-06-02"),
                fields.Date.to_date("2026-06-05"),
                1.0,
                43.71,
                -79.41,
            )
            days = {slot.start.date().isoformat() for slot in slots}
            self.assertEqual(days, {"2026-06-02", "2026-06-05"})

    def test_only_some_hours_are_off(self):
        self.record(
            date_from="2026-06-03", is_part_of_day=True, hour_from=13, hour_to=15.5
        ).action_record()
        leave = self.get_leaves()
        self.assertEqual(leave.date_from, utc("2026-06-03T13:00"))
        self.assertEqual(leave.date_to, utc("2026-06-03T15:30"))

    def test_the_visits_it_hits_are_shown_before_and_open_after(self):
        with freeze_time(NOW):
            hit = self.make_task(
                technician_id=self.technician.id,
                date_start=utc("2026-06-03T10:00"),
                status="scheduled",
            )
            self.make_task(
                technician_id=self.technician.id,
                date_start=utc("2026-06-05T10:00"),
                status="scheduled",
            )
            wizard = self.record(date_from="2026-06-03", date_to="2026-06-04")
            self.assertEqual(wizard.task_ids, hit)
            action = wizard.action_record()
            self.assertEqual(self.Task.search(action["domain"]), hit)
            self.env.cr.precommit.run()
            self.assertTrue(hit.has_conflict)

    def test_what_cannot_be_is_refused_in_plain_words(self):
        for vals, words in (
            ({"date_from": "2026-06-03", "date_to": "2026-06-01"}, "before it begins"),
            (
                {"date_from": "2026-06-03", "is_part_of_day": True, "hour_from": 25},
                "between 0:00 and 24:00",
            ),
            (
                {"date_from": "2026-06-03", "is_part_of_day": True, "hour_to": 7},
                "before it begins",
            ),
        ):
            with self.subTest(vals), self.assertRaisesRegex(ValidationError, words):
                self.record(**vals)

    def test_only_technicians_and_only_by_dispatchers(self):
        wizard = self.env["fusion.time.off.wizard"].with_user(self.dispatcher)
        wizard = wizard.create(
            {"technician_id": self.reader.id, "date_from": "2026-06-03"}
        )
        with self.assertRaisesRegex(UserError, "not a technician"):
            wizard.action_record()
        for user in (self.reader, self.technician):
            with self.assertRaises(AccessError):
                wizard.with_user(user).action_record()

    def test_it_can_be_taken_back_but_not_by_everybody(self):
        self.record(date_from="2030-06-03").action_record()
        leave = self.get_leaves()
        with self.assertRaisesRegex(AccessError, "Only dispatchers"):
            leave.with_user(self.colleague).action_fc_remove()
        dialog = self.record()
        self.assertEqual(dialog.leave_ids.mapped("name"), ["Time Off"])
        dialog.leave_ids.action_fc_remove()
        self.assertFalse(leave.exists())

    def test_what_others_recorded_is_neither_read_nor_taken_back(self):
        self.make_leave("2030-06-03T08:00", "2030-06-03T12:00", self.technician)
        leave = self.get_leaves().with_user(self.dispatcher)
        self.assertFalse(leave.has_access("read"))
        with self.assertRaisesRegex(UserError, "not recorded by a dispatcher"):
            leave.action_fc_remove()

    def test_public_holidays_are_not_taken_back(self):
        holiday = self.env["resource.calendar.leaves"].create(
            {
                "name": "Canada Day",
                "company_id": self.company.id,
                "date_from": "2026-07-01 04:00:00",
                "date_to": "2026-07-02 03:59:59",
            }
        )
        with self.assertRaisesRegex(UserError, "not recorded by a dispatcher"):
            holiday.with_user(self.dispatcher).action_fc_remove()
