from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common import RepairsCase


@tagged("post_install", "-at_install", "fusion")
class TestFeeStays(RepairsCase):
    """The fee that the client agreed to stays, whatever the office does to its line."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        discounts = cls.env.ref("sale.group_discount_per_so_line")
        cls.env.user.group_ids += (
            discounts
            | cls.env.ref("uom.group_uom")
            | cls.env.ref("product.group_product_pricelist")
        )
        cls.env.ref("base.group_user").implied_ids += discounts
        cls.service.list_price = 40.0
        cls.pricelist = cls.env["product.pricelist"].create(
            {
                "name": "Ten percent",
                "currency_id": cls.company.currency_id.id,
                "item_ids": [
                    Command.create(
                        {"compute_price": "percentage", "percent_price": 10.0}
                    )
                ],
            }
        )
        cls.client.property_product_pricelist = cls.pricelist

    def setUp(self):
        super().setUp()
        self.contract = self.make_contract()
        self.visit = self.book(self.contract)
        self.order = self.visit.sale_order_id
        self.line = self.visit.sale_line_id

    def assert_agreed(self, line=None, fee=179.0, quantity=1):
        """Check what a line says, and that the visit still says the same."""
        line = line or self.line
        line.invalidate_recordset()
        self.assertEqual((line.price_unit, line.discount), (fee, 0.0))
        self.assertAlmostEqual(line.price_subtotal, quantity * fee)
        self.assertEqual(self.visit.x_fc_fee, 179.0)

    def edit(self, order=None):
        """Return the form of the order as the office has it."""
        return Form(order or self.order)

    def test_quantity_in_the_form(self):
        with self.edit() as form, form.order_line.edit(0) as line:
            line.product_uom_qty = 2
            self.assertEqual(line.price_unit, 179.0)
        self.assert_agreed(quantity=2)
        self.order.action_confirm()
        self.assertAlmostEqual(self.order.amount_untaxed, 358.0)

    def test_quantity_written_as_by_an_import(self):
        self.line.product_uom_qty = 2
        self.assert_agreed(quantity=2)
        xml_id = self.line.export_data(["id"])["datas"][0][0]
        names = ["id", "product_uom_qty"]
        found = self.line.browse().load(names, [[xml_id, "3"]])
        self.assertFalse(found["messages"])
        self.assert_agreed(quantity=3)

    def test_unit_of_measure(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.line.product_uom_id = dozen
        self.assert_agreed()
        with self.edit() as form, form.order_line.edit(0) as line:
            line.product_uom_id = self.service.uom_id
        self.assert_agreed()

    def test_update_prices(self):
        self.service.list_price = 50.0
        self.pricelist.item_ids.percent_price = 20.0
        self.order.action_update_prices()
        self.assert_agreed()
        self.order.order_line = [Command.create({"product_id": self.service.id})]
        self.order.action_update_prices()
        self.assert_agreed()
        other = self.order.order_line - self.line
        self.assertEqual((other.price_unit, other.discount), (50.0, 20.0))

    def test_a_discount_that_the_office_gives_stays(self):
        self.line.discount = 25.0
        self.order.action_update_prices()
        self.line.product_uom_qty = 2
        self.line.invalidate_recordset()
        self.assertEqual((self.line.price_unit, self.line.discount), (179.0, 25.0))

    def test_another_price_that_the_office_types_stays(self):
        with self.edit() as form, form.order_line.edit(0) as line:
            line.price_unit = 99.0
            line.product_uom_qty = 2
        self.assertEqual(self.line.price_unit, 99.0)

    def test_another_pricelist(self):
        with self.edit() as form:
            form.pricelist_id = self.env["product.pricelist"].create(
                {"name": "Plain", "currency_id": self.company.currency_id.id}
            )
        self.order.action_update_prices()
        self.assert_agreed()

    def test_copy_of_the_order(self):
        copied = self.order.copy()
        line = copied.order_line
        self.assert_agreed(line)
        with self.edit(copied) as form, form.order_line.edit(0) as edited:
            edited.product_uom_qty = 2
        self.assertEqual(line.price_unit, 179.0)

    def test_a_fee_of_nothing_is_not_charged(self):
        free = self.make_contract(x_fc_maintenance_fee=0.0)
        line = self.book(free).sale_line_id
        line.product_uom_qty = 2
        line.order_id.action_update_prices()
        self.assertEqual(line.price_unit, 0.0)
        copied = line.order_id.copy().order_line
        copied.product_uom_qty = 3
        self.assertEqual(copied.price_unit, 0.0)

    def test_an_order_of_an_earlier_version(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order_line SET technical_price_unit = price_unit "
            "WHERE id = %s",
            (self.line.id,),
        )
        self.line.invalidate_recordset()
        self.line.product_uom_qty = 2
        self.assert_agreed(quantity=2)

    def test_the_fee_put_on_the_order_again(self):
        chair = self.make_contract(x_fc_maintenance_fee=60.0)
        lift = self.make_contract()
        offer = lift._get_booking_slots(lift._prepare_visit_request(chair))[0]
        lift._book_slot(offer.value, companions=chair)
        visit = chair.current_visit_id
        visit.technician_task_id.action_no_show()
        visit.technician_task_id.action_reopen()
        visit.sale_line_id.product_uom_qty = 2
        self.assertEqual(visit.sale_line_id.price_unit, 60.0)

    def test_parts_under_warranty_stay_free_of_charge(self):
        belt = self.env["product.product"].create(
            {"name": "Belt", "type": "consu", "list_price": 35.0}
        )
        repair = self.visit.repair_order_id
        repair.under_warranty = True
        repair.move_ids = [
            Command.create(
                {
                    "product_id": belt.id,
                    "product_uom_qty": 1,
                    "repair_line_type": "add",
                    "location_id": repair.location_id.id,
                    "location_dest_id": repair.location_dest_id.id,
                }
            )
        ]
        part = repair.move_ids.sale_line_id
        self.assertEqual(part.order_id, self.order)
        repair.move_ids.product_uom_qty = 2
        self.order.action_update_prices()
        self.assertEqual((part.product_uom_qty, part.price_unit), (2.0, 0.0))
        repair.under_warranty = False
        self.assertEqual(part.price_unit, 35.0)
