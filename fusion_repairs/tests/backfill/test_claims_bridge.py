from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...recurrence.device_types import find_device_rule
from ..common import RepairsCase

MENU = "fusion_repairs.fusion_repair_device_type_menu"


@tagged("post_install", "-at_install", "fusion")
class TestDeviceTypes(RepairsCase):
    """What device types mean; the rows are there with or without the claims addon."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.types = cls.env["fusion.repair.device.type"]

    def find(self, device_type, company=None):
        """Return the rule of a device type."""
        company = company or self.company
        return find_device_rule(device_type, self.types._get_rules(), company.id)

    def make(self, name, **vals):
        """Return a new row."""
        vals = {"meaning": "unit", "category_id": self.category.id, **vals}
        if vals["meaning"] != "unit":
            vals["category_id"] = False
        return self.types.create({"name": name, **vals})

    def test_families_are_seeded(self):
        for device_type, code in (
            ("Adult Manual Standard Wheelchairs, Type 1", "wheelchair_manual"),
            ("Manual Dynamic Tilt Wheelchair Type 5", "wheelchair_manual"),
            ("Adult Power Base, Type 2", "wheelchair_power"),
            ("Power wheelchair (paediatric)", "wheelchair_power"),
            ("POWER SCOOTERS", "scooter"),
            ("Wheeled Walker Type 3", "rollator"),
            ("Rollator with seat", "rollator"),
            ("Paediatric Walking Frame", "rollator"),
        ):
            with self.subTest(device_type=device_type):
                rule = self.find(device_type)
                category = self.env.ref(f"fusion_repairs.category_{code}")
                self.assertEqual(
                    (rule.meaning, rule.category_id), ("unit", category.id)
                )

    def test_parts_and_seating_map_to_nothing(self):
        for device_type in (
            "Wheelchair Cushion",
            "Seating for power bases",
            "Back Supports",
            "Positioning Belt",
            "Scooter batteries",
            "Walker accessories",
            "Forearm Crutches",
        ):
            with self.subTest(device_type=device_type):
                rule = self.find(device_type)
                self.assertEqual((rule.meaning, rule.category_id), ("part", None))

    def test_what_nobody_can_guess_is_left_to_the_office(self):
        self.assertEqual(self.find("Power Add-on for wheelchair").meaning, "undecided")
        self.assertFalse(self.find("Insulin pump"))

    def test_row_of_its_own_overrules_the_family_and_archiving_takes_it_back(self):
        row = self.make("rollator, WITH seats")
        self.assertEqual(self.find("Rollator with Seat").category_id, self.category.id)
        row.active = False
        self.assertNotEqual(
            self.find("Rollator with Seat").category_id, self.category.id
        )

    def test_row_higher_up_decides(self):
        lower = self.make("Hoist", match="words")
        self.make("Ceiling Hoist", match="words", meaning="part")
        self.assertEqual(self.find("Ceiling Hoist XL").meaning, "unit")
        lower.sequence = 60
        self.assertEqual(self.find("Ceiling Hoist XL").meaning, "part")

    def test_row_of_a_company_binds_this_company(self):
        other = self.env["res.company"].create({"name": "Other dealer"})
        self.make("Walker", match="words", meaning="part", company_id=other.id)
        self.assertEqual(self.find("Walker Type 1", other).meaning, "part")
        self.assertEqual(self.find("Walker Type 1").meaning, "unit")

    def test_shared_row_cannot_name_the_category_of_a_company(self):
        category = self.category.copy({"company_id": self.company.id, "code": False})
        with self.assertRaises(UserError):
            self.make("Hoist", category_id=category.id)
        self.make("Hoist", category_id=category.id, company_id=self.company.id)

    @mute_logger("odoo.sql_db")
    def test_one_row_a_device_type_however_it_is_spelt(self):
        self.make("Patient hoist")
        self.make("Patient hoist", match="words")
        self.make("Patient hoist", company_id=self.company.id)
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.make("PATIENT: hoists")

    @mute_logger("odoo.sql_db")
    def test_unit_needs_a_category_and_a_part_has_none(self):
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self.make("Hoist", category_id=False)
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self.make("Hoist").meaning = "part"

    def test_row_never_keeps_its_category_alive(self):
        category = self.category.copy({"code": False})
        row = self.make("Hoist", category_id=category.id)
        category.unlink()
        self.assertFalse(row.exists())

    def test_only_a_manager_edits(self):
        row = self.make("Hoist")
        row.with_user(self.manager).meaning = "unit"
        for user in (self.reader, self.dispatcher):
            self.assertEqual(row.with_user(user).name, "Hoist")
            with self.assertRaises(AccessError):
                row.with_user(user).name = "Lift"
            with self.assertRaises(AccessError):
                self.types.with_user(user).action_load_device_types()
        with self.assertRaises(AccessError):
            row.with_user(self.technician).read(["name"])


@tagged("post_install", "-at_install", "fusion")
class TestWithoutClaims(RepairsCase):
    """Without the claims addon nothing of it shows, and every answer is empty."""

    def setUp(self):
        super().setUp()
        self.bridge = self.env["fusion.repair.claims.bridge"]
        if self.bridge._is_available():
            self.skipTest("expected: the claims addon is installed here")

    def test_every_answer_is_empty(self):
        order = self.sell()
        self.assertEqual(self.bridge._get_claims_facts(order.order_line), {})
        self.assertEqual(self.bridge._get_sale_types(), [])
        self.assertEqual(self.bridge._get_device_types(), [])

    def test_menu_is_hidden_from_everybody(self):
        menu = self.env.ref(MENU)
        for user in (self.manager, self.env.ref("base.user_admin")):
            shown = self.env["ir.ui.menu"].with_user(user).load_menus(False)
            self.assertNotIn(menu.id, shown)
            self.assertIn(menu.parent_id.id, shown)

    def test_loading_adds_nothing(self):
        types = self.env["fusion.repair.device.type"].with_user(self.manager)
        before = types.search_count([])
        action = types.action_load_device_types()
        self.assertEqual(action["params"]["type"], "info")
        self.assertEqual(types.search_count([]), before)
