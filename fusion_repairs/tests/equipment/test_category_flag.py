from odoo.tests import tagged

from ..enrolment.enrolment_case import EnrolmentCase


@tagged("post_install", "-at_install", "fusion")
class TestCategoryFlag(EnrolmentCase):
    """Ticking Maintained on a category reaches the products of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        categories = cls.env["fusion.repair.product.category"]
        cls.beds = categories.create({"name": "Test Beds"})
        cls.electric = categories.create({"name": "Electric", "parent_id": cls.beds.id})
        cls.bed = cls.make_product("Bed", cls.electric)

    @classmethod
    def make_product(cls, name, category, **vals):
        """Return a product of a category."""
        return cls.env["product.product"].create(
            {"name": name, "x_fc_repair_category_id": category.id, **vals}
        )

    def test_sold_units_are_enrolled_once_the_family_is_ticked(self):
        self.assertFalse(self.bed.x_fc_maintenance_enabled)
        self.beds.x_fc_maintenance_enabled = True
        self.assertTrue(self.bed.x_fc_maintenance_enabled)
        order = self.confirmed(1, product_id=self.bed.id)
        self.assertEqual(len(self.in_care(order)), 1)

    def test_unticked_family_lets_its_products_go(self):
        self.beds.x_fc_maintenance_enabled = True
        self.beds.x_fc_maintenance_enabled = False
        self.assertFalse(self.bed.x_fc_maintenance_enabled)

    def test_product_that_says_otherwise_stays(self):
        self.beds.x_fc_maintenance_enabled = True
        rail = self.make_product("Rail", self.beds, x_fc_maintenance_enabled=False)
        self.electric.x_fc_maintenance_enabled = True  # nothing new for the bed
        self.beds.x_fc_maintenance_enabled = False
        self.assertTrue(self.bed.x_fc_maintenance_enabled)  # its own category says so
        self.assertFalse(rail.x_fc_maintenance_enabled)

    def test_category_moved_below_another_is_looked_after_as_that(self):
        self.electric.parent_id = self.category
        self.assertTrue(self.bed.x_fc_maintenance_enabled)

    def test_archived_products_follow_too(self):
        self.bed.action_archive()
        self.beds.x_fc_maintenance_enabled = True
        self.assertTrue(self.bed.x_fc_maintenance_enabled)

    def test_reason_names_who_decides(self):
        self.assertIn("Test Beds", self.bed.x_fc_maintenance_policy_text)
        self.assertNotIn("itself says", self.bed.x_fc_maintenance_policy_text)
        self.beds.x_fc_maintenance_enabled = True
        self.assertIn("Every 12 months", self.bed.x_fc_maintenance_policy_text)
        self.bed.x_fc_maintenance_enabled = False
        self.assertIn("itself says", self.bed.x_fc_maintenance_policy_text)

    def test_manager_without_rights_on_products_can_tick(self):
        self.beds.with_user(self.manager).x_fc_maintenance_enabled = True
        self.assertTrue(self.bed.x_fc_maintenance_enabled)
