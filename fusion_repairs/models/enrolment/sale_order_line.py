import math
from collections import Counter

from odoo import api, fields, models

from odoo.addons.fusion_tasks.button_context import without_button

from ...recurrence import EPSILON, LONGEST_SERIAL, UNDER_CONTRACT, split_serials
from .fusion_repair_maintenance_contract_origin import REVIVED_CAUSES

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

    # Keeping contracts in step -------------------------------------------------------

    def _sync_maintenance_contracts(self):
        """Give every unit of the line that is maintained exactly one contract.

        Safe to run again, whatever changed: more units or fewer, serials, deliveries.
        :return: the new contracts
        """
        self.ensure_one()
        new = self.env["fusion.repair.maintenance.contract"]
        wanted = self._get_maintained_products()
        if not wanted and not self.x_fc_maintenance_contract_ids:
            return new
        self.x_fc_maintenance_contract_ids._forget_unknown_serials()
        self._end_surplus_contracts()
        missing = {}
        for product, quantity in wanted.items():
            number = self._count_missing(product, quantity)
            missing[product] = number - len(self._revive_contracts(product, number))
        self._spread_serials()  # before new units take them
        for product, number in missing.items():
            new |= self._create_contracts(product, number)
        self._apply_deliveries()
        self._report_bad_input(wanted)
        return new

    def _get_contracts(self, product=None):
        contracts = self.x_fc_maintenance_contract_ids.sorted("x_fc_unit_index")
        return contracts.filtered(lambda c: not product or c.product_id == product)

    def _get_contracts_in_care(self, product=None):
        return self._get_contracts(product).filtered(
            lambda c: c.state in UNDER_CONTRACT
        )

    def _end_surplus_contracts(self):
        """End the care of units that are not sold any more, the last ones first.

        What is maintained may have changed since: only the quantity counts.
        """
        sold = self._get_sold_units()
        in_care = self._get_contracts_in_care()
        for product in in_care.product_id:
            delivered = len(self._get_delivered_units(product))
            units = in_care.filtered(lambda c, own=product: c.product_id == own)
            surplus = units.sorted(
                lambda c: (not c.visit_ids, not c.lot_id, c.x_fc_unit_index)
            )[max(sold.get(product, 0), delivered) :]
            self._let_go(surplus)

    def _let_go(self, contracts):
        reason = self.env._(
            "Order %(order)s was changed: this unit is not sold any more.",
            order=self.order_id.name,
        )
        visited = contracts.filtered("visit_ids")
        visited._notify_office(
            self.env._("Does the client still have it?"), reason, reason="still_there"
        )
        (contracts - visited)._end(reason, "quantity")

    def _count_missing(self, product, quantity):
        """Return how many units have no contract, sold or delivered ones."""
        contracts = self._get_contracts(product)
        live = contracts.filtered(lambda c: c.state in UNDER_CONTRACT)
        ended = contracts.filtered(
            lambda c: c.state == "cancelled" and c.end_cause not in REVIVED_CAUSES
        )
        for_good = ended.filtered(lambda c: c.end_cause != "return")
        delivered = len(self._get_delivered_units(product))
        return max(
            0,
            quantity - len(live) - len(ended),
            delivered - len(live) - len(for_good),
        )

    def _revive_contracts(self, product, number):
        """Take up contracts that ended only because the unit was not sold any more."""
        units = self._get_delivered_units(product)
        lots = [lot for _day, lot in units if lot]

        def is_back(contract):
            if contract.state != "cancelled":
                return False
            if contract.end_cause == "return":
                return contract.lot_id in lots if contract.lot_id else bool(units)
            return contract.end_cause in REVIVED_CAUSES and not contract.visit_ids

        owner = self.order_id.partner_id
        back = self._get_contracts(product).filtered(
            lambda c: c._has_owner(owner) and is_back(c)
        )[:number]
        back = back.filtered(
            lambda c: (
                self._settle_serial(c.x_fc_device_serial, product)
                == c.x_fc_device_serial
            )
        )
        for contract in back.filtered(
            lambda c: c.end_cause in REVIVED_CAUSES and c._is_untouched()
        ):
            contract.write(self._prepare_revived_vals(contract))
        back._revive(
            self.env._("Order %(order)s sells it again.", order=self.order_id.name)
        )
        return back

    def _prepare_revived_vals(self, contract):
        """Return what the order says now of a unit that it sells again.

        The fee stays as agreed: Refresh from Policy shows another one.
        """
        new = self._prepare_contract_vals(
            contract.product_id, contract.x_fc_unit_index, contract.x_fc_device_serial
        )
        names = ("partner_id", "address_id", "user_id", "start_date")
        vals = {name: new[name] for name in (*names, "start_date_source")}
        return vals | contract._prepare_first_cycle(new["start_date"])

    def _create_contracts(self, product, number):
        """Enrol a number of units more, each under the next free number."""
        used = set(self._get_contracts().mapped("x_fc_unit_index"))
        free = [i for i in range(1, len(used) + number + 1) if i not in used][:number]
        serials = self._get_free_serials()
        vals_list = []
        for index in free:
            serial = self._settle_serial(serials.pop(0) if serials else "", product)
            if serial is not None:
                vals_list.append(self._prepare_contract_vals(product, index, serial))
        contracts = without_button(self.env["fusion.repair.maintenance.contract"])
        return contracts.create(vals_list)

    def _prepare_contract_vals(self, product, index, serial):
        """Return the values of the contract of one unit."""
        order = self.order_id
        day, source = order._get_maintenance_anchor()
        return {
            "company_id": order.company_id.id,
            "partner_id": order.partner_id.id,
            "address_id": order.partner_shipping_id.id or order.partner_id.id,
            "product_id": product.id,
            "user_id": order.user_id._fc_may_follow_up(order.company_id)
            and order.user_id.id,
            "sale_order_id": order.id,
            "start_date": day,
            "start_date_source": source,
            "state": "active",
            "x_fc_source": "sale",
            "x_fc_source_sale_line_id": self.id,
            "x_fc_unit_index": index,
            "x_fc_device_serial": serial,
            "x_fc_maintenance_fee": self._get_policy(product).fee,
        }

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
