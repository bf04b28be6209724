import math

from odoo import api, models

from ...recurrence import EPSILON, split_serials

# What a claim says of the line as a whole, not of the kit as a thing.
ABOUT_THE_SALE = ("delivery_date", "service_start_date", "sale_type")


class FusionRepairBackfillScan(models.AbstractModel):
    """A kit that was sold is maintained itself, or the units in it are."""

    _inherit = "fusion.repair.backfill.scan"

    @api.model
    def _split_kit(self, company, row, claims, policies, lots):
        """Yield what of a sale line is to be judged: itself, or the units of a kit.

        :param claims: what the claims say of the line
        :param policies: resolves how a product is maintained
        :param lots: (serial, lot id, still there) by (line, product)
        :return: (row, claims, number of units that come before)
        """
        parts = self._get_maintained_parts(company, row, claims, policies)
        if not parts:
            yield row, claims, 0
            return
        about = {name: claims[name] for name in ABOUT_THE_SALE if name in claims}
        texts = self._share_serials(row, parts, lots)
        before = 0
        for part, number in parts.items():
            template = part.product_tmpl_id
            yield (
                row._replace(
                    product_id=part.id,
                    template_id=template.id,
                    ordered=number,
                    uom_factor=1.0,
                    unit_factor=1.0,
                    serial_text=texts[part],
                    product_company_id=template.company_id.id or None,
                ),
                about,
                before,
            )
            before += number

    @api.model
    def _get_maintained_parts(self, company, row, claims, policies):
        """Return the units in a kit that is not maintained itself, and how many."""
        kit = policies.get_kit(company, row.product_id)
        own = policies.get(row.template_id, claims)[1]
        if not kit or claims.get("is_part") or (own and not own.accessory):
            return {}
        sold = self._get_exact_units(row)
        numbers = {
            part: math.floor(sold * need + EPSILON)
            for part, need in kit.items()
            if (policy := policies.get(part.product_tmpl_id.id, {})[1])
            and not policy.accessory
        }
        return {part: number for part, number in numbers.items() if number > 0}

    @api.model
    def _share_serials(self, row, parts, lots):
        """Return by part the serials typed on the line that are its units'.

        Those that were delivered are known; others go to the parts in their order.
        """
        if len(parts) == 1:
            return dict.fromkeys(parts, row.serial_text)
        typed = list(split_serials(row.serial_text or "").values)
        delivered = {
            part: {serial for serial, *_lot in lots.get((row.line_id, part.id), ())}
            for part in parts
        }
        known = set().union(*delivered.values())
        free = [serial for serial in typed if serial not in known]
        texts = {}
        for part, number in parts.items():
            room = max(0, number - len(delivered[part]))
            own = [serial for serial in typed if serial in delivered[part]]
            texts[part] = own + free[:room]
            free = free[room:]
        return {part: "\n".join(serials) for part, serials in texts.items()}

    @api.model
    def _get_moved(self, company, row, moved, policies):
        """Return the day of delivery, units out and units back of a sold product.

        A kit is as good as delivered when its last part is, and gone when none is
        left.

        :param moved: (day, out, back) by product of the line's moves
        """
        if not moved or row.product_id in moved:
            return moved.get(row.product_id, (None, 0, 0))
        kit = policies.get_kit(company, row.product_id)
        needs = {part.id: need for part, need in kit.items() if need}
        found = {part: facts for part, facts in moved.items() if part in needs}
        if not found:  # delivered was something else than was sold
            days, out, back = zip(*moved.values(), strict=True)
            return min(filter(None, days), default=None), sum(out), sum(back)

        def count(quantities):
            shares = (quantities[part] / needs[part] for part in found)
            return max(0, *(math.ceil(share - EPSILON) for share in shares))

        out = count({part: out for part, (_day, out, _back) in found.items()})
        left = count({part: out - back for part, (_day, out, back) in found.items()})
        days = [day for day, _out, _back in found.values() if day]
        return max(days, default=None), out, out - left
