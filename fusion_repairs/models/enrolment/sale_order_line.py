import math
from collections import Counter

from odoo import api, fields, models

from odoo.addons.fusion_tasks.groups import STAFF

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
        groups=STAFF,
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Enrol what is added to an order that is confirmed already."""
        lines = super().create(vals_list)
        lines._follow_enrolment()
        return lines

    def write(self, vals):
        """Enrol more units or end the care of fewer when a confirmed line changes."""
        typed = self if "x_fc_serial_number" in vals else self.browse()
        former = {line: line._get_serials() for line in typed}
        result = super().write(vals)
        if ENROLMENT_FIELDS & vals.keys():
            self._follow_enrolment(former)
        return result

    def _follow_enrolment(self, former=None):
        """Bring contracts in step with lines of orders that were enrolled.

        :param former: the serials that lines had before they were changed
        """
        for order in self.order_id:
            if order.state == "sale" and order.x_fc_units_enrolled:
                order._enrol_lines(self & order.order_line, former)

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

        Those of a client to whom the order was not sold after all are free again;
        those that the office is asked about are not.
        """
        owner = self.order_id.partner_id
        contracts = self.x_fc_maintenance_contract_ids.filtered(
            lambda c: c.state in UNDER_CONTRACT or c._has_owner(owner)
        )
        known = set(contracts.mapped("x_fc_device_serial"))
        known.update(self._get_contracts_in_care().mapped("asked_serial"))
        return [serial for serial in self._get_serials() if serial not in known]

    def _settle_serial(self, serial, product, delivered=False):
        """Return the serial that a unit is enrolled with, if it still has to be.

        A delivered unit's former contract ends; a serial that was only typed is left
        to the office. A serial that another product bears is not this unit's: it is
        enrolled without, and the office hears of it; so it does when a technician is
        with the former owner right now.

        :param delivered: a lot of this serial was delivered: that is proof
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
        if not delivered:
            return ""
        found._hand_over(order.partner_id, order)
        return serial if found.state == "cancelled" else ""

    def _find_rival(self, serial, product):
        """Return the contract of another client that has a typed serial, or none."""
        contracts = self.env["fusion.repair.maintenance.contract"]
        found = contracts._find_in_care(self.order_id.company_id, serial)
        same = found.product_id.product_tmpl_id == product.product_tmpl_id
        rival = same and not found._has_owner(self.order_id.partner_id)
        return found if rival else found.browse()

    def _ask_about_serials(self, typed):
        """Ask the office about serials that were typed, and are another client's.

        :param typed: dict of serials by contract of this line
        """
        for contract, serial in typed.items():
            rival = self._find_rival(serial, contract.product_id)
            if rival and not contract.x_fc_device_serial:
                contract._ask_about_serial(serial, rival)

    def _spread_serials(self):
        """Give serials that were typed later to the units that have none yet."""
        serials = self._get_free_serials()
        typed = {}
        for contract in self._get_contracts_in_care():
            if not serials:
                break
            if contract.x_fc_device_serial or contract._has_serial_question():
                continue
            typed[contract] = serials.pop(0)
            serial = self._settle_serial(typed[contract], contract.product_id)
            if serial:
                contract.x_fc_device_serial = serial
        self._ask_about_serials(typed)

    # Corrections ---------------------------------------------------------------------

    def _drop_corrected_serials(self, former):
        """Take back what rests on serials that were typed here and are not any more.

        What was delivered, and what somebody typed on the contract, stays.

        :param former: the serials of the line before
        """
        gone = set(former) - set(self._get_serials())
        if not gone:
            return
        in_care = self._get_contracts_in_care()
        in_care.filtered(
            lambda c: c.asked_serial in gone and c.serial_answer != "same"
        )._withdraw_serial_question()
        wrong = in_care.filtered(
            lambda c: c.x_fc_device_serial in gone and not c.lot_id
        )
        for contract in wrong:
            contract._message_log(
                body=self.env._(
                    "Serial %(serial)s was corrected on order %(order)s.",
                    serial=contract.x_fc_device_serial,
                    order=self.order_id.name,
                )
            )
        wrong.x_fc_device_serial = False
        wrong.flush_recordset(["x_fc_device_serial"])
        wrong._give_back(
            self.env._(
                "The serial number on order %(order)s was corrected: the unit is this "
                "client's again.",
                order=self.order_id.name,
            )
        )
