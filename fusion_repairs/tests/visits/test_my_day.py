from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import RepairsCase


@tagged("post_install", "-at_install", "fusion")
class TestMyDay(RepairsCase):
    """A maintenance visit on the technician's phone ends with its report."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract(x_fc_device_serial="SN-7")

    def setUp(self):
        super().setUp()
        self.visit = self.book(self.contract, note="Ring twice, please")
        self.task = self.visit.technician_task_id
        self.technician = self.task.technician_id
        self.day = self.env["fusion.my.day"].with_user(self.technician)
        self.env.flush_all()
        self.env.invalidate_all()

    def card(self):
        start = self.day._get_local(self.task.date_start)
        visits = self.day.load_day(str(start.date()))["visits"]
        return next(card for card in visits if card["id"] == self.task.id)

    def names(self):
        return [button["name"] for button in self.card()["actions"]]

    def test_card_names_the_unit_and_what_the_client_wrote(self):
        card = self.card()
        self.assertEqual(card["details"], ["Stair Lift, serial SN-7"])
        self.assertIn("Ring twice, please", card["notes"])
        self.assertEqual(self.names(), ["start_travel", "start", "no_show"])

    def test_report_takes_the_place_of_done(self):
        self.day.act(self.task.id, "start")
        report = f"report_{self.visit.id}"
        self.assertEqual(self.names(), [report, "no_show"])
        button = self.card()["actions"][0]
        self.assertEqual(button["label"], "Fill in report")
        self.assertTrue(button["primary"])
        opened = self.day.act(self.task.id, report)["action"]
        self.assertEqual(opened["res_model"], "fusion.repair.visit.report.wizard")
        self.assertEqual(opened["views"], [(False, "form")])
        wizard = self.env[opened["res_model"]].with_user(self.technician)
        self.assertEqual(wizard.browse(opened["res_id"]).visit_id, self.visit)
        with self.assertRaises(UserError):
            self.day.act(self.task.id, "complete")
        self.assertEqual(self.task.status, "in_progress")

    def test_several_units_have_a_report_each(self):
        second = self.make_contract(x_fc_device_serial="SN-8")
        other = self.book(second)
        self.task.x_fc_maintenance_visit_ids = [Command.link(other.id)]
        self.task.with_user(self.technician).action_start()
        labels = [button["label"] for button in self.card()["actions"]]
        self.assertEqual(
            labels,
            ["Fill in report: Stair Lift"] * 2 + ["No-show"],
        )

    def test_reported_visit_has_no_buttons_left(self):
        self.day.act(self.task.id, "start")
        opened = self.day.act(self.task.id, f"report_{self.visit.id}")["action"]
        wizard = self.env[opened["res_model"]].with_user(self.technician)
        report = wizard.browse(opened["res_id"])
        report.line_ids.result = "pass"
        report.line_ids.filtered("reading_unit").reading = "25"
        self.sign(report).action_submit()
        self.assertEqual(self.card()["status"], "completed")
        self.assertEqual(self.names(), [])

    def test_nobody_home_frees_the_unit_for_another_booking(self):
        self.day.act(self.task.id, "start_travel")
        self.day.act(self.task.id, "no_show")
        self.assertEqual(self.visit.state, "no_show")

    def test_card_warns_of_what_is_known_of_the_unit(self):
        self.assertEqual(self.card()["warnings"], [])
        found = self.visit
        for line in found.checklist_line_ids:
            line.result = "pass"
        found.checklist_line_ids[1].write({"result": "fail", "note": "Slips"})
        found.checklist_line_ids[2].write(
            found.checklist_line_ids._prepare_reading("25")
        )
        found.with_user(self.technician)._submit_report()
        visit = self.book(self.contract)
        self.task = visit.technician_task_id
        # Somebody else drives there: what a colleague found is known to them, too.
        other = self.technician_2 if self.technician != self.technician_2 else None
        self.task.technician_id = other or self.make_technician("technician", "third")
        self.day = self.env["fusion.my.day"].with_user(self.task.technician_id)
        self.env.flush_all()
        self.env.invalidate_all()
        (warning,) = self.card()["warnings"]
        self.assertEqual(warning["title"], "Unsafe: this unit must not be used")
        self.assertTrue(warning["is_danger"])
        (line,) = warning["lines"]
        self.assertIn("Brake holds: Slips (Stop Using It Now). Found by", line)
        self.assertIn(str(found.service_date.year), line)
        self.assertIn(self.technician.name, line)
