from collections import defaultdict
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ...recurrence import Contract, Known, normalise_serial, split_serials
from ..res_partner import ADDRESS_TYPES

CHUNK = 10000
# Why care ended without anybody deciding about the unit's future.
LEAVES_OPEN = ("duplicate", "return")


class SaleRow(NamedTuple):
    """A past sale line as the database has it."""

    line_id: int
    order_id: int
    company_id: int
    partner_id: int
    client_id: int
    firm_id: int
    address_id: int
    user_id: int
    product_id: int
    template_id: int
    ordered: float
    uom_factor: float
    unit_factor: float
    down_payment: bool
    serial_text: str
    order_day: object
    zip: str
    client_active: bool
    client_company_id: int
    product_company_id: int


class FusionRepairBackfillFacts(models.AbstractModel):
    """Reads past sales from the database: a few queries for thousands of lines."""

    _name = "fusion.repair.backfill.facts"
    _description = "Past Sales for the Backfill"

    @api.model
    def _get_line_ids(self, company, scope):
        """Return the ids of the sale lines of a company that are in scope, in order."""
        where = [
            SQL("o.state = 'sale'"),
            SQL("o.company_id = %s", company.id),
            SQL("l.display_type IS NULL"),
        ]
        day = self._local_day(company, SQL("o.date_order"))
        if scope.date_from:
            where.append(SQL("%s >= %s", day, scope.date_from))
        if scope.date_to:
            where.append(SQL("%s <= %s", day, scope.date_to))
        rows = self.env.execute_query(
            SQL(
                "SELECT l.id FROM sale_order_line l JOIN sale_order o"
                " ON o.id = l.order_id WHERE %s ORDER BY l.id",
                SQL(" AND ").join(where),
            )
        )
        return [line_id for (line_id,) in rows]

    @api.model
    def _local_day(self, company, moment):
        tz = company._get_maintenance_tz()
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, tz)

    @api.model
    def _get_rows(self, company, line_ids):
        """Return the lines with what their orders, clients and products say."""
        return [
            SaleRow(*row)
            for row in self.env.execute_query(
                SQL(
                    """
            SELECT l.id, o.id, o.company_id, o.partner_id,
                   %(owner)s, client.commercial_partner_id,
                   COALESCE(o.partner_shipping_id, o.partner_id), o.user_id,
                   l.product_id, p.product_tmpl_id, l.product_uom_qty,
                   lu.factor, pu.factor, l.is_downpayment, l.x_fc_serial_number,
                   %(day)s, COALESCE(place.zip, client.zip), client.active,
                   client.company_id, t.company_id
              FROM sale_order_line l
              JOIN sale_order o ON o.id = l.order_id
         LEFT JOIN res_partner client ON client.id = o.partner_id
         LEFT JOIN res_partner place ON place.id = o.partner_shipping_id
         LEFT JOIN product_product p ON p.id = l.product_id
         LEFT JOIN product_template t ON t.id = p.product_tmpl_id
         LEFT JOIN uom_uom lu ON lu.id = l.product_uom_id
         LEFT JOIN uom_uom pu ON pu.id = t.uom_id
             WHERE l.id = ANY(%(ids)s) AND o.state = 'sale'
               AND l.display_type IS NULL
          ORDER BY l.id""",
                    day=self._local_day(company, SQL("o.date_order")),
                    owner=self._get_owner_sql("client"),
                    ids=line_ids,
                )
            )
        ]

    @api.model
    def _get_owner_sql(self, alias):
        """Return whose a contact's units are, as ``_fc_get_owner`` says it."""
        return SQL(
            "CASE WHEN %(type)s IN %(addresses)s AND EXISTS ("
            "SELECT FROM res_partner q WHERE q.id = %(parent)s"
            " AND q.is_company IS NOT TRUE) THEN %(parent)s ELSE %(own)s END",
            parent=SQL.identifier(alias, "parent_id"),
            type=SQL.identifier(alias, "type"),
            own=SQL.identifier(alias, "id"),
            addresses=ADDRESS_TYPES,
        )

    @api.model
    def _get_deliveries(self, company, line_ids):
        """Return by line what was moved of each product.

        :return: dict of dicts: the first day of delivery, units out and units back
        """
        query = SQL(
            """
            SELECT m.sale_line_id, m.product_id,
                   min(%(day)s) FILTER (WHERE there.usage = 'customer'),
                   COALESCE(sum(m.quantity) FILTER (WHERE there.usage = 'customer'), 0),
                   COALESCE(sum(m.quantity) FILTER (WHERE here.usage = 'customer'
                                                      AND m.to_refund), 0)
              FROM stock_move m
              JOIN stock_location here ON here.id = m.location_id
              JOIN stock_location there ON there.id = m.location_dest_id
             WHERE m.sale_line_id = ANY(%(ids)s) AND m.state = 'done'
               AND here.usage <> there.usage
          GROUP BY m.sale_line_id, m.product_id""",
            day=self._local_day(company, SQL("m.date")),
            ids=line_ids,
        )
        moved = defaultdict(dict)
        for line_id, product_id, *found in self.env.execute_query(query):
            moved[line_id][product_id] = found
        return moved

    @api.model
    def _get_lots(self, line_ids):
        """Return by line and product its lots as (serial, lot id, still there)."""
        lots = defaultdict(list)
        query = SQL(
            """
            SELECT m.sale_line_id, m.product_id, lot.name, lot.id,
                   bool_and(there.usage = 'customer')
                   OR sum(CASE WHEN there.usage = 'customer' THEN ml.quantity
                               ELSE -ml.quantity END) > 0
              FROM stock_move_line ml
              JOIN stock_move m ON m.id = ml.move_id
              JOIN stock_lot lot ON lot.id = ml.lot_id
              JOIN product_product p ON p.id = m.product_id
              JOIN product_template t ON t.id = p.product_tmpl_id
              JOIN stock_location here ON here.id = m.location_id
              JOIN stock_location there ON there.id = m.location_dest_id
             WHERE m.sale_line_id = ANY(%s) AND m.state = 'done'
               AND t.tracking = 'serial' AND here.usage <> there.usage
               AND (there.usage = 'customer'
                    OR here.usage = 'customer' AND m.to_refund)
          GROUP BY m.sale_line_id, m.product_id, lot.id
          ORDER BY m.sale_line_id, min(ml.id)""",
            line_ids,
        )
        for line_id, product_id, name, lot_id, there in self.env.execute_query(query):
            serial = normalise_serial(name or "")
            if serial:
                lots[line_id, product_id].append((serial, lot_id, there))
        return lots

    @api.model
    def _get_invoice_days(self, line_ids):
        """Return by line the day of its first posted invoice."""
        query = SQL(
            """
            SELECT r.order_line_id, min(i.invoice_date)
              FROM sale_order_line_invoice_rel r
              JOIN account_move_line il ON il.id = r.invoice_line_id
              JOIN account_move i ON i.id = il.move_id
             WHERE r.order_line_id = ANY(%s) AND i.state = 'posted'
               AND i.move_type = 'out_invoice'
          GROUP BY r.order_line_id""",
            line_ids,
        )
        return dict(self.env.execute_query(query))

    @api.model
    def _get_claims_facts(self, line_ids):
        """Return by line what the claims say about it; nothing without claims."""
        if "fusion.repair.claims.bridge" not in self.env:
            return {}
        lines = self.env["sale.order.line"].sudo().browse(line_ids)
        found = self.env["fusion.repair.claims.bridge"]._get_claims_facts(lines)
        lines.invalidate_recordset(flush=False)  # thousands, and never needed again
        return found

    # Contracts -----------------------------------------------------------------

    @api.model
    def _get_known(self, company, rows=None, serials=(), hand_after=0):
        """Return the contracts that are there, by what identifies their units.

        :param rows: only what concerns these lines and serials; None: all
        :param hand_after: leave out contracts made by hand up to this id
        """
        known = Known(by_hand=defaultdict(list), by_hand_serials=defaultdict(list))
        query = SQL(
            """
            SELECT c.id, c.x_fc_source_sale_line_id, c.x_fc_unit_index,
                   c.x_fc_device_serial, c.state = 'cancelled', c.end_cause,
                   %s, p.commercial_partner_id, c.product_id
              FROM fusion_repair_maintenance_contract c
              JOIN res_partner p ON p.id = c.partner_id
             WHERE c.company_id = %s AND %s
          ORDER BY c.state = 'cancelled' DESC, c.id""",
            self._get_owner_sql("p"),
            company.id,
            SQL("TRUE")
            if rows is None
            else SQL(
                "(c.x_fc_source_sale_line_id = ANY(%s)"
                " OR c.x_fc_device_serial = ANY(%s)"
                " OR (c.x_fc_source_sale_line_id IS NULL AND c.id > %s"
                " AND %s = ANY(%s)))",
                [row.line_id for row in rows],
                list(serials),
                hand_after,
                self._get_owner_sql("p"),
                [owner for row in rows for owner in (row.client_id, row.firm_id)],
            ),
        )
        for found in self.env.execute_query(query):
            self._note_contract(known, company, found)
        return known

    def _note_contract(self, known, company, found):
        contract_id, line_id, index, serial, ended, cause = found[:6]
        owner_id, firm_id, product_id = found[6:]
        contract = Contract(contract_id, line_id, ended, owner_id, firm_id)
        serial = normalise_serial(serial or "")
        if serial and not (ended and cause in LEAVES_OPEN):
            known.serials[company.id, serial] = contract
        key = (company.id, owner_id, product_id)
        if line_id:
            known.units[line_id, index] = contract
        elif serial and not ended:
            known.by_hand_serials[key].append((contract_id, serial))
        elif not ended:
            known.by_hand[key].append(contract_id)

    @api.model
    def _get_due_weeks(self, company, monday, lead_days, except_run_id=None):
        """Return how many maintained units are to be written about, by week.

        :param except_run_id: a backfill run whose contracts do not count
        """
        query = SQL(
            """
            SELECT floor((next_due_date - %(lead)s - %(monday)s) / 7.0)::int, count(*)
              FROM fusion_repair_maintenance_contract
             WHERE company_id = %(company)s AND state = 'active'
               AND next_due_date - %(lead)s >= %(monday)s
               AND backfill_run_id IS DISTINCT FROM %(run)s
          GROUP BY 1""",
            lead=lead_days,
            monday=monday,
            company=company.id,
            run=except_run_id or 0,
        )
        return dict(self.env.execute_query(query))

    @api.model
    def _split_serials(self, row, lots):
        """Return what was typed on a line, and its serials in order.

        Typed ones, then delivered ones; those that came back stand last, so that what
        was delivered in exchange takes their place.
        """
        typed = split_serials(row.serial_text or "")
        back = {serial for serial, _lot, there in lots if not there}
        delivered = [serial for serial, _lot, _there in lots]
        values = dict.fromkeys((*typed.values, *delivered))
        return typed, tuple(sorted(values, key=lambda serial: serial in back))
