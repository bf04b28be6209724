from odoo.tests import new_test_user, tagged

from .enrolment_case import EnrolmentCase


@tagged("post_install", "-at_install", "fusion")
class TestLotRenamed(EnrolmentCase):
    """A serial that is corrected in stock is corrected on the contract."""

    def setUp(self):
        super().setUp()
        self.track_serials()
        self.lot = self.make_lot("sl-1")
        self.contract = self.make_contract(lot_id=self.lot.id)
        self.assertEqual(self.contract.x_fc_device_serial, "SL-1")

    def rename(self, name):
        """Rename the lot as somebody of the warehouse, who knows no contracts."""
        keeper = new_test_user(
            self.env,
            "fr_keeper",
            groups="stock.group_stock_user",
            company_id=self.company.id,
        )
        self.lot.with_user(keeper).name = name

    def get_tasks(self):
        """Return the notes of the office's activities about serials."""
        activities = self.contract.activity_ids
        found = activities.filtered(lambda a: a.summary == "Check the serial number")
        return found.mapped("note")

    def test_contract_follows(self):
        self.rename(" sl-1b")
        self.assertEqual(self.contract.x_fc_device_serial, "SL-1B")
        self.assertIn("SL-1", self.contract.message_ids[0].body.upper())
        self.assertFalse(self.get_tasks())

    def test_spelling_alone_changes_nothing(self):
        messages = len(self.contract.message_ids)
        self.rename("SL-1")
        self.assertEqual(self.contract.x_fc_device_serial, "SL-1")
        self.assertEqual(len(self.contract.message_ids), messages)

    def test_contract_that_knows_the_serial_only_follows(self):
        self.contract.lot_id = False
        self.contract.x_fc_device_serial = "SL-1"
        self.rename("SL-9")
        self.assertEqual(self.contract.x_fc_device_serial, "SL-9")

    def test_serial_that_somebody_typed_stays(self):
        self.contract.x_fc_device_serial = "ON-THE-PLATE"
        self.rename("SL-9")
        self.assertEqual(self.contract.x_fc_device_serial, "ON-THE-PLATE")

    def test_same_serial_of_another_product_stays(self):
        other = self.product.create({"name": "Other", "type": "consu"})
        contract = self.make_contract(product_id=other.id)
        self.contract.action_cancel()
        contract.x_fc_device_serial = "SL-1"
        self.rename("SL-9")
        self.assertEqual(contract.x_fc_device_serial, "SL-1")

    def test_clash_is_for_the_office(self):
        other = self.make_contract(x_fc_device_serial="SL-2")
        self.rename("sl-2")
        self.assertEqual(self.lot.name, "sl-2")
        self.assertEqual(self.contract.x_fc_device_serial, "SL-1")
        (note,) = self.get_tasks()
        self.assertIn(other.name, note)

    def test_clash_that_only_the_database_sees_is_for_the_office(self):
        self.make_contract(x_fc_device_serial="SL-2")
        model = self.registry["fusion.repair.maintenance.contract"]
        self.patch(model, "_find_in_care", lambda contracts, *_args: contracts.browse())
        self.rename("sl-2")
        self.assertEqual(self.contract.x_fc_device_serial, "SL-1")
        self.assertEqual(len(self.get_tasks()), 1)

    def test_too_long_a_name_is_for_the_office(self):
        self.rename("X" * 150)
        self.assertEqual(self.contract.x_fc_device_serial, "SL-1")
        self.assertEqual(len(self.get_tasks()), 1)

    def test_contract_of_a_former_owner_follows_without_a_clash(self):
        contract = self.contract
        contract.state = "cancelled"
        self.make_contract(x_fc_device_serial="SL-2")
        self.rename("sl-2")
        self.assertEqual(contract.x_fc_device_serial, "SL-2")
        self.assertFalse(self.get_tasks())

    def test_lot_of_another_company_is_another_unit(self):
        other = self.env["res.company"].create({"name": "Other dealer"})
        elsewhere = self.env["stock.lot"].create(
            {"name": "SL-1", "product_id": self.product.id, "company_id": other.id}
        )
        self.lot.company_id = self.company
        self.contract.lot_id = False
        self.contract.x_fc_device_serial = "SL-1"
        elsewhere.name = "SL-77"
        self.assertEqual(self.contract.x_fc_device_serial, "SL-1")
        self.rename("SL-9")
        self.assertEqual(self.contract.x_fc_device_serial, "SL-9")
