from odoo import models

from odoo.addons.fusion_tasks.button_context import without_button

from ...recurrence import UNDER_CONTRACT
from .fusion_repair_maintenance_contract_origin import REVIVED_CAUSES
from .sale_order_many_units import MOST_AT_ONCE


class SaleOrderLine(models.Model):
    """The contracts that a sold line wants: made, revived, or ended as surplus."""

    _inherit = "sale.order.line"

    def _sync_corrected(self, former):
        """Bring the contracts in step with a line on which serials were corrected.

        :param former: the serials of the line before
        """
        self._drop_corrected_serials(former)
        return self._sync_maintenance_contracts()

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
        number = sum(missing.values())
        if number > MOST_AT_ONCE and not self.order_id.x_fc_many_units_meant:
            self.order_id._ask_about_many_units(self, number)
            return new
        self.order_id._settle_many_units(self)
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
        typed = self._get_serials()
        for product in in_care.product_id:
            delivered = len(self._get_delivered_units(product))
            units = in_care.filtered(lambda c, own=product: c.product_id == own)
            surplus = units.sorted(
                lambda c: (
                    not c.visit_ids,
                    not c.lot_id,
                    c.x_fc_device_serial not in typed,
                    not c.x_fc_device_serial,
                    c.x_fc_unit_index,
                )
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
        ending = contracts - visited
        ending._end(reason, "quantity")
        ending.filtered(lambda c: c.state == "cancelled")._give_back(reason)

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
        typed = {contract: contract.x_fc_device_serial for contract in back}
        back = back.filtered(
            lambda c: self._is_free_again(c, delivered=c.lot_id in lots)
        )
        for contract in back.filtered(
            lambda c: c.end_cause in REVIVED_CAUSES and c._is_untouched()
        ):
            contract.write(self._prepare_revived_vals(contract))
        back._revive(
            self.env._("Order %(order)s sells it again.", order=self.order_id.name)
        )
        self._ask_about_serials({contract: typed[contract] for contract in back})
        return back

    def _is_free_again(self, contract, delivered):
        """Tell whether a unit can be taken up again, under its serial or without.

        Another client who got it meanwhile keeps it, until the office says otherwise.
        """
        serial, product = contract.x_fc_device_serial, contract.product_id
        if not serial or self._settle_serial(serial, product, delivered) == serial:
            return True
        if not self._find_rival(serial, product):
            return False
        contract.x_fc_device_serial = False
        return True

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
        vals_list, typed = [], []
        for index in free:
            wished = serials.pop(0) if serials else ""
            serial = self._settle_serial(wished, product)
            if serial is not None:
                typed.append(wished)
                vals_list.append(self._prepare_contract_vals(product, index, serial))
        contracts = without_button(self.env["fusion.repair.maintenance.contract"])
        new = contracts.create(vals_list)
        self._ask_about_serials(dict(zip(new, typed, strict=True)))
        return new

    def _prepare_contract_vals(self, product, index, serial):
        """Return the values of the contract of one unit."""
        order = self.order_id
        day, source = order._get_maintenance_anchor()
        return {
            "company_id": order.company_id.id,
            "partner_id": order.partner_id.id,
            "address_id": order.partner_shipping_id.id or order.partner_id.id,
            "product_id": product.id,
            "user_id": order.company_id._fc_may_be_given(order.user_id)
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
