import math
from collections import Counter

from odoo import models

from ...recurrence import EPSILON, LONGEST_SERIAL, normalise_serial, split_serials


class SaleOrderLine(models.Model):
    """What deliveries and returns say about the units of a line, and what is odd."""

    _inherit = "sale.order.line"

    def _get_delivered_units(self, product):
        """Return the units that the client has, as (local day, lot) in order.

        Only serials name a unit; lots of several units do not, and a kit is as good
        as delivered when its last part is.
        """
        self.ensure_one()
        moves = self.move_ids.filtered(lambda m: m.state == "done")
        own = moves.filtered(lambda m: m.product_id == product)
        if moves and not own and product == self.product_id:
            day = self.order_id._get_local_day(max(moves.mapped("date")))
            return [(day, self.env["stock.lot"])] * int(max(0, self.qty_delivered))
        units = []
        for line in own.sorted(lambda m: (m.date, m.id)).move_line_ids:
            lot = line.lot_id._filter_named()
            lot = lot if product.tracking == "serial" else lot.browse()
            number = int(line.quantity_product_uom)
            if line.move_id._is_unit_delivery():
                day = self.order_id._get_local_day(line.move_id.date)
                if lot not in [unit[1] for unit in units if unit[1]]:
                    units += [(day, lot)] * number
            elif line.move_id._is_unit_return():
                units = self._return_units(units, lot, number)
        return units

    def _return_units(self, units, lot, number):
        if lot:
            return [unit for unit in units if unit[1] != lot]
        return units[: max(0, len(units) - number)]

    def _apply_deliveries(self):
        """Note on the contracts which unit was delivered for each, and when."""
        self.ensure_one()
        for product in self._get_contracts_in_care().product_id:
            units = self._get_delivered_units(product)
            for day, lot in [unit for unit in units if unit[1]]:
                self._apply_delivered_lot(product, day, lot)
            days = [day for day, lot in units if not lot]
            for contract, day in zip(  # noqa: B905
                self._get_contracts_in_care(product), days
            ):
                contract._set_delivery_day(day)

    def _apply_delivered_lot(self, product, day, lot):
        """Find the contract of a delivered serial: its own, else one without."""
        contracts = self._get_contracts_in_care(product)
        serial = normalise_serial(lot.name)
        known = contracts.filtered(
            lambda c: c.lot_id == lot or c.x_fc_device_serial == serial
        )[:1]
        unnamed = contracts.filtered(lambda c: not c.x_fc_device_serial)
        unnamed = unnamed.sorted(
            lambda c: (c.asked_serial != serial, c._has_serial_question())
        )
        contract = known or unnamed[:1]
        owner = self.order_id.partner_id
        held = lot._get_contracts_in_care(self.company_id)
        if not contract and any(c._has_owner(owner) for c in held):
            return
        if not contract:
            self._report_other_serial(contracts, serial)
            return
        settled = (
            serial if known else self._settle_serial(serial, product, delivered=True)
        )
        if settled is None:
            contract._end(
                self.env._(
                    "Serial %(serial)s was delivered for it, which is already "
                    "under another contract.",
                    serial=serial,
                ),
                "duplicate",
            )
            return
        if settled and contract._has_serial_question():
            contract._withdraw_serial_question()
        if not settled:
            contract._schedule_serial_activity(serial)
        elif contract.lot_id != lot:
            contract._set_delivered_lot(lot)
        contract._set_delivery_day(day)

    def _report_other_serial(self, contracts, serial):
        """Put it to the office when another serial was delivered than was sold."""
        lots = [lot for _day, lot in self._get_delivered_units(contracts.product_id)]
        names = {normalise_serial(lot.name) for lot in lots if lot}
        odd = contracts.filtered(lambda c: c.x_fc_device_serial not in names)[:1]
        odd._notify_office(
            self.env._("Which serial does the client have?"),
            self.env._(
                "Sold was serial %(sold)s, delivered was %(delivered)s.",
                sold=odd.x_fc_device_serial,
                delivered=serial,
            ),
        )

    def _end_returned(self, product, lot, number):
        """End the care of units that came back: the one with the lot, else the last."""
        self.ensure_one()
        contracts = self._get_contracts_in_care(product)
        if lot:
            # Also one that was enrolled by hand, or by an earlier order.
            owner = self.order_id.partner_id
            returned = lot._get_contracts_in_care(self.company_id).filtered(
                lambda c: c._has_owner(owner)
            )
        else:
            returned = contracts._sort_least_known()[:number]
        returned._end(
            self.env._(
                "The unit came back from the client (order %(order)s).",
                order=self.order_id.name,
            ),
            "return",
        )

    def _end_returned_kits(self, returned):
        """End the care of kits that came back whole; ask about one that lacks a part.

        :param returned: the moves of one transfer that took parts back
        """
        self.ensure_one()
        moves = self.move_ids.filtered(lambda m: m.state == "done")
        before = self._count_kits_left(moves - returned)
        number = before - self._count_kits_left(moves)
        if number > 0:
            self._end_returned(self.product_id, False, number)
            return
        in_care = self._get_contracts_in_care(self.product_id)
        in_care._sort_least_known()[:1]._notify_office(
            self.env._("A part came back: does the client keep the unit?"),
            self.env._(
                "Transfer %(transfer)s took back: %(parts)s.",
                transfer=returned.picking_id.name,
                parts=", ".join(returned.product_id.mapped("display_name")),
            ),
        )

    def _count_kits_left(self, moves):
        """Return how many kits the client has, or has a part of, after these moves."""
        left = Counter()
        for move in moves:
            if move._is_unit_delivery():
                left[move.product_id] += move._get_units_moved()
            elif move._is_unit_return():
                left[move.product_id] -= move._get_units_moved()
        parts = self._get_kit_quantities(1.0)
        return max(
            (
                math.ceil(left[part] / need - EPSILON)
                for part, need in parts.items()
                if need
            ),
            default=0,
        )

    # What is odd about a line --------------------------------------------------------

    def _report_bad_input(self, wanted):
        """Tell the office, in one activity, what of the line could not be enrolled."""
        reasons = self._find_bad_quantities(wanted) + self._find_bad_serials(wanted)
        if wanted:
            reasons += self.order_id._find_bad_dates()
        if reasons:
            self.order_id._report_enrolment_problem(self, " ".join(reasons))

    def _find_bad_quantities(self, wanted):
        quantity = self._get_exact_quantity()
        if not wanted:
            return []
        if quantity < 0:
            return [self.env._("The quantity is negative: nothing was enrolled.")]
        if abs(quantity - round(quantity)) > EPSILON:
            return [
                self.env._(
                    "The quantity %(quantity)s is not whole: only whole units were "
                    "enrolled.",
                    quantity=quantity,
                )
            ]
        return []

    def _find_bad_serials(self, wanted):
        typed = split_serials(self.x_fc_serial_number or "")
        reasons = [
            self.env._("Serial %(serial)s is there more than once.", serial=serial)
            for serial in typed.duplicates
        ]
        if any(len(serial) > LONGEST_SERIAL for serial in typed.values):
            reasons.append(
                self.env._(
                    "A serial is longer than %(most)s characters and was left out.",
                    most=LONGEST_SERIAL,
                )
            )
        lost = self._get_free_serials() if wanted else []
        reasons += [
            self.env._(
                "Serial %(serial)s could not be given to a unit: there are more "
                "serials than units, or it is another unit's.",
                serial=serial,
            )
            for serial in lost
            if not self._is_serial_in_care(serial, wanted)
        ]
        reasons += self._find_too_few_serials(typed, wanted)
        missing = self._count_missing_serials(wanted)
        if missing:
            reasons.append(
                self.env._(
                    "%(number)s units of this kind need a serial number that is not "
                    "known.",
                    number=missing,
                )
            )
        return reasons

    def _find_too_few_serials(self, typed, wanted):
        """Return in a sentence that a list of serials is shorter than the units."""
        units = sum(wanted.values())
        if (
            not 0 < len(typed.values) < units
            or len(wanted) > 1  # not every part of a kit has one
            or typed.duplicates
            or not any(map(self._count_without_serial, wanted))
        ):
            return []
        return [
            self.env._(
                "The line has %(units)s units, but serial numbers for %(number)s of "
                "them only.",
                units=units,
                number=len(typed.values),
            )
        ]

    def _count_missing_serials(self, wanted):
        """Return how many units should have a serial that no delivery will tell."""
        return sum(
            self._count_without_serial(product)
            for product in wanted
            if any(
                product.x_fc_repair_category_id._get_lineage().mapped(
                    "x_fc_serial_required"
                )
            )
        )

    def _count_without_serial(self, product):
        """Return how many maintained units have no serial, and are not to get one.

        Those that are tracked get theirs with the delivery, unless it told none.
        """
        in_care = self._get_contracts_in_care(product)
        without = len(in_care.filtered(lambda c: not c.x_fc_device_serial))
        if product.tracking != "serial":
            return without
        units = self._get_delivered_units(product)
        return min(without, sum(not lot for _day, lot in units))

    def _is_serial_in_care(self, serial, wanted):
        """Tell whether the client has a contract for a serial from elsewhere."""
        contracts = self.env["fusion.repair.maintenance.contract"]
        found = contracts._find_in_care(self.order_id.company_id, serial)
        return found.product_id in wanted and found._has_owner(self.order_id.partner_id)
