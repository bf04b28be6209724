from odoo import api, fields, models

from ...recurrence import SaleFact, UnitPolicy, propose
from .fusion_repair_backfill_facts import CHUNK
from .fusion_repair_backfill_plan import PlanUnit

AREA_LENGTH = 3


class FusionRepairBackfillScan(models.AbstractModel):
    """Turns past sales into proposals. It reads; it never writes.

    Collect rows, make facts of them, let the pure rules propose, lay the result out
    as the columns of a line.
    """

    _name = "fusion.repair.backfill.scan"
    _description = "Scan of Past Sales"

    @api.model
    def _count_sales(self, scope):
        """Return how many sale lines a scan would look at."""
        facts = self.sudo().env["fusion.repair.backfill.facts"]
        return sum(
            len(facts.with_company(company)._get_line_ids(company, scope))
            for company in self.env["res.company"].sudo().browse(scope.company_ids)
        )

    @api.model
    def _scan(self, scope, tell=None):
        """Yield what becomes of every past sale in scope, as dicts of COLUMNS.

        :param tell: called with the number of sale lines that were read, again and
            again
        """
        for company in self.env["res.company"].sudo().browse(scope.company_ids):
            scan = self.sudo().with_company(company)
            facts = scan.env["fusion.repair.backfill.facts"]
            line_ids = facts._get_line_ids(company, scope)
            sales = scan._collect(company, scope, line_ids, tell)
            known = facts._get_known(company)
            units = scan._propose(company, sales, known)
            planned = scan._stagger(company, scope, units, sales)
            yield from scan._lay_out(units, sales, planned)

    @api.model
    def _scan_again(self, company, scope, line_ids, hand_after):
        """Return what becomes of these lines now, by (line, unit), as dicts."""
        scan = self.sudo().with_company(company)
        facts = scan.env["fusion.repair.backfill.facts"]
        sales = scan._collect(company, scope, line_ids)
        serials = {serial for sale in sales.values() for serial in sale.fact.serials}
        rows = [sale.row for sale in sales.values()]
        known = facts._get_known(company, rows, serials, hand_after)
        units = scan._propose(company, sales, known)
        return {
            (unit.fact.line_id, unit.index): scan._to_values(
                unit, sales[_key(unit)], {}
            )
            for unit in units
        }

    @api.model
    def _propose(self, company, sales, known):
        today = company._get_today()
        return propose((sale.fact for sale in sales.values()), known, today)

    # Collecting ----------------------------------------------------------------

    @api.model
    def _collect(self, company, scope, line_ids, tell=None):
        """Return by line id the Sales in scope, in the order of the ids."""
        sales, policies = {}, _Policies(self.env, company)
        wanted = self.env["fusion.repair.product.category"].browse(scope.category_ids)
        if wanted:
            wanted = wanted.search([("id", "child_of", wanted.ids)])
        category_ids = set(wanted.ids)
        for start in range(0, len(line_ids), CHUNK):
            chunk = line_ids[start : start + CHUNK]
            for sale in self._collect_chunk(company, chunk, policies):
                sale_type = sale.claims.get("sale_type")
                if scope.sale_types and sale_type not in scope.sale_types:
                    continue
                if not category_ids or sale.category_id in category_ids:
                    sales[sale.row.line_id, sale.row.product_id] = sale
            if tell:
                tell(len(chunk))
        return sales

    @api.model
    def _collect_chunk(self, company, line_ids, policies):
        facts = self.env["fusion.repair.backfill.facts"]
        deliveries = facts._get_deliveries(company, line_ids)
        invoices = facts._get_invoice_days(line_ids)
        lots = facts._get_lots(line_ids)
        claims = facts._get_claims_facts(line_ids)
        split = (
            (*found, deliveries.get(sold.line_id, {}))
            for sold in facts._get_rows(company, line_ids)
            for found in self._split_kit(
                company, sold, claims.get(sold.line_id) or {}, policies, lots
            )
        )
        for row, known, before, moved in split:
            policy, unit_policy = policies.get(row.template_id, known)
            key = (row.line_id, row.product_id)
            sale = _Sale(row, known, policy, lots.get(key, ()))
            sale.before = before
            day, out, back = self._get_moved(company, row, moved, policies)
            sale.dates = (
                ("adp_delivery", _to_day(known.get("delivery_date"))),
                ("adp_service", _to_day(known.get("service_start_date"))),
                ("delivery", day),
                ("invoice", invoices.get(row.line_id)),
                ("order", row.order_day),
            )
            sale.fact = self._to_fact(sale, unit_policy, out, back)
            yield sale

    @api.model
    def _get_exact_units(self, row):
        """Return the quantity in the product's own unit of measure."""
        quantity = row.ordered or 0.0
        if row.uom_factor and row.unit_factor:
            quantity *= row.uom_factor / row.unit_factor
        return quantity

    @api.model
    def _to_fact(self, sale, unit_policy, out, back):
        row = sale.row
        typed, serials = self.env["fusion.repair.backfill.facts"]._split_serials(
            row, sale.lots
        )
        quantity = self._get_exact_units(row)
        returned = max(0.0, min(back, quantity - (out - back))) if back else 0.0
        return SaleFact(
            line_id=row.line_id,
            company_id=row.company_id,
            partner_id=row.partner_id,
            client_id=row.client_id,
            firm_id=row.firm_id,
            product_id=row.product_id,
            quantity=quantity,
            policy=unit_policy,
            dates=sale.dates,
            serials=serials,
            repeated=typed.duplicates,
            returned_serials=frozenset(
                serial for serial, _lot, there in sale.lots if not there
            ),
            returned=returned,
            down_payment=bool(row.down_payment),
            is_part=bool(sale.claims.get("is_part")),
            objection=sale.get_objection(),
            offset=sale.before,
        )

    # Spreading -----------------------------------------------------------------

    @api.model
    def _stagger(self, company, scope, units, sales):
        """Return by (line, unit) when each new unit falls due, and may be emailed."""
        return self.env["fusion.repair.backfill.plan"]._plan(
            company,
            scope,
            (
                PlanUnit(
                    (unit.fact.line_id, unit.index),
                    unit.due,
                    _get_area(sales[_key(unit)].row),
                    sales[_key(unit)].is_safety_critical(),
                    unit.fact.partner_id,
                    unit.anchor,
                )
                for unit in units
                if unit.status == "new"
            ),
        )

    # Laying out ----------------------------------------------------------------

    @api.model
    def _lay_out(self, units, sales, planned):
        contract_ids = [unit.contract_id for unit in units if unit.contract_id]
        contracts = self.env["fusion.repair.maintenance.contract"].browse(contract_ids)
        contracts.fetch(["name"])
        names = dict(zip(contracts.ids, contracts.mapped("name"), strict=False))
        others = {unit.other_line_id for unit in units if unit.other_line_id}
        lines = self.env["sale.order.line"].browse(others)
        order_names = {line.id: line.order_id.name for line in lines}
        for unit in units:
            sale = sales[_key(unit)]
            values = self._to_values(unit, sale, planned)
            values["detail"] = (
                order_names.get(unit.other_line_id)
                or names.get(unit.contract_id)
                or (", ".join(unit.fact.repeated) or None)
            )
            yield values

    @api.model
    def _to_values(self, unit, sale, planned):
        """Return a proposal as the values of a line."""
        row, policy, fact = sale.row, sale.policy, unit.fact
        due, mail_until = planned.get((fact.line_id, unit.index), (None, None))
        lots = {serial: lot_id for serial, lot_id, _there in sale.lots}
        return {
            "company_id": row.company_id,
            "order_id": row.order_id,
            "sale_line_id": row.line_id,
            "unit_index": unit.index,
            "partner_id": row.partner_id,
            "address_id": row.address_id,
            "user_id": row.user_id,
            "product_id": row.product_id,
            "lot_id": lots.get(unit.serial),
            "category_id": sale.category_id,
            "serial": unit.serial,
            "device_type": sale.claims.get("device_type") or None,
            "quantity": fact.quantity,
            "area": _get_area(row),
            "status": unit.status,
            "reason": unit.reason,
            "detail": None,
            "anchor_date": unit.anchor,
            "anchor_source": unit.source,
            "natural_due_date": unit.due,
            "due_date": due,
            "safety_critical": sale.is_safety_critical(),
            "mail_until": mail_until,
            "interval_months": policy and policy.interval_months,
            "anchor": policy and policy.anchor,
            "duration": policy and policy.duration,
            "fee": policy and policy.fee,
            "source": "claims" if sale.by_claims else "backfill",
            "contract_id": unit.contract_id,
        }


class _Sale:
    """A past sale line while it is scanned: its row, its policy and its fact."""

    __slots__ = ("before", "by_claims", "category_id", "claims", "dates", "fact",
                 "lots", "policy", "row")  # fmt: skip

    def __init__(self, row, claims, policy, lots):
        self.row, self.claims, self.policy, self.lots = row, claims, policy, lots
        self.by_claims = bool(claims.get("device_type"))
        self.category_id = policy.category.id if policy else None

    def is_safety_critical(self):
        """Tell whether a failed check makes such a unit unsafe to use."""
        return bool(self.policy and self.policy.category.safety_critical)

    def get_objection(self):
        """Return why the records of the sale cannot make a contract, or None."""
        row = self.row
        if row.client_active is False:
            return "client_archived"
        foreign = {row.client_company_id, row.product_company_id} - {None}
        return "other_company" if foreign - {row.company_id} else None


class _Policies:
    """How each product is maintained by a company, resolved once a product."""

    def __init__(self, env, company):
        self.env, self.company, self.found, self.kits = env, company, {}, {}

    def get_kit(self, company, product_id):
        """Return what one unit of a kit is made of, by product."""
        if product_id not in self.kits:
            product = self.env["product.product"].browse(product_id)
            self.kits[product_id] = (
                product._get_kit_quantities(company, 1.0) if product else {}
            )
        return self.kits[product_id]

    def get(self, template_id, claims):
        """Return (MaintenancePolicy, UnitPolicy) or (None, None) without category."""
        key = (template_id, claims.get("category_id"))
        if key not in self.found:
            self.found[key] = self._resolve(*key)
        return self.found[key]

    def _resolve(self, template_id, category_id):
        template = self.env["product.template"].browse(template_id)
        if not template.x_fc_repair_category_id and category_id:
            template = template.new({"x_fc_repair_category_id": category_id})
        if not template.x_fc_repair_category_id:
            return None, None
        policy = template._get_maintenance_policy(self.company)
        lineage = policy.category._get_lineage()
        maintained = any(lineage.mapped("x_fc_maintenance_enabled"))
        return policy, UnitPolicy(
            category_id=policy.category.id,
            maintained=maintained or policy.enabled,
            accessory=not policy.enabled,
            serial_required=any(lineage.mapped("x_fc_serial_required")),
            interval_months=policy.interval_months,
            first_interval_months=policy.first_interval_months,
        )


def _key(unit):
    return unit.fact.line_id, unit.fact.product_id


def _to_day(value):
    return fields.Date.to_date(value) if value else None


def _get_area(row):
    """Return the first letters of the postal code: where a technician drives to."""
    return (row.zip or "").replace(" ", "").upper()[:AREA_LENGTH]
