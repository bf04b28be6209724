from odoo.tests import tagged
from odoo.tools import mute_logger

from .backfill_case import BackfillCase


@tagged("post_install", "-at_install", "fusion")
class TestBackfillByHand(BackfillCase):
    """Units that the office enrolled itself are not enrolled a second time."""

    def test_only_the_sale_knows_the_serial(self):
        by_hand = self.make_contract(product_id=self.chair.id)
        line = self.sold(self.chair, x_fc_serial_number="PC-1")
        wizard = self.open_wizard()
        expected = [(1, "by_hand", "maybe_by_hand")]
        self.assertEqual(self.results(line, wizard)[line], expected)
        (unit,) = wizard.line_ids.filtered(lambda u: u.sale_line_id == line)
        self.assertEqual(unit.detail, by_hand.name)
        by_hand.x_fc_device_serial = "pc-1"  # as the office does after comparing
        self.assertEqual(self.results(line)[line], [(1, "enrolled", "enrolled_serial")])

    def test_only_the_contract_knows_the_serial(self):
        self.make_contract(x_fc_device_serial="SL-5")
        line = self.sold()
        self.assertEqual(self.results(line)[line], [(1, "by_hand", "maybe_by_hand")])

    def test_two_serials_that_differ_are_two_units(self):
        self.make_contract(product_id=self.chair.id, x_fc_device_serial="PC-0")
        line = self.sold(self.chair, x_fc_serial_number="PC-1")
        self.assertEqual(self.results(line)[line], [(1, "new", "new")])

    def test_contract_of_one_sale_is_no_unit_of_another(self):
        self.make_contract(x_fc_device_serial="SL-6")
        named = self.sold(x_fc_serial_number="SL-6")
        plain = self.sold()
        found = self.results(named | plain)
        self.assertEqual(found[named], [(1, "enrolled", "enrolled_serial")])
        self.assertEqual(found[plain], [(1, "new", "new")])

    def test_contact_of_the_same_firm_is_the_same_client(self):
        firm = self.env["res.partner"].create({"name": "Home", "is_company": True})
        nurse = self.env["res.partner"].create({"name": "N", "parent_id": firm.id})
        self.make_contract(partner_id=firm.id)
        line = self.sold(partner=nurse)
        self.assertEqual(
            self.results(line)[line], [(1, "enrolled", "enrolled_by_hand")]
        )

    def test_as_many_units_as_contracts(self):
        self.make_contract(product_id=self.chair.id)
        line = self.sold(self.chair, quantity=2, x_fc_serial_number="PC-1\nPC-2")
        reasons = [reason for *_unit, reason in self.results(line)[line]]
        self.assertEqual(reasons, ["maybe_by_hand", "new"])
        run = self.execute()
        self.assertEqual((run.contract_count, run.changed_count), (1, 0))

    def test_serial_resold_to_another_client_is_enrolled(self):
        by_hand = self.make_contract(
            product_id=self.chair.id, x_fc_device_serial="PC-1"
        )
        by_hand.action_cancel()
        heir = self.env["res.partner"].create({"name": "Heir"})
        line = self.sold(self.chair, x_fc_serial_number="PC-1", partner=heir)
        own = self.sold(self.chair, day="2020-01-01", x_fc_serial_number="PC-1")
        found = self.results(line | own)
        self.assertEqual(found[line], [(1, "new", "new")])
        self.assertEqual(found[own], [(1, "skipped", "care_ended")])

    def test_duplicate_that_ended_says_nothing(self):
        ended = self.make_contract(product_id=self.chair.id, x_fc_device_serial="PC-1")
        ended._end("Twice", "duplicate")
        line = self.sold(self.chair, x_fc_serial_number="PC-1")
        self.assertEqual(self.results(line)[line], [(1, "new", "new")])

    @mute_logger("odoo.sql_db")
    def test_interval_typed_wrong_before_stops_no_scan(self):
        line, other = self.sold(self.chair, x_fc_serial_number="PC-1"), self.sold()
        self.env.flush_all()
        table = "fusion_repair_product_category"
        self.env.cr.execute(
            f"ALTER TABLE {table} DROP CONSTRAINT {table}_interval_credible"
        )
        self.env.cr.execute(
            f"UPDATE {table} SET x_fc_maintenance_interval_months = %s WHERE id = %s",
            [120000, self.chairs.id],
        )
        self.env.invalidate_all()
        found = self.results(line | other)
        self.assertEqual(found[line], [(0, "skipped", "interval_too_long")])
        self.assertEqual(found[other], [(1, "new", "new")])
