from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.fusion_tasks.exceptions import SlotTakenError

from ..common import RepairsCase


@tagged("post_install", "-at_install", "fusion")
class TestOtherTechnician(RepairsCase):
    """A client chooses a time: whoever is free then comes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract()

    def offer(self):
        """Return a time at which both technicians are free, of one of them."""
        both, days = self.technician | self.technician_2, timedelta(days=14)
        found = self.contract._find_slots(
            self.contract._prepare_visit_request(),
            both,
            self.today,
            self.today + days,
        )
        starts = [slot.start for slot in found]
        return next(slot for slot in found if starts.count(slot.start) == len(both))

    def make_neighbours(self, count):
        """Return units of other clients at other places."""
        return [
            self.make_contract(partner_id=self.client.copy({"name": f"N {n}"}).id)
            for n in range(count)
        ]

    def test_as_many_clients_win_a_time_as_technicians_are_free(self):
        units = [self.contract, *self.make_neighbours(2)]
        offer = self.offer()
        values = [unit._sign_slot(offer) for unit in units]
        first, second = (
            unit._book_slot(value, source="client_portal")
            for unit, value in zip(units[:2], values[:2], strict=True)
        )
        self.assertEqual(first.technician_id.id, offer.technician_id)
        self.assertEqual(
            first.technician_id | second.technician_id,
            self.technician | self.technician_2,
        )
        self.assertEqual(first.visit_date, second.visit_date)
        with self.assertRaisesRegex(SlotTakenError, "no longer open"):
            units[2]._book_slot(values[2], source="client_portal")
        self.assertFalse(units[2].visit_ids)

    def test_the_office_gets_the_technician_it_chose_or_nobody(self):
        (other,) = self.make_neighbours(1)
        offer = self.offer()
        value = other._sign_slot(offer)
        self.contract._book_slot(
            self.contract._sign_slot(offer), source="client_portal"
        )
        with self.assertRaisesRegex(SlotTakenError, "no longer open"):
            other._book_slot(value, source="office")
        self.assertFalse(other.visit_ids)

    def test_only_who_has_the_skill_comes_instead(self):
        (other,) = self.make_neighbours(1)
        offer = self.offer()
        value = other._sign_slot(offer)
        self.contract._book_slot(
            self.contract._sign_slot(offer), source="client_portal"
        )
        free = (self.technician | self.technician_2).filtered(
            lambda user: user.id != offer.technician_id
        )
        free.x_fc_repair_skills = False
        with self.assertRaisesRegex(SlotTakenError, "no longer open"):
            other._book_slot(value, source="client_portal")

    def test_a_client_who_moves_gets_whoever_is_free(self):
        (other,) = self.make_neighbours(1)
        visit = self.book(other)
        offer = self.offer()
        self.contract._book_slot(
            self.contract._sign_slot(offer), source="client_portal"
        )
        other._move_booking(other._sign_slot(offer))
        self.assertEqual(visit.visit_date, offer.start)
        self.assertNotEqual(visit.technician_id.id, offer.technician_id)

    def test_nobody_free_leaves_the_visit_where_it_was(self):
        second, third = self.make_neighbours(2)
        visit = self.book(third)
        start, offer = visit.visit_date, self.offer()
        for unit in (self.contract, second):
            unit._book_slot(unit._sign_slot(offer), source="client_portal")
        with self.assertRaisesRegex(SlotTakenError, "no longer open"):
            third._move_booking(third._sign_slot(offer))
        self.assertEqual(visit.visit_date, start)

    def test_a_visit_beside_another_stands_alone_after_a_move(self):
        visit = self.book(self.contract)
        task = visit.technician_task_id
        task.allow_overlap = True
        offers = self.contract._get_booking_slots()
        self.contract._move_booking(offers[-1].value)
        self.assertEqual(visit.visit_date, offers[-1].start)
        self.assertFalse(task.allow_overlap)
