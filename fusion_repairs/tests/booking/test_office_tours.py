from datetime import date, timedelta

from odoo.tests import tagged

from odoo.addons.fusion_tasks.tests.common import FusionHttpCase


@tagged("post_install", "-at_install", "fusion")
class TestOfficeTours(FusionHttpCase):
    """The dispatcher books, overrides and cancels, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_field_service()
        category = cls.env["fusion.repair.product.category"].create(
            {"name": "Test Lift", "x_fc_maintenance_enabled": True}
        )
        cls.product = cls.env["product.product"].create(
            {"name": "Lift", "type": "consu", "x_fc_repair_category_id": category.id}
        )
        for technician in cls.technician | cls.colleague:
            technician.x_fc_repair_skills = category
        cls.other_client = cls.client.copy({"name": "Client Two"})
        cls.first, cls.second, cls.third = (
            cls.make_contract(client)
            for client in (cls.client, cls.client, cls.other_client)
        )

    @classmethod
    def make_contract(cls, client):
        """Return an active contract that is due in two weeks."""
        return cls.env["fusion.repair.maintenance.contract"].create(
            {
                "partner_id": client.id,
                "product_id": cls.product.id,
                "next_due_date": date.today() + timedelta(days=14),
                "state": "active",
            }
        )

    def test_office_books_three_units(self):
        self.start_tour(
            "/odoo/fusion-maintenance-contracts",
            "fusion_repairs_office_books",
            login="fc_dispatcher",
        )
        self.env.invalidate_all()
        visits = (self.first | self.second).current_visit_id
        self.assertEqual(len(visits), 2)
        self.assertEqual(len(visits.technician_task_id), 1)
        self.assertEqual(visits.mapped("client_note"), ["Ring twice"] * 2)
        self.assertTrue(self.third.is_booked)
        self.assertFalse(self.third.current_visit_id.client_note)

    def test_office_overrides_with_a_reason_and_cancels(self):
        url = f"/odoo/fusion-maintenance-contracts/{self.third.id}"
        self.start_tour(url, "fusion_repairs_office_overrides", login="fc_dispatcher")
        self.env.invalidate_all()
        visit = self.third.current_visit_id
        self.assertEqual(visit.override_reason, "The technician agreed to stay")
        self.assertTrue(visit.override_refusal)
        self.assertEqual(visit.technician_id, self.technician)
        self.start_tour(url, "fusion_repairs_office_cancels", login="fc_dispatcher")
        self.env.invalidate_all()
        self.assertEqual(visit.state, "cancelled")
        self.assertEqual(visit.cancel_reason, "The technician is ill")
