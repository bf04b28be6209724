from lxml import html

from odoo.tests import tagged

from .public_case import PublicCase


@tagged("post_install", "-at_install", "fusion")
class TestPublicPrice(PublicCase):
    """Nobody agrees to a price by the button of a page that showed another one."""

    def test_a_price_that_changed_is_shown_before_it_is_agreed(self):
        page = self.get()
        slot = self.slots(page)[0]
        self.contract.x_fc_maintenance_fee = 250.0
        before = self.snapshot()
        answer = self.post("/confirm", page, slot=slot, note="Blue door")
        self.assertIn("m=price", answer.headers["Location"])
        self.assertEqual(self.snapshot(), before)
        fresh = self.get(answer.headers["Location"])
        words = self.words(fresh)
        self.assertIn("the price has changed", words)
        self.assertIn("$282.50", words)
        self.assertIn("Blue door", fresh.text)
        checked = html.fromstring(fresh.content).xpath(
            "//input[@name='slot'][@checked]/@value"
        )
        self.assertEqual([v.split(".")[:2] for v in checked], [slot.split(".")[:2]])
        self.post("/confirm", fresh, slot=checked[0])
        order = self.contract.current_visit_id.sale_order_id
        self.assertEqual(order.order_line.price_unit, 250.0)
        self.assertAlmostEqual(order.amount_total, 282.5)
