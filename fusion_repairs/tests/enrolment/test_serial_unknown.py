from odoo.fields import Command
from odoo.tests import tagged

from ..backfill.backfill_case import BackfillCase
from .enrolment_case import EnrolmentCase

UNKNOWN = ("N/A", "tbd", "-", "0", "same as above", "pas de série")


@tagged("post_install", "-at_install", "fusion")
class TestSerialUnknown(BackfillCase, EnrolmentCase):
    """A word that says that a serial is not known is no unit's serial."""

    def setUp(self):
        super().setUp()
        self.company.x_fc_maintenance_auto_enrol = True
        self.other = self.env["res.partner"].create({"name": "Other Client"})

    def enrol(self, serial, **options):
        """Return the contracts of a new order, confirmed with this serial."""
        options.setdefault("quantity", 1)
        order = self.sell(x_fc_serial_number=serial, **options)
        order.action_confirm()
        return self.in_care(order)

    def remember(self, contract, serial):
        """Note a serial on a contract as an earlier version did."""
        contract.env.flush_all()
        self.env.cr.execute(
            "UPDATE fusion_repair_maintenance_contract SET x_fc_device_serial = %s "
            "WHERE id = %s",
            (serial, contract.id),
        )
        contract.invalidate_recordset()

    def assert_nobody_told(self, contract):
        messages = self.env["fusion.repair.visit.message"].sudo()
        found = messages.search([("contract_id", "=", contract.id)])
        self.assertFalse({"cancelled", "unscheduled"} & set(found.mapped("kind")))

    # Sales -----------------------------------------------------------------------

    def test_two_clients_with_the_same_word_keep_their_units(self):
        for word in UNKNOWN:
            with self.subTest(word=word):
                first = self.enrol(word)
                visit = self.book(first)
                second = self.enrol(word, partner=self.other)
                self.assertEqual(first.state, "active")
                self.assertEqual(visit.state, "scheduled")
                self.assertEqual(second.partner_id, self.other)
                self.assertFalse(any((first | second).mapped("x_fc_device_serial")))
                self.assert_nobody_told(first)
                line = second.x_fc_source_sale_line_id
                self.assertEqual(line.x_fc_serial_number, word)
                first._cancel_booking()  # so that there is time for the next one

    def test_one_client_has_two_units_called_so(self):
        self.assertEqual(len(self.enrol("N/A")), 1)
        self.assertEqual(len(self.enrol("N/A, n.a.", quantity=2)), 2)

    def test_a_serial_that_is_needed_is_missing(self):
        self.category.x_fc_serial_required = True
        order = self.enrol("TBD").sale_order_id
        self.assertIn("need a serial number", order.activity_ids.note)
        self.assertNotIn("more than once", order.activity_ids.note)

    def test_a_serial_typed_later_is_taken(self):
        unit = self.enrol("to follow")
        unit.x_fc_source_sale_line_id.x_fc_serial_number = "SL-7"
        self.assertEqual(unit.x_fc_device_serial, "SL-7")

    # Contracts from before -------------------------------------------------------

    def test_a_contract_that_was_noted_so_is_no_new_units(self):
        first = self.make_contract()
        self.remember(first, "N/A")
        self.book(first)
        self.enrol("N/A", partner=self.other)
        self.assertEqual(first.state, "active")
        self.assertTrue(first.is_booked)
        self.make_contract(x_fc_device_serial="n/a")

    def test_one_that_ended_because_of_it_is_taken_up_again(self):
        first, second = self.make_contract(), self.make_contract()
        self.remember(first, "N/A")
        first._end("Sold on", "sold_on")
        self.remember(second, "N/A")
        first.write({"state": "active", "end_cause": False})
        self.env.flush_all()
        self.assertFalse(first.x_fc_device_serial)
        self.assertEqual((first | second).mapped("state"), ["active", "active"])

    def test_the_next_serial_of_the_line_goes_to_such_a_unit(self):
        unit = self.enrol("")
        self.remember(unit, "TBD")
        unit.x_fc_source_sale_line_id.x_fc_serial_number = "TBD\nSL-8"
        self.assertEqual(unit.x_fc_device_serial, "SL-8")

    # By hand and by import -------------------------------------------------------

    def test_typed_by_hand_it_is_noted_but_is_no_serial(self):
        first = self.make_contract(x_fc_device_serial="None")
        second = self.make_contract(x_fc_device_serial="none")
        self.assertEqual((first | second).mapped("x_fc_device_serial"), [False, False])
        self.assertIn("“None”", "".join(first.message_ids.mapped("body")))
        second.x_fc_device_serial = "SL-4"
        second.x_fc_device_serial = " <n/a> "
        self.assertFalse(second.x_fc_device_serial)
        self.assertIn("“&lt;n/a&gt;”", "".join(second.message_ids.mapped("body")))

    def test_imported_units_are_all_there(self):
        contracts = self.env["fusion.repair.maintenance.contract"]
        names = ["partner_id/id", "product_id/id", "state", "x_fc_device_serial"]
        client = self.client.export_data(["id"])["datas"][0][0]
        product = self.product.export_data(["id"])["datas"][0][0]
        rows = [[client, product, "active", word] for word in ("N/A", "N/A", "SL-5")]
        found = contracts.with_company(self.company).load(names, rows)
        self.assertFalse(found["messages"])
        units = contracts.browse(found["ids"])
        self.assertEqual(units.mapped("x_fc_device_serial"), [False, False, "SL-5"])

    # Stock -----------------------------------------------------------------------

    def test_a_lot_called_so_is_nobodys_unit(self):
        self.track_serials()
        lot = self.make_lot("N/A")
        sold = self.confirmed(1)
        self.deliver(sold, [lot])
        first = self.in_care(sold)
        visit = self.book(first)
        again = self.sell(1, partner=self.other)
        again.action_confirm()
        lot = self.make_lot("n.a.")  # Odoo knows them apart
        picking = self.deliver(again, [lot])
        second = self.in_care(again)
        self.assertEqual((first.state, visit.state), ("active", "scheduled"))
        self.assertEqual(second.start_date_source, "delivery")
        self.assertFalse((first | second).lot_id)
        self.send_back(picking, [lot])
        self.assertEqual((first.state, second.state), ("active", "cancelled"))

    def test_a_needed_serial_that_the_delivery_did_not_tell_is_missing(self):
        self.category.x_fc_serial_required = True
        self.track_serials()
        order = self.confirmed(1)
        self.assertFalse(order.activity_ids)
        self.deliver(order, [self.make_lot("TBD")])
        self.assertIn("need a serial number", order.activity_ids.note)

    def test_the_lot_gets_its_serial_later(self):
        self.track_serials()
        lot = self.make_lot("to follow")
        order = self.confirmed(1)
        self.deliver(order, [lot])
        by_hand = self.make_contract(lot_id=lot.id, partner_id=self.other.id)
        lot.name = "SL-20"
        self.assertEqual(by_hand.x_fc_device_serial, "SL-20")
        by_hand.action_cancel()
        lot = self.make_lot("pending")
        other = self.confirmed(1)
        self.deliver(other, [lot])
        lot.name = "SL-21"
        self.assertEqual(self.in_care(other).lot_id, lot)
        self.assertEqual(self.in_care(other).x_fc_device_serial, "SL-21")

    def test_a_lot_that_loses_its_name_leaves_the_contract_its_serial(self):
        self.track_serials()
        lot = self.make_lot("SL-30")
        contract = self.make_contract(lot_id=lot.id)
        lot.name = "N/A"
        self.assertEqual(contract.x_fc_device_serial, "SL-30")

    def test_danger_does_not_spread_over_a_lot_called_so(self):
        self.track_serials()
        lot = self.make_lot("N/A")
        first = self.make_contract(lot_id=lot.id)
        first.sudo().unsafe = True
        self.assertFalse(lot.x_fc_unsafe)
        second = self.make_contract(lot_id=lot.id, partner_id=self.other.id)
        self.assertFalse(second.unsafe)
        visit = self.book(first)
        defect = self.env["fusion.repair.defect"].create(
            {
                "visit_id": visit.id,
                "contract_id": first.id,
                "lot_id": lot.id,
                "name": "Cable frayed",
                "defect_class": "stop_now",
                "date_found": visit.visit_date.date(),
                "state": "resolved",
            }
        )
        defect._reopen("Found again")
        self.assertFalse(second.unsafe, "another client's unit")
        lot.x_fc_unsafe = True  # from before such words were none of a unit's names
        self.assertFalse(self.make_contract(lot_id=lot.id).unsafe)

    def test_a_lot_that_gets_its_serial_knows_that_its_unit_is_unsafe(self):
        self.track_serials()
        lot = self.make_lot("TBD")
        self.make_contract(lot_id=lot.id).sudo().unsafe = True
        lot.name = "SL-22"
        self.assertTrue(lot.x_fc_unsafe)

    # Past sales ------------------------------------------------------------------

    def test_past_sales_are_all_proposed_and_none_is_enrolled_already(self):
        self.company.x_fc_maintenance_auto_enrol = False
        lines = self.sold(x_fc_serial_number="N/A")
        lines |= self.sold(x_fc_serial_number="n/a", partner=self.other)
        new = [(1, "new", "new")]
        self.assertEqual(self.results(lines), dict.fromkeys(lines, new))
        self.execute()
        self.assertEqual(len(self.contracts(lines)), 2)
        late = self.sold(x_fc_serial_number="N/A", partner=self.client.copy())
        self.assertEqual(self.results(late), {late: new})

    def test_past_sales_that_need_a_serial_say_that_it_is_missing(self):
        line = self.sold(self.chair, x_fc_serial_number="unknown, inconnu", quantity=2)
        missing = [(n, "skipped", "serial_missing") for n in (1, 2)]
        self.assertEqual(self.results(line), {line: missing})

    def test_past_deliveries_of_a_lot_called_so(self):
        self.company.x_fc_maintenance_auto_enrol = False
        self.track_serials()
        order = self.confirmed(1)
        self.deliver(order, [self.make_lot("N/A")])
        line = order.order_line
        self.assertEqual(self.results(line), {line: [(1, "new", "new")]})
        self.execute()
        contract = self.contracts(line)
        self.assertEqual(
            (contract.x_fc_device_serial, contract.lot_id.id), (False, False)
        )


@tagged("post_install", "-at_install", "fusion")
class TestSerialList(EnrolmentCase):
    """Serials in one text, however they are separated, are counted."""

    def enrol(self, text, quantity):
        order = self.confirmed(quantity, x_fc_serial_number=text)
        return order, self.in_care(order).mapped("x_fc_device_serial")

    def test_every_separator(self):
        for number, mark in enumerate(("; ", "\n", ",", "\t", " & ", " / ")):
            one, two = f"A-{number}", f"B-{number}"
            order, serials = self.enrol(f"{one}{mark}{two}", 2)
            self.assertEqual(serials, [one, two], mark)
            self.assertFalse(order.activity_ids)

    def test_fewer_serials_than_units_are_told(self):
        order, serials = self.enrol("SL-1; SL-2", 3)
        self.assertEqual(serials, ["SL-1", "SL-2", False])
        self.assertIn("3 units", order.activity_ids.note)
        self.assertIn("2 of", order.activity_ids.note)

    def test_more_serials_than_units_are_told(self):
        order, serials = self.enrol("SL-1; SL-2", 1)
        self.assertEqual(serials, ["SL-1"])
        self.assertIn("SL-2", order.activity_ids.note)

    def test_no_serial_at_all_is_no_mismatch(self):
        for text in ("", "n/a"):
            order, serials = self.enrol(text, 2)
            self.assertEqual(serials, [False, False])
            self.assertFalse(order.activity_ids)

    def test_what_the_delivery_tells_is_not_asked_for(self):
        self.track_serials()
        order, _serials = self.enrol("SL-1", 2)
        self.assertFalse(order.activity_ids)

    def test_the_missing_ones_are_typed_later(self):
        order, _serials = self.enrol("SL-1", 2)
        order.order_line = [
            Command.update(order.order_line.id, {"x_fc_serial_number": "SL-1 & SL-2"})
        ]
        self.assertEqual(
            self.in_care(order).mapped("x_fc_device_serial"), ["SL-1", "SL-2"]
        )
