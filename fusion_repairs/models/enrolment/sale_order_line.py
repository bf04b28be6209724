import math
from collections import Counter

from odoo import api, fields, models

from ...recurrence import EPSILON, LONGEST_SERIAL, UNDER_CONTRACT, split_serials

ENROLMENT_FIELDS = {
    "product_id",
    "product_uom_id",
    "product_uom_qty",
    "x_fc_serial_number",
}


class SaleOrderLine(models.Model):
    """Lines that sell units: their serials, and the contracts that follow."""

    _inherit = "sale.order.line"

    x_fc_serial_number = fields.Text(
        string="Serial Numbers",
        copy=False,
        help="One serial number for each unit: one a line, or separated by commas, "
        "semicolons or “&”. Leave it empty where the serial number is not known.",
    )
    x_fc_maintenance_contract_ids = fields.One2many(
        "fusion.repair.maintenance.contract",
        "x_fc_source_sale_line_id",
        string="Maintenance Contracts",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Enrol what is added to an order that is confirmed already."""
        lines = super().create(vals_list)
        lines._follow_enrolment()
        return lines

    def write(self, vals):
        """Enrol more units or end the care of fewer when a confirmed line changes."""
        result = super().write(vals)
        if ENROLMENT_FIELDS & vals.keys():
            self._follow_enrolment()
        return result

    def _follow_enrolment(self):
        for order in self.order_id:
            if order.state == "sale" and order.x_fc_units_enrolled:
                order._enrol_lines(self & order.order_line)

    # What the line sells -----------------------------------------------------------

    def _get_maintained_products(self):
        """Return what of the line is maintained: a dict of product to whole units.

        A kit that is not maintained itself may contain units that are.
        """
        self.ensure_one()
        sold = self._get_sold_units()
        own = self.product_id
        if own in sold and self._get_policy(own).enabled:
            return {own: sold[own]}
        return {unit: n for unit, n in sold.items() if self._get_policy(unit).enabled}

    def _get_sold_units(self):
        """Return the line's product and what a kit is made of, in whole units."""
        self.ensure_one()
        product = self.product_id
        # The items of a combo are lines of their own.
        if self.display_type or self.is_downpayment or product.type == "combo":
            return {}
        quantities = Counter()
        if product:
            quantity = self._get_exact_quantity()
            quantities += self._get_kit_quantities(quantity)
            quantities[product] += quantity
        return {
            unit: max(0, math.floor(number + EPSILON))
            for unit, number in quantities.items()
        }

    def _get_exact_quantity(self):
        """Return the quantity in the product's own unit of measure, not rounded."""
        return self.product_uom_id._compute_quantity(
            self.product_uom_qty, self.product_id.uom_id, round=False
        )

    def _get_policy(self, product):
        company = self.order_id.company_id
        return product.product_tmpl_id._get_maintenance_policy(company)

    def _get_kit_quantities(self, quantity):
        """Return the components of a kit by product, where kits are known at all."""
        return self.product_id._get_kit_quantities(self.company_id, quantity)

    # Serials -------------------------------------------------------------------------

    def _get_serials(self):
        """Return the serials typed on the line that can be meant."""
        values = split_serials(self.x_fc_serial_number or "").values
        return [serial for serial in values if len(serial) <= LONGEST_SERIAL]

    def _get_free_serials(self):
        """Return the serials of the line that no contract of the line has.

        Those of a client to whom the order was not sold after all are free again.
        """
        owner = self.order_id.partner_id
        contracts = self.x_fc_maintenance_contract_ids.filtered(
            lambda c: c.state in UNDER_CONTRACT or c._has_owner(owner)
        )
        known = set(contracts.mapped("x_fc_device_serial"))
        return [serial for serial in self._get_serials() if serial not in known]

    def _settle_serial(self, serial, product):
        """Return the serial that a unit is enrolled with, if it still has to be.

        A former owner's contract ends. A serial that another product bears is not
        this unit's: it is enrolled without, and the office hears of it; so it does
        when a technician is with the former owner right now.

        :return: a serial, an empty text, or None for a unit already under contract
        """
        contracts = self.env["fusion.repair.maintenance.contract"]
        order = self.order_id
        found = contracts._find_in_care(order.company_id, serial)
        if not found:
            return serial
        if found.product_id.product_tmpl_id != product.product_tmpl_id:
            return ""
        if found._has_owner(order.partner_id):
            return None
        found._hand_over(order.partner_id, order)
        return serial if found.state == "cancelled" else ""

    def _spread_serials(self):
        """Give serials that were typed later to the units that have none yet."""
        serials = self._get_free_serials()
        for contract in self._get_contracts_in_care():
            if serials and not contract.x_fc_device_serial:
                serial = self._settle_serial(serials.pop(0), contract.product_id)
                if serial:
                    contract.x_fc_device_serial = serial
