import base64
import io

import openpyxl

from odoo.fields import Command
from odoo.tests import tagged

from .backfill_case import BackfillCase

NEW = [(1, "new", "new")]


@tagged("post_install", "-at_install", "fusion")
class TestBackfillBadInput(BackfillCase):
    """Whatever is odd about a past sale gets a reason, stops nothing, is not lost."""

    def says(self, line, *expected):
        self.assertEqual(self.results(line)[line], list(expected))

    def skips(self, line, reason, index=0):
        self.says(line, (index, "skipped", reason))

    def test_a_plain_sale_is_new(self):
        self.says(self.sold(), *NEW)

    def test_line_without_a_product(self):
        line = self.sold()
        line.flush_recordset()
        self.env.cr.execute(
            "UPDATE sale_order_line SET product_id = NULL, is_downpayment = TRUE"
            " WHERE id = %s",
            [line.id],
        )
        line.invalidate_recordset()
        self.skips(line, "down_payment")

    def test_sections_and_notes_are_no_sales(self):
        line = self.sold()
        line.order_id.order_line = [
            Command.create({"display_type": "line_note", "name": "Thank you"})
        ]
        self.assertEqual(self.open_wizard().line_ids.sale_line_id, line)

    def test_odd_quantities(self):
        for quantity, reason in (
            (0, "quantity_not_positive"),
            (-1, "quantity_not_positive"),
            (1.5, "quantity_fractional"),
            (501, "quantity_too_large"),
        ):
            self.skips(self.sold(quantity=quantity), reason)

    def test_a_dozen_is_twelve_units(self):
        line = self.sold(product_uom_id=self.env.ref("uom.product_uom_dozen").id)
        self.assertEqual(len(self.results(line)[line]), 12)

    def test_serials_in_any_spelling(self):
        line = self.sold(
            self.chair, quantity=2, x_fc_serial_number="  ab 1 ,\nAb\u00a02"
        )
        wizard = self.open_wizard()
        self.assertEqual(wizard.line_ids.mapped("serial"), ["AB 1", "AB 2"])
        self.says(line, (1, "new", "new"), (2, "new", "new"))

    def test_serial_needed_and_missing(self):
        self.skips(self.sold(self.chair), "serial_missing", 1)

    def test_serial_typed_twice_on_a_line(self):
        line = self.sold(self.chair, quantity=2, x_fc_serial_number="D1, d1")
        self.says(line, (1, "new", "new"), (2, "skipped", "serial_repeated"))

    def test_more_serials_than_units(self):
        line = self.sold(self.chair, x_fc_serial_number="E1, E2")
        self.says(line, (1, "new", "new"), (2, "skipped", "serial_surplus"))

    def test_serial_of_200_characters(self):
        line = self.sold(self.chair, x_fc_serial_number="9" * 200)
        self.skips(line, "serial_too_long", 1)

    def test_later_sale_of_a_serial_wins_and_the_earlier_says_so(self):
        other = self.env["res.partner"].create({"name": "Second Owner"})
        first = self.sold(self.chair, "2022-01-01", x_fc_serial_number="F1")
        later = self.sold(
            self.chair, "2024-01-01", x_fc_serial_number="f1", partner=other
        )
        self.says(first, (1, "skipped", "serial_sold_again"))
        self.says(later, *NEW)
        loser = self.open_wizard().line_ids.filtered(lambda u: u.sale_line_id == first)
        self.assertEqual(loser.detail, later.order_id.name)

    def test_serial_in_care_already(self):
        contract = self.make_contract(x_fc_device_serial="G1")
        line = self.sold(self.chair, x_fc_serial_number="g1")
        self.says(line, (1, "enrolled", "enrolled_serial"))
        found = self.open_wizard().line_ids
        self.assertEqual(found.contract_id, contract)
        self.assertEqual(found.detail, contract.name)

    def test_contract_made_by_hand_counts_for_one_unit(self):
        self.make_contract()
        line = self.sold(quantity=2)
        self.says(line, (1, "enrolled", "enrolled_by_hand"), (2, "new", "new"))

    def test_care_that_was_ended_is_not_taken_up_again(self):
        line = self.sold()
        self.execute()
        self.contracts(line)._cancel()
        self.skips(line, "care_ended", 1)

    def test_dates_that_cannot_be(self):
        self.skips(self.sold(day="1989-12-31"), "date_too_old", 1)
        self.skips(self.sold(day="2090-01-01"), "date_future", 1)

    def test_accessories_and_things_that_are_no_equipment(self):
        self.skips(self.sold(self.rail), "accessory")
        self.skips(self.sold(self.pillow), "not_equipment")
        self.family.x_fc_maintenance_enabled = False
        category = self.env["fusion.repair.product.category"].create({"name": "Ramps"})
        ramp = self.make_product("Ramp", x_fc_repair_category_id=category.id)
        self.skips(self.sold(ramp), "not_maintained")

    def test_serial_without_a_category_is_listed_for_the_office(self):
        line = self.sold(self.pillow, x_fc_serial_number="H1")
        self.says(line, (0, "by_hand", "unclassified"))

    def test_client_and_product_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other Dealer"})
        line = self.sold(partner=self.client.copy())
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET company_id = %s WHERE id = %s",
            [other.id, line.order_id.partner_id.id],
        )
        self.env.invalidate_all()
        self.skips(line, "other_company")

    def test_archived_client(self):
        line = self.sold(partner=self.client.copy())
        line.order_id.partner_id.active = False
        self.skips(line, "client_archived")

    def test_first_interval_and_lineage_of_the_policy(self):
        self.category.x_fc_maintenance_first_interval_months = 3
        line = self.sold(day="2024-11-30")
        unit = self.open_wizard().line_ids.filtered(lambda u: u.sale_line_id == line)
        self.assertEqual(str(unit.natural_due_date), "2025-02-28")
        self.assertEqual(unit.anchor_source, "order")

    def test_texts_are_never_formulas_in_the_spreadsheet(self):
        self.sold(self.chair, x_fc_serial_number="=cmd|'/c calc'!A1")
        content = base64.b64decode(self.open_wizard()._make_workbook())
        cells = [
            cell
            for sheet in openpyxl.load_workbook(io.BytesIO(content))
            for row in sheet.iter_rows()
            for cell in row
        ]
        evil = [c for c in cells if str(c.value).upper().startswith("=CMD")]
        self.assertEqual([cell.data_type for cell in evil], ["s"])
        self.assertNotIn("f", {cell.data_type for cell in cells})
