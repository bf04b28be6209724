from datetime import datetime, timedelta
from unittest.mock import patch

import pytz

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.fusion_tasks.exceptions import SlotTakenError

from .office_case import OfficeCase

REASON = "The technician agreed to stay"


@tagged("post_install", "-at_install", "fusion")
class TestOfficeOverride(OfficeCase):
    """A time that is not offered: the verdict, the reason, the database's last word."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract()
        day = cls.today + timedelta(days=7)
        cls.day = day + timedelta(days=(7 - day.weekday()) % 7)  # a Monday

    def at(self, hour, minute=0):
        """Return an hour of that Monday in Toronto as naive UTC."""
        local = datetime(self.day.year, self.day.month, self.day.day, hour, minute)
        zone = pytz.timezone("America/Toronto")
        return zone.localize(local).astimezone(pytz.utc).replace(tzinfo=None)

    def choose(self, start, contract=None, technician=None, **vals):
        """Return the dialog in which a time outside the list was chosen."""
        wizard = self.open_booking(contract or self.contract)
        wizard.write(
            {
                "other_time": True,
                "other_technician_id": (technician or self.technician).id,
                "other_start": start,
                **vals,
            }
        )
        return wizard

    def test_open_time_needs_no_reason(self):
        wizard = self.choose(self.at(10))
        self.assertTrue(wizard.other_is_open)
        self.assertRegex(wizard.other_verdict, "Monday.*10:00.*: open")
        wizard.action_book_other()
        visit = self.contract.current_visit_id
        self.assertEqual(visit.visit_date, self.at(10))
        self.assertGreater(visit.technician_task_id.travel_before, 0)
        self.assertFalse(visit.override_reason)

    def test_refused_time_says_why_and_needs_a_reason(self):
        wizard = self.choose(self.at(19))
        self.assertFalse(wizard.other_is_open)
        self.assertIn("working hours", wizard.other_verdict)
        for reason in (False, "", "   ", "ok"):
            wizard.other_reason = reason
            with self.subTest(reason=reason), self.assertRaises(UserError):
                wizard.action_book_other()
        self.assertFalse(self.contract.visit_ids)

    def test_verdict_is_live_in_the_form(self):
        wizard = self.open_booking(self.contract)
        with Form(wizard) as form:
            form.other_time = True
            form.other_technician_id = self.technician
            self.assertFalse(form.other_is_asked)
            form.other_start = self.at(19)
            self.assertIn("working hours", form.other_verdict)
            self.assertFalse(form.other_is_open)
            form.other_start = self.at(10)
            self.assertTrue(form.other_is_open)
        self.assertEqual(wizard.other_start, self.at(10))

    def test_override_is_kept_with_name_rule_and_reason(self):
        self.choose(self.at(19), other_reason=REASON).action_book_other()
        visit = self.contract.current_visit_id
        task = visit.technician_task_id
        self.assertEqual(task.date_start, self.at(19))
        self.assertEqual(visit.override_reason, REASON)
        self.assertIn("working hours", visit.override_refusal)
        for record in (visit, task):
            notes = self.get_notes(record)
            self.assertIn(REASON, notes)
            self.assertIn(self.dispatcher.name, notes)
        self.assertFalse(task.allow_overlap)
        self.assertEqual(task.conflict_reason, "hours")

    def test_another_task_there_is_refused_unless_the_overlap_is_ticked(self):
        self.choose(self.at(10)).action_book_other()
        other = self.make_contract_of("Ada Example")
        wizard = self.choose(self.at(10, 30), other, other_reason=REASON)
        self.assertTrue(wizard.other_overlaps)
        self.assertIn("another task", wizard.other_verdict)
        with self.refused_before_writing(SlotTakenError):
            wizard.action_book_other()
        self.assertFalse(other.is_booked)
        wizard.allow_overlap = True
        wizard.action_book_other()
        self.assertTrue(other.current_visit_id.technician_task_id.allow_overlap)

    def test_overlap_ticked_in_vain_is_not_set(self):
        wizard = self.choose(self.at(19), other_reason=REASON, allow_overlap=True)
        wizard.action_book_other()
        self.assertFalse(
            self.contract.current_visit_id.technician_task_id.allow_overlap
        )

    def test_too_little_drive_is_told_and_counted(self):
        self.choose(self.at(10)).action_book_other()
        far = self.make_contract_of("Ada Example")
        far.address_id.write({"partner_latitude": 43.9, "partner_longitude": -78.9})
        wizard = self.choose(self.at(11), far, other_reason=REASON)
        self.assertIn("Travel from the previous stop", wizard.other_verdict)
        self.assertFalse(wizard.other_overlaps)
        wizard.action_book_other()
        task = far.current_visit_id.technician_task_id
        self.assertGreater(task.travel_before, 30)
        self.assertFalse(task.allow_overlap)

    def test_missing_skill_is_a_verdict_too(self):
        self.technician_2.x_fc_repair_skills = False
        wizard = self.choose(self.at(10), technician=self.technician_2)
        self.assertIn("lacks the skill", wizard.other_verdict)
        with self.assertRaises(UserError):
            wizard.action_book_other()
        wizard.other_reason = REASON
        wizard.action_book_other()
        self.assertIn("skill", self.contract.current_visit_id.override_refusal)

    def test_past_and_people_who_are_no_technicians_stay_refused(self):
        past = self.choose(self.at(10) - timedelta(days=60), other_reason=REASON)
        with self.assertRaisesRegex(SlotTakenError, "past"):
            past.action_book_other()
        nobody = self.choose(self.at(10), technician=self.reader, other_reason=REASON)
        with self.assertRaisesRegex(SlotTakenError, "not a technician"):
            nobody.action_book_other()
        self.assertFalse(self.contract.visit_ids)

    def test_override_needs_the_dispatcher_right(self):
        for user in (self.reader, self.technician):
            contract = self.contract.with_user(user)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                contract._make_override(REASON)
            with self.assertRaises(AccessError):
                contract.sudo()._make_override(REASON)

    def test_override_cannot_be_made_in_json(self):
        contract = self.as_dispatcher(self.contract)
        for forged in (True, [REASON, True], {"reason": REASON}, (REASON, True)):
            with self.subTest(forged=forged), self.assertRaises(TypeError):
                contract._prepare_visit_request(override=forged)
            request = contract.with_context(
                fusion_override=forged, override=forged
            )._prepare_visit_request(technician=self.technician, start=self.at(19))
            with self.subTest(forged=forged), self.assertRaises(SlotTakenError):
                contract._book_visit(request)

    def test_failure_leaves_nothing_behind(self):
        wizard = self.choose(self.at(19), other_reason=REASON)
        tasks = self.env["fusion.technician.task"]
        before = tasks.search_count([])
        failing = patch.object(
            self.registry["fusion.repair.maintenance.visit"],
            "_note_override",
            side_effect=UserError("fault"),
        )
        with failing, self.assertRaisesRegex(UserError, "fault"):
            wizard.action_book_other()
        self.assertEqual(tasks.search_count([]), before)
        self.assertFalse(self.contract.is_booked)

    # Moving ----------------------------------------------------------------------

    def move(self, visit):
        """Return the dialog that moves a visit."""
        return self.get_wizard(self.as_dispatcher(visit).action_move())

    def test_moving_marks_the_booked_time_and_moves_all_units(self):
        second = self.make_contract()
        self.open_booking(self.contract | second).line_ids[2].action_book()
        visit = self.contract.current_visit_id
        wizard = self.move(visit)
        self.assertIn(visit.technician_id.name, wizard.booked_words)
        booked = wizard.line_ids.filtered("is_booked")
        self.assertEqual(booked.mapped("reason"), ["Booked now"])
        self.assertEqual(booked.date_start, visit.visit_date)
        line = (wizard.line_ids - booked)[0]
        line.action_book()
        visits = (self.contract | second).current_visit_id
        self.assertEqual(len(visits), 2)
        self.assertEqual(visits.mapped("visit_date"), [line.date_start] * 2)

    def test_office_moves_after_the_cut_off(self):
        visit = self.book(self.contract)
        self.company.x_fc_change_cutoff_hours = 24 * 365
        self.assertFalse(self.contract._is_change_allowed())
        wizard = self.move(visit)
        line = wizard.line_ids.filtered(lambda x: not x.is_booked)[0]
        line.action_book()
        self.assertEqual(visit.visit_date, line.date_start)

    def test_move_against_the_rules_and_back(self):
        visit = self.book(self.contract)
        wizard = self.move(visit)
        wizard.write(
            {
                "other_technician_id": self.technician.id,
                "other_start": self.at(19),
                "other_reason": REASON,
            }
        )
        wizard.action_book_other()
        self.assertEqual(visit.visit_date, self.at(19))
        self.assertEqual(visit.override_reason, REASON)
        self.move(visit).line_ids.filtered(lambda x: not x.is_booked)[0].action_book()
        self.assertFalse(visit.override_reason)
        self.assertFalse(visit.override_refusal)

    def test_visit_taken_off_the_day_is_planned_again(self):
        visit = self.book(self.contract)
        visit.technician_task_id.action_unschedule()
        wizard = self.move(visit)
        wizard.line_ids[0].action_book()
        self.assertEqual(visit.technician_task_id.status, "scheduled")

    def test_visit_under_way_stays(self):
        visit = self.book(self.contract)
        wizard = self.move(visit)
        visit.technician_task_id.action_start_travel()
        with self.assertRaises(UserError):
            wizard.line_ids[-1].action_book()
        with self.assertRaises(UserError):
            self.move(visit)

    def test_client_is_not_told_of_a_move_when_the_office_says_so(self):
        visit = self.book(self.contract)
        seen = []
        follow = self.registry[visit._name]._follow_plan

        def spy(records):
            seen.append(records._get_telling().tell_client)
            return follow(records)

        wizard = self.move(visit)
        wizard.tell_client = False
        with patch.object(self.registry[visit._name], "_follow_plan", spy):
            wizard.line_ids.filtered(lambda x: not x.is_booked)[0].action_book()
        self.assertTrue(seen)
        self.assertFalse(any(seen))
        self.assertIn("not notified", self.get_notes(visit))

    # Cancelling --------------------------------------------------------------------

    def test_cancelling_asks_for_a_reason_that_stays_on_the_visit(self):
        visit = self.book(self.contract)
        action = self.as_dispatcher(self.contract).action_cancel_visit()
        wizard = self.get_wizard(action)
        wizard.reason = "The technician is ill"
        wizard.action_confirm()
        self.assertEqual(visit.state, "cancelled")
        self.assertEqual(visit.cancel_reason, "The technician is ill")
        self.assertEqual(visit.technician_task_id.status, "cancelled")
        self.assertFalse(self.contract.is_booked)

    def test_cancelling_one_unit_leaves_the_others(self):
        second = self.make_contract()
        self.open_booking(self.contract | second).line_ids[0].action_book()
        visit = second.current_visit_id
        wizard = self.get_wizard(self.as_dispatcher(visit).action_ask_cancel())
        self.assertEqual(wizard.other_count, 1)
        wizard.write({"reason": "Sold it", "whole_visit": False, "tell_client": False})
        wizard.action_confirm()
        self.assertEqual(visit.state, "cancelled")
        self.assertTrue(self.contract.is_booked)
        self.assertIn("not notified", self.get_notes(visit))

    def test_cancelling_all_units(self):
        second = self.make_contract()
        self.open_booking(self.contract | second).line_ids[0].action_book()
        task = second.current_visit_id.technician_task_id
        wizard = self.get_wizard(self.as_dispatcher(second).action_cancel_visit())
        wizard.reason = "Moved away"
        wizard.action_confirm()
        self.assertFalse((self.contract | second).current_visit_id)
        self.assertEqual(task.status, "cancelled")
