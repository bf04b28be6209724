from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.fusion_tasks.exceptions import SlotTakenError

from ..common import RepairsCase

TABLES = (
    "fusion.technician.task",
    "repair.order",
    "sale.order",
    "fusion.repair.maintenance.visit",
    "calendar.event",
    "mail.mail",
)


@tagged("post_install", "-at_install", "fusion")
class TestBooking(RepairsCase):
    """A booking is whole or absent, and only an open slot can be booked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract()

    def count(self):
        return [self.env[name].sudo().search_count([]) for name in TABLES]

    def test_offers_are_short_and_carry_an_opaque_value(self):
        offers = self.contract._get_booking_slots()
        self.assertTrue(0 < len(offers) <= 12)
        self.assertEqual(offers, sorted(offers, key=lambda o: o.start))
        days = {offer.start.date() for offer in offers}
        self.assertGreaterEqual(len(days), 4)
        self.assertNotIn(str(offers[0].start), offers[0].value)

    def test_booking_makes_all_records_and_links_them(self):
        before = self.count()
        offer = self.contract._get_booking_slots()[0]
        visit = self.contract._book_slot(
            offer.value, source="client_portal", note="Ring <twice>"
        )
        self.assertEqual(self.count(), [n + 1 for n in before])
        task, repair, order = (
            visit.technician_task_id,
            visit.repair_order_id,
            visit.sale_order_id,
        )
        self.assertEqual(visit.state, "scheduled")
        self.assertEqual(visit.visit_date, offer.start)
        self.assertEqual(visit.technician_id.id, offer.technician_id)
        self.assertEqual(visit.cycle_due_date, self.contract.next_due_date)
        self.assertEqual(task.status, "scheduled")
        self.assertEqual(task.date_start, offer.start)
        self.assertEqual(task.travel_before, offer.travel_before)
        self.assertIn("Ring <twice>", task.description)
        self.assertEqual(repair.x_fc_intake_source, "client_portal")
        self.assertEqual(repair.x_fc_maintenance_contract_id, self.contract)
        self.assertEqual(repair.sale_order_id, order)
        self.assertIn("&lt;twice&gt;", repair.internal_notes)
        self.assertEqual(self.contract.booking_repair_id, repair)
        self.assertEqual(self.contract.current_visit_id, visit)
        self.assertTrue(self.contract.is_booked)

    def test_order_is_a_draft_of_the_flat_fee_with_its_tax(self):
        order = self.book(self.contract).sale_order_id
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.order_line.product_id, self.service)
        self.assertAlmostEqual(order.amount_untaxed, 179.0)
        price = self.contract._get_fee_breakdown()
        self.assertAlmostEqual(order.amount_total, price["total"])
        self.assertAlmostEqual(price["total"], 179.0 * 1.13, places=2)
        self.assertEqual(price["taxes"], [("HST 13%", 23.27)])

    def test_checklist_is_inherited_from_the_parent_category(self):
        visit = self.book(self.contract)
        self.assertEqual(
            visit.checklist_line_ids.mapped("name"),
            ["Rail clean", "Brake holds", "Battery voltage"],
        )

    def test_second_booking_returns_the_first(self):
        visit = self.book(self.contract)
        offer = self.make_contract()._get_booking_slots()[0]
        before = self.count()
        again = self.contract._book_slot(self.contract._sign_slot(offer))
        self.assertEqual(again, visit)
        self.assertEqual(self.count(), before)

    def test_visitor_is_never_author_nor_responsible(self):
        public = self.env.ref("base.public_user")
        offer = self.contract._get_booking_slots()[0]
        contract = self.contract.with_user(public).sudo()
        visit = contract._book_slot(offer.value, source="client_portal")
        for record in (
            visit,
            visit.technician_task_id,
            visit.repair_order_id,
            visit.sale_order_id,
        ):
            self.assertNotEqual(record.create_uid, public)
            for field in ("user_id", "technician_id"):
                if field in record._fields:
                    self.assertNotEqual(record[field], public, record)

    def test_failure_of_any_part_leaves_nothing(self):
        parts = (
            ("fusion.technician.task", "_create_booking"),
            ("repair.order", "create"),
            ("sale.order", "create"),
            ("fusion.repair.maintenance.visit", "create"),
            ("fusion.repair.maintenance.visit", "_send_confirmation"),
        )
        offer = self.contract._get_booking_slots()[0]
        for model, method in parts:
            before = self.count()
            failing = patch.object(
                self.registry[model], method, side_effect=UserError("fault")
            )
            with self.subTest(part=f"{model}.{method}"):
                with failing, self.assertRaisesRegex(UserError, "fault"):
                    self.contract._book_slot(offer.value)
                self.assertEqual(self.count(), before)
                self.assertFalse(self.contract.is_booked)
        self.assertTrue(self.contract._book_slot(offer.value))

    def test_slot_that_is_not_offered_is_refused(self):
        offer = self.contract._get_booking_slots()[0]
        now = fields.Datetime.now().replace(minute=0, second=0)
        for start in (
            offer.start + timedelta(minutes=7),
            now - timedelta(days=1),
            now + timedelta(days=300),
            offer.start.replace(hour=7),
        ):
            forged = self.contract._sign_slot(offer._replace(start=start))
            with self.subTest(start=start), self.assertRaises(SlotTakenError):
                self.contract._book_slot(forged)
        self.assertFalse(self.contract.visit_ids)

    def test_technician_without_the_skill_is_refused(self):
        offer = self.contract._get_booking_slots()[0]
        technicians = self.technician | self.technician_2
        technicians.x_fc_repair_skills = False
        self.assertFalse(self.contract._get_booking_slots())
        with self.assertRaises(SlotTakenError):
            self.contract._book_slot(offer.value)

    def test_skill_of_an_ancestor_counts(self):
        (self.technician | self.technician_2).x_fc_repair_skills = False
        self.technician_2.x_fc_repair_skills = self.family
        self.assertEqual(self.contract._get_bookable_technicians(), self.technician_2)

    def test_tampered_and_foreign_values_are_refused(self):
        offer = self.contract._get_booking_slots()[0]
        other = self.make_contract()
        technician, start, seal = offer.value.split(".")
        for value in (
            "",
            None,
            b"x",
            "x" * 5000,
            f"{technician}.{start}.{'0' * 64}",
            f"{self.technician_2.id + 1}.{start}.{seal}",
            f"{technician}.{int(start) + 1800}.{seal}",
            f"{technician}.{start}.{seal}\x00",
            f"{technician}.{start}.{seal[:-1]}é",
            other._sign_slot(offer),
        ):
            with self.subTest(value=value), self.assertRaises(SlotTakenError):
                self.contract._book_slot(value)

    def test_value_of_an_old_cycle_is_refused(self):
        offer = self.contract._get_booking_slots()[0]
        self.contract.next_due_date += timedelta(days=1)
        with self.assertRaises(SlotTakenError):
            self.contract._book_slot(offer.value)

    def test_slot_taken_meanwhile_is_refused(self):
        offer = self.contract._get_booking_slots()[0]
        other = self.make_contract()
        other._book_slot(other._sign_slot(offer))
        with self.refused_before_writing(SlotTakenError):
            self.contract._book_slot(offer.value)
        self.assertFalse(self.contract.is_booked)

    def test_contract_that_is_not_active_cannot_be_booked(self):
        offer = self.contract._get_booking_slots()[0]
        self.contract.action_pause()
        with self.assertRaises(UserError):
            self.contract._book_slot(offer.value)

    def test_confirmation_is_queued_with_a_calendar_file_and_no_chatter_link(self):
        last = self.env["mail.mail"].search([], order="id desc", limit=1).id or 0
        visit = self.book(self.contract)
        mail = self.env["mail.mail"].search([("id", ">", last)])
        self.assertEqual(mail.recipient_ids, self.client)
        self.assertEqual(mail.state, "outgoing")
        self.assertIn(self.contract.sudo().booking_token, mail.body_html)
        self.assertIn("Margaret", mail.body_html)
        self.assertFalse(mail.res_id)
        calendar = mail.attachment_ids.raw.decode()
        self.assertIn("BEGIN:VEVENT", calendar)
        self.assertIn(visit._get_ics_uid(), calendar.replace("\r\n ", ""))
        notes = visit.message_ids.mapped("body") + self.contract.message_ids.mapped(
            "body"
        )
        self.assertNotIn(self.contract.sudo().booking_token, str(notes))

    def test_office_books_from_the_dialog(self):
        contract = self.contract.with_user(self.dispatcher)
        action = contract.action_book_maintenance()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard = wizard.with_user(self.dispatcher)
        self.assertTrue(wizard.line_ids)
        wizard.note = "Second floor"
        wizard.line_ids[0].action_book()
        visit = self.contract.current_visit_id
        self.assertEqual(visit.repair_order_id.x_fc_intake_source, "office")
        self.assertEqual(visit.client_note, "Second floor")
        self.assertEqual(visit.create_uid, self.dispatcher)

    def test_dialog_says_why_there_is_no_slot(self):
        (self.technician | self.technician_2).x_fc_repair_skills = False
        contract = self.contract.with_user(self.dispatcher)
        action = contract.action_book_maintenance()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertIn("skill", wizard.all_unit_ids.note)
        self.assertFalse(wizard.line_ids)
