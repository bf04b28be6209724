from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from ..models.travel import fusion_travel_osrm
from .common import PLACES, utc
from .fake_web import FakeWebMixin, osrm_table
from .test_dispatch_board import TUESDAY, BoardCase


@tagged("post_install", "-at_install", "fusion")
class TestDispatchBoardOddDays(FakeWebMixin, BoardCase):
    """Far places, long work, nights and other companies on the board."""

    def plan(self, task, start, **options):
        start = fields.Datetime.to_string(utc(start))
        return self.board.plan(task.id, self.technician.id, start, **options)

    # Far away ---

    def test_put_far_away_knowingly_it_is_no_conflict(self):
        self.technician.x_fc_service_radius_km = 1
        task = self.make_task()
        step = self.plan(task, "2026-06-02 13:00")
        self.assertTrue(task.allow_far)
        self.Task.search([])._recheck_conflicts()
        self.assertFalse(task.conflict_reason)
        self.technician.x_fc_service_radius_km = 0.5
        self.env.cr.flush()
        self.assertFalse(task.conflict_reason)
        self.assertFalse(task.activity_ids)
        self.board.undo(step)
        self.assertFalse(task.allow_far)

    def test_far_for_another_technician_is_asked_anew(self):
        self.technician.x_fc_service_radius_km = 1
        self.colleague.x_fc_service_radius_km = 1
        task = self.make_task()
        self.plan(task, "2026-06-02 13:00")
        task.technician_id = self.colleague
        self.assertFalse(task.allow_far)
        self.assertEqual(task.conflict_reason, "radius")

    def test_inside_the_area_nothing_is_allowed_beforehand(self):
        self.technician.x_fc_service_radius_km = 100
        task = self.make_task()
        self.plan(task, "2026-06-02 13:00")
        self.assertFalse(task.allow_far)
        self.technician.x_fc_service_radius_km = 1
        self.env.cr.flush()
        self.assertEqual(task.conflict_reason, "radius")

    # Long ---

    def test_work_of_days_can_be_moved_and_taken_off(self):
        task = self.book("2026-06-02 09:00", duration=30.0)
        (answer,) = self.board.verdicts(task.id, self.technician.ids, TUESDAY, 1)
        self.assertEqual({start[2] for start in answer["starts"]}, {2})
        self.plan(task, "2026-06-03 09:00", allow_overlap=True)
        self.assertEqual(task.date_start, utc("2026-06-03 09:00"))
        self.assertEqual(task.duration, 30.0)
        step = self.board.unschedule(task.id)
        self.assertEqual(task.status, "pending")
        self.board.undo(step)
        self.assertEqual(task.date_start, utc("2026-06-03 09:00"))

    def test_nobody_drives_to_what_began_the_day_before(self):
        self.book("2026-06-01 22:00", duration=4.0)
        later = self.book("2026-06-02 11:00", address_id=self.places["east"].id)
        day = self.get_day()
        self.assertEqual([task["from"] for task in day["tasks"]], [0, 660])
        (drive,) = day["drives"]
        self.assertEqual(drive["to"], 660)
        stops = self.board.load_map(self.technician.id, TUESDAY)["stops"]
        self.assertEqual([bool(stop["drive"]) for stop in stops], [False, True])
        self.assertEqual(stops[1]["id"], later.id)

    # Other companies ---

    def test_map_of_a_technician_who_starts_at_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.technician.company_ids = [Command.link(other.id)]
        self.places["depot"].company_id = other
        self.env.invalidate_all()
        start = self.board.load_map(self.technician.id, TUESDAY)["start"]
        self.assertEqual(start["latitude"], PLACES["depot"][0])

    # Roads ---

    def test_only_the_drives_that_are_shown_are_asked_for(self):
        self.registry_enter_test_mode()
        fusion_travel_osrm._breakers.clear()
        self.env["fusion.travel.leg"]._forget_all()
        for name, value in (
            ("geocoder", False),
            ("travel_provider", "osrm"),
            ("osrm_url", self.start_fake_web(osrm_table(600)).url),
        ):
            self.env["ir.config_parameter"].set_param(f"fusion_tasks.{name}", value)
        for day in ("02", "03", "04"):
            self.book(f"2026-06-{day} 09:00")
            self.book(f"2026-06-{day} 11:00", address_id=self.places["east"].id)
        data = self.load("2026-06-01", 7)
        days = data["by_login"]["fc_tech"]["days"]
        minutes = [drive["minutes"] for day in days for drive in day["drives"]]
        self.assertEqual(minutes, [10] * 6, "by the roads")
        # From the depot to the client, and on to the east: not back, not across.
        self.assertEqual(self.env["fusion.travel.leg"].search_count([]), 2)
