from datetime import date, timedelta

from odoo import fields, models
from odoo.fields import Domain

# What one technician can still do in one go: half a day, a few units.
MOST_COMPANIONS = 3
MOST_HOURS = 4.0
# How many units of a large house are looked at, the next due first.
MOST_LOOKED_AT = 40
SERIAL_END = 4


class FusionRepairMaintenanceContract(models.Model):
    """Units that are serviced on one visit, because they stand in one place.

    Such units share the technician's task and the order; each keeps its own visit,
    repair order, fee and cycle. The contract that is booked leads, the others go along.
    """

    _inherit = "fusion.repair.maintenance.contract"

    offered_with_id = fields.Many2one(
        "fusion.repair.maintenance.contract",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        readonly=True,
        help="The unit under whose link the last reminder offered this one.",
    )

    def _get_companions(self):
        """Return the units worth servicing on the same visit, the next due first.

        Active and not booked, of the same client at the same place, due within the
        company's number of days of this one, and one technician can serve them all.
        Those that a reminder offered under one link with this one come first, whenever
        they are due. Neighbours in one home are clients of their own: each sees, books,
        pays and is written to about their own units only.

        :return: contracts, at most as many as fit into one visit
        """
        self.ensure_one()
        days = self.company_id.x_fc_bundle_days
        if not days or not self.next_due_date:
            return self.browse()
        around = timedelta(days=days)
        near = Domain("next_due_date", ">=", self.next_due_date - around) & Domain(
            "next_due_date", "<=", self.next_due_date + around
        )
        place = Domain(self._get_same_place_domain())
        found = self.browse()
        lead = self.offered_with_id
        if lead:
            told = Domain("offered_with_id", "=", lead.id)
            found = self.search(place & told, order="next_due_date, id")
        found |= self.search(
            place & near, order="next_due_date, id", limit=MOST_LOOKED_AT
        )
        return self._choose_companions(found) if found else found

    def _get_unit_names(self):
        """Return how these units are called towards their client, in their order.

        Two of one name are told apart: by the end of the serial number, which stands
        on the unit and opens nothing; without one, by number.
        """
        if not self:
            return []
        prices = self._get_price_book()
        key = ("alike", tuple(self.partner_id.ids), tuple(self.product_id.ids))
        known = prices.look_up(key, self._find_alike) if prices else self._find_alike()
        alike = (known | self).grouped(lambda unit: (unit.partner_id, unit.product_id))
        return [
            unit._get_name_among(alike[unit.partner_id, unit.product_id].sorted("id"))
            for unit in self
        ]

    def _find_alike(self):
        """Return the units of the same clients and models, read at once."""
        return self.search_fetch(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("product_id", "in", self.product_id.ids),
                ("state", "in", ("active", "paused")),
            ],
            ["partner_id", "product_id", "x_fc_device_serial"],
        )

    def _get_name_among(self, alike):
        """Return the name of a unit among those of the same client and model."""
        name = self._get_unit_name()
        if len(alike) == 1:
            return name
        ends = [(unit.x_fc_device_serial or "")[-SERIAL_END:] for unit in alike]
        own = (self.x_fc_device_serial or "")[-SERIAL_END:]
        if own and ends.count(own) == 1 and len(self.x_fc_device_serial) > SERIAL_END:
            return self.env._("%(unit)s (serial number …%(end)s)", unit=name, end=own)
        number = alike.ids.index(self.id) + 1
        return self.env._("%(unit)s (no. %(number)s)", unit=name, number=number)

    def _get_same_place_domain(self):
        """Return which other contracts could share a visit, whenever they are due."""
        return [
            ("id", "!=", self.id),
            ("company_id", "=", self.company_id.id),
            ("address_id", "=", self.address_id.id),
            ("partner_id", "=", self.partner_id.id),
            ("state", "=", "active"),
            ("is_booked", "=", False),
        ]

    def _choose_companions(self, found):
        """Return those of the found contracts that fit into one visit with this."""
        chosen = self.browse()
        skilled = self._get_technicians_by_category(self | found)
        technicians, hours = skilled[self.x_fc_policy_category_id], self.duration
        for contract in found:
            if hours + contract.duration > MOST_HOURS:
                continue
            common = technicians & skilled[contract.x_fc_policy_category_id]
            if common:
                technicians, hours = common, hours + contract.duration
                chosen |= contract
            if len(chosen) == MOST_COMPANIONS:
                break
        return chosen

    def _get_technicians_by_category(self, units):
        """Return who may serve units of each of their categories, looked up once."""
        return {
            category: contracts[0]._get_bookable_technicians()
            for category, contracts in units.grouped("x_fc_policy_category_id").items()
        }

    def _get_serving_technicians(self):
        """Return the technicians who may serve all these units."""
        technicians, *others = self._get_technicians_by_category(self).values()
        for skilled in others:
            technicians &= skilled
        return technicians

    def _get_not_bookable_reason(self):
        """Return in a sentence why no visit can be booked now, or False."""
        self.ensure_one()
        if self.state != "active":
            labels = dict(self._fields["state"]._description_selection(self.env))
            return self.env._(
                "The contract is not active (%(state)s).", state=labels[self.state]
            )
        if self.is_booked:
            return self.env._(
                "Booked already (%(when)s).", when=self.current_visit_id._format_when()
            )
        if not self._is_place_known():
            return self.env._("The unit has no address yet. Enter it first.")
        if not self.sudo()._get_bookable_technicians():
            return self._get_skill_missing_reason()
        return False

    def _get_skill_missing_reason(self):
        category = self.x_fc_policy_category_id.display_name
        if not category:
            return self.env._("The company has no technician.")
        return self.env._(
            "No technician has the skill for %(category)s.", category=category
        )

    def _is_place_known(self):
        """Tell whether a technician could find the unit: on the map, or by address."""
        place = self.address_id or self.partner_id
        return None not in self._get_place() or bool(place.street or place.city)

    def _plan_visits(self):
        """Return what cannot be booked, and what is booked together, urgent first.

        Units at one place share a visit if one technician can serve them all.

        :return: pairs of contract and reason; for every visit, a list of pairs of
            contract and whether it is asked for: others at the place are proposed
            beside a single unit
        """
        ordered = self.sorted(lambda c: (c.next_due_date or date.max, c.id))
        blocked = [(c, why) for c in ordered if (why := c._get_not_bookable_reason())]
        left = ordered - self.browse().union(*(c for c, _why in blocked))
        visits, single = [], len(self) == 1
        while left:
            lead = left[0]
            same_place = left.filtered_domain(lead._get_same_place_domain())
            units = lead | lead.sudo()._choose_companions(same_place).sudo(False)
            left -= units
            proposed = self.browse()
            if len(units) == 1:
                proposed = lead.sudo()._get_companions().sudo(False) - self
            visits.append(
                [*((c, True) for c in units), *((c, single) for c in proposed)]
            )
        return blocked, visits

    def _get_bookable_technicians(self):
        """Return the technicians who may serve this unit."""
        self.ensure_one()
        return self.env["res.users"]._fc_get_technicians_for(
            self.x_fc_policy_category_id, self.company_id
        )

    def _get_place(self):
        """Return latitude and longitude of the unit, None where unknown."""
        self.ensure_one()
        place = self.address_id or self.partner_id
        if not (place.partner_latitude or place.partner_longitude):
            return None, None
        return place.partner_latitude, place.partner_longitude
