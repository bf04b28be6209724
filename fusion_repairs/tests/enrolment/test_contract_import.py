import csv
import io
from datetime import date

from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.misc import file_path

from ..common import RepairsCase

CONTRACT = "fusion.repair.maintenance.contract"
HEADER = ["id", "partner_id/id", "product_id/id", "x_fc_device_serial", "start_date"]


@tagged("post_install", "-at_install", "fusion")
class TestContractImport(RepairsCase):
    """Odoo's own import brings contracts in from a file, once each."""

    def setUp(self):
        super().setUp()
        for name, record in (("client", self.client), ("lift", self.product)):
            self.env["ir.model.data"].create(
                {
                    "module": "fr_test",
                    "name": name,
                    "model": record._name,
                    "res_id": record.id,
                }
            )

    def load(self, header, *rows):
        contracts = self.env[CONTRACT].with_user(self.dispatcher)
        return contracts.load(header, [list(row) for row in rows])

    def load_units(self, *rows):
        rows = [(f"fr_test.{row[0]}", "fr_test.client", "fr_test.lift", *row[1:])
                for row in rows]  # fmt: skip
        return self.load(HEADER, *rows)

    def test_units_come_in_with_their_policy(self):
        result = self.load(
            [*HEADER, "last_service_date", "state"],
            ("fr_test.u1", "fr_test.client", "fr_test.lift", " sl 1 ", "2020-05-31",
             "2026-02-28", "active"),
            ("fr_test.u2", "fr_test.client", "fr_test.lift", "", "2026-03-31", "",
             "active"),
        )  # fmt: skip
        self.assertFalse(result["messages"])
        one, two = self.env[CONTRACT].browse(result["ids"])
        self.assertEqual(one.x_fc_device_serial, "SL 1")
        self.assertEqual(one.next_due_date, date(2027, 2, 28))
        self.assertEqual(two.next_due_date, date(2027, 3, 31))
        self.assertEqual(two.x_fc_maintenance_fee, 179)
        self.assertEqual((one | two).mapped("x_fc_source"), ["manual", "manual"])
        self.assertTrue(one.name.startswith("MC/"))
        self.assertTrue(one.sudo().booking_token)

    def test_same_file_twice_makes_each_unit_once(self):
        first = self.load_units(("u1", "A", "2026-01-31"), ("u2", "B", "2026-01-31"))
        again = self.load_units(("u1", "A", "2026-01-31"), ("u2", "B2", "2026-01-31"))
        self.assertEqual(first["ids"], again["ids"])
        contracts = self.env[CONTRACT].browse(first["ids"])
        self.assertEqual(contracts.mapped("x_fc_device_serial"), ["A", "B2"])

    def test_due_date_that_stays_is_no_choice_of_the_office(self):
        header = [*HEADER, "next_due_date"]
        row = ("fr_test.u1", "fr_test.client", "fr_test.lift", "A", "2026-01-31")
        ids = self.load(header, (*row, "2027-01-31"))["ids"]
        contract = self.env[CONTRACT].browse(ids)
        contract.last_reminder_band = 30
        self.load(header, (*row, "2027-01-31"))
        self.assertEqual(contract.last_reminder_band, 30)

    @mute_logger("odoo.sql_db")
    def test_bad_rows_are_told_by_row_and_nothing_comes_in(self):
        self.make_contract(x_fc_device_serial="TAKEN")
        cases = (
            ((*HEADER, "state"), "taken", "2026-01-31", "active", "active maintenance"),
            ((*HEADER, "state"), "B", "1970-01-01", "draft", "typing mistake"),
            ((*HEADER, "state"), "C" * 200, "2026-01-31", "draft", "at most 100"),
            ((*HEADER, "interval_months"), "D", "2026-01-31", "0", "at least one"),
        )
        before = self.env[CONTRACT].search_count([])
        for header, serial, start, extra, sentence in cases:
            with self.subTest(sentence=sentence):
                row = ("fr_test.bad", "fr_test.client", "fr_test.lift", serial, start)
                result = self.load(list(header), (*row, extra))
                self.assertFalse(result["ids"])
                self.assertIn(sentence, result["messages"][0]["message"])
                self.assertEqual(result["messages"][0]["record"], 0)
        self.assertEqual(self.env[CONTRACT].search_count([]), before)

    @mute_logger("odoo.sql_db")
    def test_unknown_client_is_told(self):
        result = self.load(
            HEADER, ("fr_test.x", "fr_test.nobody", "fr_test.lift", "", "")
        )
        self.assertFalse(result["ids"])
        self.assertIn("nobody", result["messages"][0]["message"])

    def test_template_file_imports_as_it_is(self):
        template = self.env[CONTRACT].get_import_templates()[0]["template"]
        path = file_path(template.removeprefix("/"))
        with open(path, encoding="utf-8") as handle:
            header, *rows = csv.reader(io.StringIO(handle.read()))
        result = self.load(header, *rows)
        self.assertEqual(len(result["ids"] or ()), len(rows), result["messages"])
        one, two = self.env[CONTRACT].browse(result["ids"])
        self.assertEqual(one.interval_months, 12)
        self.assertEqual((two.interval_months, two.x_fc_maintenance_fee), (6, 149))
        self.assertEqual(self.load(header, *rows)["ids"], result["ids"])
        self.assertEqual(one.next_due_date, date(2026, 11, 14))

    # Names that several have -------------------------------------------------------

    def make_marys(self):
        partners = self.env["res.partner"]
        return partners.create(
            [
                {"name": "Mary Maple", "ref": "C-1", "email": "mary1@example.com"},
                {"name": "Mary Maple", "ref": "C-2", "email": "mary2@example.com"},
            ]
        )

    def load_named(self, *rows):
        return self.load(["partner_id", "product_id/id", "start_date"], *rows)

    def test_a_name_that_two_clients_have_is_refused_by_row(self):
        self.make_marys()
        before = self.env[CONTRACT].search_count([])
        result = self.load_named(
            ("Margaret Example", "fr_test.lift", "2026-01-31"),
            ("Mary Maple", "fr_test.lift", "2026-01-31"),
        )
        self.assertFalse(result["ids"])
        [message] = result["messages"]
        self.assertEqual((message["type"], message["record"]), ("error", 1))
        self.assertEqual(message["rows"], {"from": 1, "to": 1})
        for word in ("Mary Maple", "C-1", "C-2", "mary1@example.com", "partner_id/id"):
            self.assertIn(word, message["message"])
        self.assertEqual(self.env[CONTRACT].search_count([]), before)

    def test_the_ways_to_name_her_are_read(self):
        marys = self.make_marys()
        for way in ("C-2", "mary2@example.com"):
            with self.subTest(way=way):
                result = self.load_named((way, "fr_test.lift", "2026-01-31"))
                contract = self.env[CONTRACT].browse(result["ids"])
                self.assertEqual(contract.partner_id, marys[1])

    def test_places_and_products_of_one_name_are_refused_too(self):
        self.make_marys()
        self.product.copy({"name": "Twin"})
        self.product.copy({"name": "Twin"})
        cases = (
            (["partner_id/id", "address_id", "product_id/id"],
             ("fr_test.client", "Mary Maple", "fr_test.lift"), "address_id"),
            (["partner_id/id", "product_id"], ("fr_test.client", "Twin"), "product_id"),
        )  # fmt: skip
        for header, row, name in cases:
            with self.subTest(name=name):
                result = self.load(header, row)
                self.assertFalse(result["ids"])
                self.assertEqual(result["messages"][0]["field"], name)

    # Units that were there -----------------------------------------------------------

    def test_a_unit_without_serial_that_comes_in_again_is_told(self):
        row = ("Margaret Example", "fr_test.lift", "2026-01-31")
        first = self.load_named(row)
        self.assertFalse(first["messages"])
        again = self.load_named(row)
        [message] = again["messages"]
        self.assertEqual((message["type"], message["record"]), ("warning", 0))
        name = self.env[CONTRACT].browse(first["ids"]).name
        self.assertIn(name, message["message"])

    def test_two_units_of_one_file_are_two(self):
        row = ("Margaret Example", "fr_test.lift", "2026-01-31")
        self.assertFalse(self.load_named(row, row)["messages"])

    def test_a_test_of_an_import_draws_no_numbers(self):
        sequence = self.env.ref("fusion_repairs.sequence_maintenance_contract").sudo()
        columns = ["partner_id/.id", "product_id/.id", "next_due_date"]
        row = f"{self.client.id},{self.product.id},2030-01-15"
        file = "\n".join([",".join(columns), row, row]).encode()
        wizard = self.env["base_import.import"].create(
            {
                "res_model": "fusion.repair.maintenance.contract",
                "file": file,
                "file_name": "units.csv",
                "file_type": "text/csv",
            }
        )
        options = {"quoting": '"', "separator": ",", "has_headers": True}
        options |= {"date_format": "%Y-%m-%d", "encoding": "utf-8"}
        before = sequence.number_next_actual
        for _again in range(2):
            tried = wizard.execute_import(columns, columns, options, dryrun=True)
            self.assertFalse(tried["messages"])
        sequence.invalidate_recordset()
        self.assertEqual(sequence.number_next_actual, before)
        done = wizard.execute_import(columns, columns, options)
        contracts = self.env["fusion.repair.maintenance.contract"].browse(done["ids"])
        self.assertEqual(len(set(contracts.mapped("name"))), 2)
        self.assertNotIn("New", contracts.mapped("name"))
