from unittest.mock import patch

from odoo.tests import tagged

from ..common import RepairsCase


@tagged("post_install", "-at_install", "fusion")
class TestTravel(RepairsCase):
    """Maintained units are driven to; booking a visit waits for no server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract()

    def test_places_of_units_in_care_are_looked_up(self):
        place = self.contract.address_id
        place.write({"partner_latitude": 0, "partner_longitude": 0})
        for state, is_needed in (("active", True), ("cancelled", False)):
            self.contract.state = state
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertEqual(place.x_fc_needs_place, is_needed, state)

    def test_booking_asks_no_server_while_it_holds_locks(self):
        offer = self.contract._get_booking_slots()[0]
        asked = []
        travel = type(self.env["fusion.travel"])

        def note(model, legs):
            asked.append(model.env.context.get("fusion_travel_offline"))
            return {}

        with (
            patch.object(travel, "_get_provider", lambda _model: "noted"),
            patch.object(travel, "_get_legs_noted", note, create=True),
        ):
            self.contract._get_booking_slots()
            self.assertEqual(asked, [None])
            self.contract._book_slot(offer.value)
            self.assertTrue(asked[1:])
            self.assertTrue(all(asked[1:]))
            task = self.contract.current_visit_id.technician_task_id
            moved = self.contract._get_booking_slots()[-1]
            asked.clear()
            self.contract._move_booking(moved.value)
        self.assertEqual(task.date_start, moved.start)
        self.assertTrue(asked)
        self.assertTrue(all(asked))
