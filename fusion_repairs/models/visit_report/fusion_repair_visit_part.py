from odoo import api, fields, models


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

    def _get_taken(self):
        """Return how much of the part has left the stock for the visit."""
        self.ensure_one()
        return self.move_id.quantity if self.move_id.state == "done" else 0.0

    def _get_late_part_text(self):
        """Return the part as reported, with what left the stock for it before."""
        taken = self._get_taken()
        if not taken:
            return self.display_name
        return self.env._(
            "%(part)s (%(quantity)s booked before)",
            part=self.display_name,
            quantity=f"{taken:g}",
        )
