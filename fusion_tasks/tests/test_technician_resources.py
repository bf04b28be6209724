from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from .common import FusionCase


@tagged("post_install", "-at_install", "fusion")
class TestTechnicianResources(FusionCase):
    """Of several planning resources one counts, and the same one everywhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Other"})
        for user in (cls.technician, cls.dispatcher, cls.env.user):
            user.company_ids = [Command.link(cls.other.id)]
        cls.mornings = cls.make_calendar(
            "Mornings", [(day, 8.0, 12.0) for day in range(5)], company_id=False
        )

    def add_resource(self, company, **vals):
        values = {
            "name": "Second",
            "user_id": self.technician.id,
            "company_id": company.id,
            "calendar_id": self.mornings.id,
            "tz": "America/Vancouver",
        }
        return self.env["resource.resource"].create({**values, **vals})

    def in_company(self, company):
        return self.technician.with_user(self.dispatcher).with_company(company)

    def get_engine_resource(self, company):
        availability = self.env["fusion.technician.availability"].with_company(company)
        person = availability._collect_technicians(self.technician.ids)
        return person[self.technician.id].resource_id

    def test_each_company_has_its_own(self):
        second = self.add_resource(self.other)
        first = self.technician.x_fc_resource_id
        for company, resource in ((self.company, first), (self.other, second)):
            technician = self.in_company(company)
            self.assertEqual(technician.sudo().x_fc_resource_id, resource)
            self.assertEqual(self.get_engine_resource(company), resource.id)
            self.assertEqual(technician._fc_get_tz(), resource.tz)
        second.calendar_id = False
        self.assertFalse(self.in_company(self.company)._fc_get_hours_problem())
        self.assertTrue(self.in_company(self.other)._fc_get_hours_problem())

    def test_board_and_engine_read_the_same_hours(self):
        self.add_resource(self.other)
        board = self.env["fusion.dispatch.board"].with_user(self.dispatcher)
        board = board.with_company(self.other)
        (row,) = board.load_board("2026-06-03", 1)["technicians"]
        self.assertEqual(row["tz"], "America/Vancouver")
        windows = [(span["from"], span["to"]) for span in row["days"][0]["windows"]]
        self.assertEqual(windows, [(8 * 60, 12 * 60)])
        tasks = self.Task.with_company(self.other)
        day = date(2026, 6, 3)
        slots = tasks._find_open_slots(self.technician, day, day, 1.0, 43.7, -79.4)
        self.assertEqual(slots[0].start.hour, 15, "8:00 in Vancouver")

    def test_board_shows_the_leave_that_counts(self):
        second = self.add_resource(self.other, tz="America/Toronto")
        leave = self.make_leave("2026-06-03 08:00", "2026-06-03 10:00", self.technician)
        leave.write({"resource_id": second.id, "company_id": self.other.id})
        leave.calendar_id = self.mornings
        board = self.env["fusion.dispatch.board"].with_user(self.dispatcher)
        for company, count in ((self.other, 1), (self.company, 0)):
            rows = board.with_company(company).load_board("2026-06-03", 1)[
                "technicians"
            ]
            row = next(row for row in rows if row["id"] == self.technician.id)
            self.assertEqual(len(row["days"][0]["off"]), count)

    def test_two_in_one_company_are_to_be_put_right(self):
        self.assertFalse(self.technician.x_fc_setup_note)
        second = self.add_resource(self.company)
        note = self.technician.x_fc_setup_note
        self.assertIn("several planning resources in Test Mobility", note)
        self.assertIn("Week", note)
        self.assertEqual(
            self.get_engine_resource(self.company), self.technician.x_fc_resource_id.id
        )
        second.active = False
        self.assertFalse(self.technician.x_fc_setup_note)
