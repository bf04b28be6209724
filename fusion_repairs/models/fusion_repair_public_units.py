"""Several units of one place: which are offered together, and what that costs."""

from urllib.parse import urlencode

from odoo import models
from odoo.tools.i18n import format_list


class FusionRepairPublicPage(models.AbstractModel):
    """The part of the booking page about other units at the same address.

    Without a script a time is offered for a fixed set of units, so adding or leaving
    out one is a link to the page with the times for that set: nobody can leave one
    out and then book times that were meant for all.
    """

    _inherit = "fusion.repair.public.page"

    def _prepare_units(self, contract, offered, chosen, query):
        """Return the other units that can be looked after too, one by one."""
        fees = [(unit, unit._get_fee_breakdown()) for unit in offered]
        return {
            "units": [
                {
                    "name": unit._get_unit_name(),
                    "price": self._say_amount(fee["untaxed"], fee["currency"]),
                    "chosen": unit in chosen,
                    "url": self._get_units_url(
                        contract,
                        chosen - unit if unit in chosen else chosen | unit,
                        query,
                    ),
                }
                for unit, fee in fees
            ],
            "units_value": contract._say_units(chosen) if offered else "",
        }

    def _get_units_url(self, contract, units, query):
        """Return the address of the page with the times for these units together."""
        values = {
            "units": contract._say_units(units),
            "view": query.get("view"),
            "lang": self.env.lang if query.get("lang") == self.env.lang else None,
        }
        values = {name: value for name, value in values.items() if value}
        return f"{contract._get_public_url()}?{urlencode(values)}#fc-units"

    def _prepare_companions(self, contract, companions):
        """Return the names of the units, first the one that the link belongs to."""
        names = [unit._get_unit_name() for unit in companions]
        own = contract._get_unit_name()
        return {
            "other_units": names,
            "all_units": format_list(self.env, [own, *names]),
            "only_label": self.env._("Cancel only this: %(unit)s", unit=own),
        }

    def _choose_units(self, contract, query):
        """Return the units that could be looked after together, and those that shall.

        All of them unless the visitor left some out.
        """
        offered = contract._get_companions()
        value = query.get("units")
        if value is None:
            return offered, offered
        return offered, contract._read_units(value, offered)
