from odoo import api, fields, models

from ...tools.money import format_amount


class FusionRepairVisitPart(models.Model):
    """A part that was used on a visit, taken from stock when the visit is done."""

    _name = "fusion.repair.visit.part"
    _description = "Part Used on a Visit"
    _order = "id"

    visit_id = fields.Many2one(
        "fusion.repair.maintenance.visit",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="visit_id.company_id", store=True)
    product_id = fields.Many2one(
        "product.product", string="Part", required=True, ondelete="restrict"
    )
    quantity = fields.Float(
        string="Used", default=1.0, digits="Product Unit", required=True
    )
    uom_id = fields.Many2one(related="product_id.uom_id")
    move_id = fields.Many2one(
        "stock.move",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="What took the part from stock; also the line that was planned.",
    )
    device_key = fields.Char(
        readonly=True, copy=False, help="By which a device knows the part it added."
    )
    planned = fields.Float(
        digits="Product Unit", readonly=True, help="As the office planned it."
    )

    charged = fields.Boolean(
        default=True,
        help="Not ticked: the client is not billed for it, having not agreed to it.",
    )
    price_unit = fields.Float(
        digits="Product Price",
        readonly=True,
        copy=False,
        help="The unit price shown when the report was sent, as on the order.",
    )

    _device_key_unique = models.UniqueIndex(
        "(visit_id, device_key) WHERE device_key IS NOT NULL"
    )
    _quantity_not_negative = models.Constraint(
        "CHECK (quantity >= 0)", "The quantity of a part cannot be negative."
    )

    @api.depends("product_id.name", "quantity")
    def _compute_display_name(self):
        for part in self:
            part.display_name = f"{part.quantity:g} × {part.product_id.display_name}"

    # What it costs -------------------------------------------------------------------

    def _is_charged(self):
        """Tell whether the client is billed for the part."""
        self.ensure_one()
        return bool(self.charged and self.quantity)

    def _get_text(self):
        """Return how much of what, as the client reads it."""
        self.ensure_one()
        return f"{self.quantity:g} × {self.product_id.name}"

    def _get_price_unit(self):
        """Return what one costs on the client's order, with the system's rights.

        What was told once stands, also on a report that is sent again; what the office
        planned costs what the office has put on the order.
        """
        self.ensure_one()
        line = self.move_id.sale_line_id
        if self.price_unit:
            return self.price_unit
        if line and self.planned:
            return line.price_unit * (1 - line.discount / 100)
        visit = self.visit_id
        order = visit.repair_order_id.sale_order_id or visit.sale_order_id
        if not order or visit.repair_order_id.under_warranty:
            return 0.0
        product = self.product_id.with_company(visit.company_id)
        price = order.pricelist_id._get_product_price(
            product,
            self.quantity or 1.0,
            currency=visit.currency_id,
            uom=self.uom_id,
            date=fields.Datetime.now(),
        )
        return product._get_tax_included_unit_price_from_price(
            price,
            product_taxes=product.taxes_id._filter_taxes_by_company(visit.company_id),
            fiscal_position=self._get_fiscal_position(),
        )

    def _get_price_text(self):
        """Return the price of one and of all, with tax, in words; or no charge."""
        if not self or not self.quantity:
            return ""
        if not self.charged:
            return self.env._("No charge")
        charges = self.visit_id._get_charges()
        amount = dict(charges["parts"])[self]

        def say(value):
            return format_amount(self.env, value, charges["currency"])

        return self.env._(
            "%(price)s each; %(amount)s with tax",
            price=say(self._get_price_unit()),
            amount=say(amount),
        )

    def _get_fiscal_position(self):
        contract = self.visit_id.contract_id._for_booking()
        return self.env["account.fiscal.position"]._get_fiscal_position(
            contract.partner_id, delivery=contract.address_id
        )

    def _prepare_price_line(self):
        """Return the part as Odoo's tax computation takes it."""
        self.ensure_one()
        visit = self.visit_id
        taxes = self.product_id.taxes_id._filter_taxes_by_company(visit.company_id)
        ordered = self.move_id.sale_line_id
        return taxes._prepare_base_line_for_taxes_computation(
            None,
            partner_id=visit.address_id,
            currency_id=visit.currency_id,
            product_id=self.product_id,
            tax_ids=ordered.tax_ids
            if ordered
            else self._get_fiscal_position().map_tax(taxes),
            price_unit=self._get_price_unit(),
            quantity=self.quantity,
        )

    def _bill_as_agreed(self):
        """Have the client's order say what was agreed, and nothing for what was not.

        Before the report is sent nobody has agreed to what the technician added; what
        the office planned has the office's own price.
        """
        self.ensure_one()
        line = self.move_id.sale_line_id
        reported = self.visit_id.reported_at
        if not line or line.qty_invoiced or not (reported or not self.planned):
            return
        line.write(
            {
                "price_unit": self._get_agreed_price() if reported else 0.0,
                "technical_price_unit": -1.0,  # as typed by hand: Odoo keeps it
                "discount": 0.0,
            }
        )

    def _get_agreed_price(self):
        return self.price_unit if self.charged else 0.0

    def _is_invoiced_otherwise(self):
        """Tell whether an invoice says another price than what was agreed."""
        self.ensure_one()
        line = self.move_id.sale_line_id
        return bool(line.qty_invoiced) and bool(
            line.currency_id.compare_amounts(line.price_unit, self._get_agreed_price())
        )

    # What left the stock -------------------------------------------------------------

    def _get_taken(self):
        """Return how much of the part has left the stock for the visit."""
        self.ensure_one()
        return self.move_id.quantity if self.move_id.state == "done" else 0.0

    def _get_late_part_text(self):
        """Return the part as reported, with what left the stock for it before."""
        taken = self._get_taken()
        text = self.display_name
        if taken:
            text = self.env._(
                "%(part)s (%(quantity)s booked before)",
                part=text,
                quantity=f"{taken:g}",
            )
        if not self.charged:
            text = self.env._("%(part)s, not to be charged", part=text)
        return text
