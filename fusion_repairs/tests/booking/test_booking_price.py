from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.fusion_tasks.exceptions import SlotTakenError

from ..common import RepairsCase


@tagged("post_install", "-at_install", "fusion")
class TestBookingPrice(RepairsCase):
    """What is shown, what is agreed and what the order says are one price."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract()

    def make_units(self, count, **vals):
        """Return more units of the same client."""
        return self.contract.browse().union(
            *(self.make_contract(**vals) for _number in range(count))
        )

    def test_a_rule_of_a_pricelist_takes_nothing_off_the_fee(self):
        self.env.user.group_ids += self.env.ref("sale.group_discount_per_so_line")
        self.env.ref("base.group_user").implied_ids += self.env.ref(
            "sale.group_discount_per_so_line"
        )
        self.service.list_price = 100.0
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Ten percent",
                "currency_id": self.company.currency_id.id,
                "item_ids": [
                    Command.create(
                        {"compute_price": "percentage", "percent_price": 10.0}
                    )
                ],
            }
        )
        self.client.property_product_pricelist = pricelist
        chair = self.make_contract(x_fc_maintenance_fee=60.0)
        offer = self.contract._get_booking_slots(
            self.contract._prepare_visit_request(chair)
        )[0]
        visit = self.contract._book_slot(offer.value, companions=chair)
        order = visit.sale_order_id
        self.assertEqual(order.pricelist_id, pricelist)
        self.assertEqual(order.order_line.mapped("discount"), [0.0, 0.0])
        self.assertAlmostEqual(order.amount_untaxed, 239.0)
        # The rule would bite: a line that somebody adds gets the discount.
        order.order_line = [Command.create({"product_id": self.service.id})]
        self.assertEqual(order.order_line[-1].discount, 10.0)
        other = chair.current_visit_id
        other.technician_task_id.action_no_show()
        other.technician_task_id.action_reopen()
        self.assertEqual((visit | other).sale_line_id.mapped("discount"), [0.0, 0.0])

    def test_several_units_are_rounded_as_their_order_is(self):
        for method in ("round_globally", "round_per_line"):
            self.company.tax_calculation_rounding_method = method
            lead, *others = self.make_units(3, x_fc_maintenance_fee=89.95)
            companions = lead.browse().union(*others)
            price = (lead | companions)._get_bundle_breakdown()
            offer = lead._get_booking_slots(lead._prepare_visit_request(companions))[0]
            visit = lead._book_slot(offer.value, companions=companions)
            order = visit.sale_order_id
            shown = {name: price[name] for name in ("untaxed", "total")}
            self.assertEqual(
                shown,
                {"untaxed": order.amount_untaxed, "total": order.amount_total},
                method,
            )
            self.assertEqual(price["taxes"], [("HST 13%", order.amount_tax)])
            self.assertEqual(sum(a for _n, a in price["units"]), price["untaxed"])
            self.assertEqual(visit._get_mail_price()["total"], order.amount_total)
            lead._cancel_booking(everything=True)

    def test_a_tax_inside_the_price_is_rounded_as_the_order_is(self):
        self.tax.price_include_override = "tax_included"
        for fee in (100.0, 89.95, 33.33):
            contract = self.make_contract(x_fc_maintenance_fee=fee)
            price = contract._get_fee_breakdown()
            order = self.book(contract).sale_order_id
            self.assertEqual(price["total"], order.amount_total)
            self.assertEqual(price["untaxed"], order.amount_untaxed)

    def test_a_time_is_good_at_its_price_only(self):
        chair = self.make_contract(x_fc_maintenance_fee=60.0)
        offers = self.contract._get_booking_slots(
            self.contract._prepare_visit_request(chair)
        )
        for change in (
            lambda: chair.write({"x_fc_maintenance_fee": 61.0}),
            lambda: self.tax.write({"amount": 14.0}),
            lambda: self.service.write({"taxes_id": [Command.clear()]}),
        ):
            change()
            with self.assertRaisesRegex(SlotTakenError, "price has changed"):
                self.contract._book_slot(offers[0].value, companions=chair)
            offers = self.contract._get_booking_slots(
                self.contract._prepare_visit_request(chair)
            )
        visit = self.contract._book_slot(offers[0].value, companions=chair)
        self.assertAlmostEqual(visit.sale_order_id.amount_total, 240.0)

    def test_what_was_agreed_moves_at_its_price(self):
        visit = self.book(self.contract)
        offers = self.contract._get_booking_slots()
        self.contract.x_fc_maintenance_fee = 250.0
        self.contract._move_booking(offers[-1].value)
        self.assertEqual(visit.visit_date, offers[-1].start)
        self.assertEqual(visit.x_fc_fee, 179.0)

    def test_no_price_is_taken_from_a_context_that_came_from_outside(self):
        price = self.contract._get_fee_breakdown()
        forged = self.contract.with_context(fc_prices={"by_zip": False})
        self.assertEqual(forged._get_fee_breakdown(), price)
