from odoo import models


class PriceBook:
    """Prices that were worked out, for a batch of mails or for the parts of a page.

    It travels in the context, for the template of a mail takes no arguments. A call
    from outside cannot make one, as nothing in JSON becomes an instance of this class.
    """

    def __init__(self, by_zip, without_plans=()):
        """Start with no price.

        :param by_zip: taxes may depend on the postal code
        :param without_plans: ids of contracts that no service plan pays for
        """
        self.by_zip = by_zip
        self.without_plans = without_plans
        self._prices = {}

    def look_up(self, key, work_out):
        """Return the price of a key, worked out the first time.

        :param work_out: function that returns it
        """
        if key not in self._prices:
            self._prices[key] = work_out()
        return self._prices[key]


class FusionRepairMaintenanceContract(models.Model):
    """What a visit costs, to one unit or to several together."""

    _inherit = "fusion.repair.maintenance.contract"

    def _get_fee_breakdown(self, fee=None):
        """Return what a visit costs, tax by tax, in the language of the reader.

        With a PriceBook it is worked out once for all contracts that share the price.

        :param fee: agreed when a visit was booked; the contract's own unless told
        :return: dict of untaxed, taxes as (name, amount) pairs, total, currency, and
            tax_open: whether nobody decided about the tax, no_charge: in words, where
            there is nothing to pay
        """
        self.ensure_one()
        if fee is None:
            fee = self._get_visit_fees()[self.id]
        prices = self._get_price_book() or PriceBook(by_zip=True)
        price = prices.look_up(
            self._get_price_key(fee, prices.by_zip), lambda: self._work_out_fee(fee)
        )
        return {**price, "no_charge": self._get_no_charge_text(price)}

    def _work_out_fee(self, fee):
        """Return what ``_get_fee_breakdown`` promises, whatever is known already."""
        line = self._for_booking()._prepare_fee_line(fee)
        price = self._sum_fee_lines([line])
        names = ("untaxed", "taxes", "tax_open", "total", "currency")
        return {name: price[name] for name in names}

    def _get_bundle_breakdown(self, visits=None, fees=None):
        """Return what a visit to these units costs, unit by unit and tax by tax.

        Rounded over all units together, as their order is: with taxes that are rounded
        globally, the prices of the units one by one may add up to a cent more.

        :param visits: the booked visits, whose fees count then instead of the
            contracts' own
        :param fees: by contract id, if they were worked out for more units together
        :return: dict of units as (name, untaxed) pairs, taxes as (name, amount) pairs,
            untaxed, total, currency, and tax_open: whether nobody decided about the tax
        """
        agreed = {visit.contract_id.id: visit.x_fc_fee for visit in visits or ()}
        agreed = (fees or self._get_visit_fees()) | agreed
        if len(self) == 1:
            price = self._get_fee_breakdown(agreed.get(self.id))
            return {**price, "units": [(self._get_unit_name(), price["untaxed"])]}
        prices = self._get_price_book() or PriceBook(by_zip=True)
        price = prices.look_up(
            (self._ids, tuple(agreed[unit.id] for unit in self), self.env.lang),
            lambda: self[0]._sum_fee_lines(
                [
                    unit._for_booking()._prepare_fee_line(agreed.get(unit.id))
                    for unit in self
                ]
            ),
        )
        names = self._get_unit_names()
        return {
            **price,
            "units": list(zip(names, price["lines"], strict=True)),
            "no_charge": " ".join(
                dict.fromkeys(unit._get_no_charge_text(price) for unit in self)
            ),
        }

    def _get_no_charge_text(self, price=None):
        """Return that there is nothing to pay and why; "" where there is.

        :param price: as of ``_get_fee_breakdown``; none where the caller knows
        """
        if price and not price["currency"].is_zero(price["total"]):
            return ""
        plan = self._get_plan_text()
        why = plan or {
            "warranty": self.env._("The warranty covers it."),
            "funded": self.env._("A funding program pays for it."),
            "courtesy": self.env._("It is with our compliments."),
        }.get(self.no_charge_reason, self.env._("It is included with your equipment."))
        return f"{self.env._('There is no charge for this visit.')} {why}"

    # Worked out once ------------------------------------------------------------

    def _get_price_book(self):
        """Return the PriceBook that is kept for this batch or page, or None."""
        prices = self.env.context.get("fc_prices")
        return prices if isinstance(prices, PriceBook) else None

    def _has_taxes_by_zip(self):
        """Tell whether a fiscal position applies to some postal codes only."""
        positions = self.env["account.fiscal.position"].sudo()  # no more than whether
        return bool(positions.search_count([("zip_from", "!=", False)], limit=1))

    def _get_price_key(self, fee, by_zip):
        """Return everything that a price and the names of its taxes depend on."""
        places = (self.partner_id, self.address_id)
        return (
            self.env.lang,
            self.company_id.id,
            self.product_id.id,
            self.x_fc_maintenance_fee if fee is None else fee,
            *((p.lang, p.vat, p.country_id.id, p.state_id.id) for p in places),
            *(by_zip and p.zip for p in places),
            *(p.property_account_position_id.id for p in places),
        )

    # How an order computes it ----------------------------------------------------

    def _prepare_fee_line(self, fee=None):
        """Return the fee as Odoo's tax computation takes it.

        As sale orders compute it: compute_all would also look for accounts and tags.
        """
        self.ensure_one()
        product = self._get_service_product()
        taxes = product.taxes_id._filter_taxes_by_company(self.company_id)
        position = self.env["account.fiscal.position"]._get_fiscal_position(
            self.partner_id, delivery=self.address_id
        )
        return taxes._prepare_base_line_for_taxes_computation(
            None,
            partner_id=self.address_id,
            currency_id=self.currency_id,
            product_id=product,
            tax_ids=position.map_tax(taxes),
            price_unit=self.x_fc_maintenance_fee if fee is None else fee,
            quantity=1.0,
        )

    def _sum_fee_lines(self, lines):
        """Return what an order of these lines comes to, rounded as a whole.

        :return: dict of lines (untaxed), taxes as (name, amount) pairs, untaxed, total,
            currency
        """
        tax_model, currency = self.env["account.tax"].sudo(), self.currency_id
        words = self.env["fusion.repair.public.words"]
        tax_model._add_tax_details_in_base_lines(lines, self.company_id)
        tax_model._round_base_lines_tax_details(lines, self.company_id)
        parts, taxes = [], {}
        for details in (line["tax_details"] for line in lines):
            delta = details["delta_total_excluded_currency"]
            parts.append(currency.round(details["total_excluded_currency"] + delta))
            for each in details["taxes_data"]:
                name = words._format_tax_name(each["tax"].name)
                taxes[name] = taxes.get(name, 0.0) + each["tax_amount_currency"]
        untaxed, total = sum(parts), sum(parts) + sum(taxes.values())
        return {
            "lines": parts,
            "taxes": [(name, currency.round(taxes[name])) for name in taxes],
            "untaxed": currency.round(untaxed),
            "total": currency.round(total),
            "tax_open": not taxes and self._is_tax_open(lines),
            "currency": currency,
        }

    def _is_tax_open(self, lines):
        """Tell whether a line has no tax, and nobody decided that it should not."""
        company = self.company_id
        return any(
            line["product_id"].product_tmpl_id._is_sale_tax_open(company)
            for line in lines
        )
