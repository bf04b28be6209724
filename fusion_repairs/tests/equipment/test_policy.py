from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import RepairsCase


@tagged("post_install", "-at_install", "fusion")
class TestPolicy(RepairsCase):
    """The product decides first, then its category, then the category's parents."""

    def get_policy(self, product=None):
        template = (product or self.product).product_tmpl_id
        return template._get_maintenance_policy(self.company)

    def test_category_decides(self):
        policy = self.get_policy()
        self.assertTrue(policy.enabled)
        self.assertEqual(policy.interval_months, 12)
        self.assertEqual(policy.fee, 179.0)
        self.assertEqual(policy.service, self.service)
        self.assertEqual(policy.sources["interval"], self.category)

    def test_product_wins_over_category(self):
        self.product.write(
            {"x_fc_maintenance_interval_months": 6, "x_fc_maintenance_fee": 99.0}
        )
        policy = self.get_policy()
        self.assertEqual((policy.interval_months, policy.fee), (6, 99.0))
        self.assertEqual(policy.sources["fee"], self.product.product_tmpl_id)

    def test_parent_fills_in(self):
        child = self.env["fusion.repair.product.category"].create(
            {"name": "Outdoor", "parent_id": self.category.id}
        )
        self.product.x_fc_repair_category_id = child
        policy = self.get_policy()
        self.assertTrue(policy.enabled)
        self.assertEqual(policy.fee, 179.0)
        self.assertEqual(policy.category, child)
        self.assertEqual(policy.service, self.service)

    def test_product_flag_keeps_accessories_out(self):
        self.product.x_fc_maintenance_enabled = False
        self.assertFalse(self.get_policy().enabled)

    def test_generic_service_is_the_last_resort(self):
        self.category.x_fc_maintenance_service_product_id = False
        generic = self.env.ref("fusion_repairs.product_maintenance_visit")
        self.assertEqual(self.get_policy().service, generic)

    def test_product_without_category_is_not_looked_after(self):
        product = self.env["product.product"].create({"name": "Rail"})
        self.assertFalse(product.x_fc_maintenance_enabled)
        self.assertFalse(self.get_policy(product).enabled)
        self.assertIn("not maintained", product.x_fc_maintenance_policy_text)

    @mute_logger("odoo.sql_db")
    def test_nonsense_is_refused_with_a_sentence(self):
        cases = (
            ("x_fc_maintenance_interval_months", 0, "at least one month"),
            ("x_fc_maintenance_interval_months", -3, "at least one month"),
            ("x_fc_maintenance_first_interval_months", -1, "cannot be negative"),
            ("x_fc_maintenance_fee", -0.01, "cannot be negative"),
            ("x_fc_maintenance_duration", 0, "time on site"),
        )
        for field, value, sentence in cases:
            with self.subTest(field=field, value=value):
                with self.assertRaises(IntegrityError) as caught, self.cr.savepoint():
                    self.category[field] = value
                    self.env.flush_all()
                message = self.category._sql_error_to_message(caught.exception)
                self.assertIn(sentence, message)
                self.category.invalidate_recordset()

    def test_category_cannot_be_its_own_ancestor(self):
        with self.assertRaises(UserError):
            self.family.parent_id = self.category

    def test_checklist_limits_must_make_sense(self):
        vals = {
            "name": "Volts",
            "has_minimum": True,
            "reading_min": 30,
            "has_maximum": True,
            "reading_max": 24,
        }
        with self.assertRaises(ValidationError):
            self.category.checklist_item_ids = [Command.create(vals)]

    def test_seeded_categories_are_complete(self):
        seeded = self.env["fusion.repair.product.category"].search(
            [("code", "!=", False), ("x_fc_maintenance_enabled", "=", True)]
        )
        self.assertGreaterEqual(len(seeded), 12)
        for category in seeded:
            with self.subTest(category=category.code):
                self.assertGreaterEqual(len(category._get_checklist_items()), 8)
                self.assertGreater(category.x_fc_maintenance_fee, 0)
                self.assertGreater(category.x_fc_maintenance_interval_months, 0)

    def test_bad_reminder_days_are_refused(self):
        for text in ("", "a", "7,7", "0", "-1", "30;7"):
            with self.subTest(text=text), self.assertRaises(ValidationError):
                self.company.x_fc_reminder_bands = text
