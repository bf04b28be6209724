from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.fusion_tasks.groups import STAFF

from ...recurrence import UNDER_CONTRACT, normalise_serial


class StockLot(models.Model):
    """A serial is one unit: it has one owner, and one current contract."""

    _name = "stock.lot"
    _inherit = ["stock.lot", "fusion.repair.history.mixin"]

    x_fc_maintenance_contract_ids = fields.One2many(
        "fusion.repair.maintenance.contract",
        "lot_id",
        string="Maintenance Contracts",
        groups=STAFF,
    )
    x_fc_unsafe = fields.Boolean(
        string="Unsafe, Do Not Use",
        readonly=True,
        copy=False,
        help="A visit found this unit unsafe; it stays so whoever owns it, until it is "
        "found in order or released by the office.",
    )

    def write(self, vals):
        """Let contracts bear the new name of their unit."""
        if "x_fc_unsafe" in vals and not self.env.su:
            raise AccessError(
                self.env._(
                    "A unit becomes unsafe by a visit, and is released by a good visit "
                    "or with a reason."
                )
            )
        if "name" not in vals:
            return super().write(vals)
        former = {lot: lot.name for lot in self if lot.name != vals["name"]}
        result = super().write(vals)
        for contract, lot in self._get_contracts_named(former):
            contract._rename_unit(former[lot], lot.name)
        unknown = self.filtered(
            lambda lot: lot in former and not normalise_serial(former[lot] or "")
        )
        named = unknown._filter_named()
        named._follow_deliveries()
        named._take_over_unsafe_units()
        return result

    def _take_over_unsafe_units(self):
        """Keep with lots that have a serial now that their unit is unsafe."""
        # Whoever renames a lot need not know contracts.
        units = self.env["fusion.repair.maintenance.contract"].sudo()
        domain = [("lot_id", "in", self.ids), ("unsafe", "=", True)]
        units.search([*domain, ("state", "in", UNDER_CONTRACT)])._note_on_lot(True)

    def _filter_named(self):
        """Return the lots whose name is a serial, not a word for an unknown one."""
        return self.filtered(lambda lot: normalise_serial(lot.name or ""))

    def _follow_deliveries(self):
        """Note on the contracts which units were delivered, now that it is known."""
        # Whoever renames a lot need not know sales.
        details = self.env["stock.move.line"].sudo()
        found = details.search([("lot_id", "in", self.ids), ("state", "=", "done")])
        found.move_id.sale_line_id._follow_enrolment()

    @api.model
    def _get_contracts_named(self, former):
        """Return the contracts that bear the former names of lots, with their lots.

        Also those that know the serial only, not the lot. A contract on which somebody
        typed another serial keeps that.

        :param former: dict of former names by lot
        :return: list of (contract, lot)
        """
        if not former:
            return []
        serials = {normalise_serial(name or "") for name in former.values()} - {""}
        # Whoever renames a lot need not know contracts, and has a company or two.
        contracts = self.env["fusion.repair.maintenance.contract"].sudo()
        found = contracts.search(
            Domain("product_id", "in", [lot.product_id.id for lot in former])
            & (
                Domain("x_fc_device_serial", "in", list(serials))
                | Domain("lot_id", "in", [lot.id for lot in former])
            )
        )
        pairs = [(contract, contract._find_lot(former)) for contract in found]
        return [(contract, lot) for contract, lot in pairs if lot]

    def _get_contracts_in_care(self, company):
        """Return the current contract of this unit in a company, or none."""
        self.ensure_one()
        contracts = self.env["fusion.repair.maintenance.contract"]
        serial = normalise_serial(self.name)
        if not serial:
            return contracts  # any number of units are called so
        return contracts.search(
            [
                ("company_id", "=", company.id),
                ("product_id", "=", self.product_id.id),
                ("state", "in", UNDER_CONTRACT),
                "|",
                ("lot_id", "=", self.id),
                ("x_fc_device_serial", "=", serial),
            ]
        )

    def _give_to(self, owner, picking):
        """Hand a maintained unit over to whom it was delivered to without a sale.

        Brought to the place where it stands, a care home or a daughter's, it is still
        the same client's.

        :param owner: client that it was delivered to, maybe none
        :param picking: the delivery
        """
        self.ensure_one()
        former = self._get_contracts_in_care(picking.company_id).filtered(
            lambda c: owner and not c._has_owner(owner) and not c._stands_at(owner)
        )
        if not former:
            return
        former._hand_over(owner, picking)
        former[:1].copy(
            {
                "partner_id": owner._fc_get_owner().id,
                "address_id": owner.id,
                "lot_id": self.id,
                "user_id": False,
                "start_date": fields.Date.context_today(picking),
                "start_date_source": "delivery",
                "first_due_date": former[:1].first_due_date,
                "next_due_date": former[:1].next_due_date,
                "state": "active",
            }
        )

    # History -----------------------------------------------------------------

    def _get_history_path(self):
        return "lot_id"
