"""Years of past sales, good and bad, to bring in (runs inside Odoo).

Written by SQL: a hundred thousand lines take seconds. The same number of lines gives
the same sales. ``count`` says in plain SQL, on the raw tables and without a line of
the addon's code, what a scan has to find in them.
"""

PRODUCTS = ("lift", "chair", "rail", "pillow")
LINES_AN_ORDER = 3

ORDERS = """
INSERT INTO res_partner (name, complete_name, active, autopost_bills, zip, type, lang)
SELECT 'Bench client ' || n, 'Bench client ' || n, TRUE, 'ask', (ARRAY['L4K 1A1',
       'M5V 2B2', 'M1P 3C3', 'L6T 4D4', NULL])[1 + abs(hashint4(n)) %% 5], 'contact',
       'en_CA'
  FROM generate_series(1, %(orders)s / 2 + 1) n;

CREATE TEMP TABLE bench_client ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY id) AS n, id FROM res_partner
 WHERE name LIKE 'Bench client %%';
CREATE UNIQUE INDEX ON bench_client (n);

INSERT INTO sale_order (name, company_id, partner_id, partner_invoice_id,
       partner_shipping_id, state, date_order, picking_policy)
SELECT 'BENCH' || i, %(company)s, c.id, c.id, c.id,
       CASE WHEN abs(hashint4(i + 1)) %% 20 = 0 THEN 'cancel' ELSE 'sale' END,
       timestamp '2012-01-01 17:00'
       + (abs(hashint4(i + 2)) %% 5500) * interval '1 day'
       - CASE WHEN abs(hashint4(i + 3)) %% 50 = 0 THEN interval '30 years'
              ELSE interval '0' END,
       'direct'
  FROM generate_series(1, %(orders)s) i
  JOIN bench_client c ON c.n = 1 + i / 2;
"""
# Of a line's number: which product, how many, which serial, delivered or not.
LINES = """
INSERT INTO sale_order_line (order_id, company_id, order_partner_id, name, product_id,
       product_uom_id, product_uom_qty, price_unit, customer_lead, state,
       x_fc_serial_number, is_downpayment)
SELECT o.id, o.company_id, o.partner_id, 'Bench ' || p.kind, p.product_id, %(unit)s,
       CASE WHEN p.kind = 'chair' THEN 1
            ELSE (ARRAY[1, 1, 1, 1, 1, 2, 3, 0, -1, 1.5])[1 + abs(hashint4(n)) %% 10]
       END, 100, 0, o.state,
       CASE WHEN p.kind = 'chair' THEN (ARRAY[
              'pc ' || n, ' PC  ' || n, 'Pc ' || n, 'PC ' || n / 40, NULL,
              'PC ' || n])[1 + abs(hashint4(n + 4)) %% 6]
            WHEN p.kind = 'pillow' AND abs(hashint4(n + 5)) %% 30 = 0
            THEN 'PIL' || n END,
       abs(hashint4(n + 6)) %% 100 = 0
  FROM (SELECT id, company_id, partner_id, state, substr(name, 6)::int AS number
          FROM sale_order WHERE name LIKE 'BENCH%%') o
  CROSS JOIN generate_series(1, %(each)s) k
  CROSS JOIN LATERAL (SELECT (o.number - 1) * %(each)s + k AS n) x
  JOIN (SELECT * FROM unnest(%(kinds)s::text[], %(products)s::int[])
               AS t (kind, product_id)) p
    ON p.kind = (ARRAY['lift', 'lift', 'chair', 'chair', 'rail', 'rail', 'rail',
                       'pillow'])[1 + abs(hashint4(n + 7)) %% 8];

INSERT INTO stock_move (company_id, date, location_id, location_dest_id, product_id,
       product_uom, product_uom_qty, quantity, procure_method, state, sale_line_id)
SELECT l.company_id, o.date_order + (abs(hashint4(l.id)) %% 40) * interval '1 day',
       %(stock)s, %(customers)s, l.product_id, %(unit)s, l.product_uom_qty,
       l.product_uom_qty, 'make_to_stock', 'done', l.id
  FROM sale_order_line l JOIN sale_order o ON o.id = l.order_id
 WHERE o.name LIKE 'BENCH%%' AND o.state = 'sale' AND l.product_uom_qty > 0
   AND abs(hashint4(l.order_id)) %% 3 = 0;
"""
COUNT = """
WITH sold AS (
    SELECT l.id, l.product_id = %(lift)s AS lift, l.product_id = %(chair)s AS chair,
           l.product_id = %(rail)s AS rail, l.is_downpayment AS deposit,
           l.product_uom_qty AS quantity,
           upper(btrim(regexp_replace(l.x_fc_serial_number, '\\s+', ' ', 'g')))
               AS serial,
           COALESCE((SELECT min(m.date) FROM stock_move m
                      WHERE m.sale_line_id = l.id AND m.state = 'done'),
                    o.date_order)::date AS day
      FROM sale_order_line l JOIN sale_order o ON o.id = l.order_id
     WHERE o.state = 'sale' AND o.company_id = %(company)s
       AND l.display_type IS NULL),
judged AS (
    SELECT *, day > %(today)s AS future, day < date '1990-01-01' AS old,
           quantity <> floor(quantity) AS fraction
      FROM sold)
SELECT 'down_payment', count(*) FROM judged WHERE deposit
UNION ALL SELECT 'accessory', count(*) FROM judged WHERE NOT deposit AND rail
UNION ALL SELECT 'not_equipment', count(*) FROM judged
    WHERE NOT deposit AND NOT rail AND NOT lift AND NOT chair AND serial IS NULL
UNION ALL SELECT 'unclassified', count(*) FROM judged
    WHERE NOT deposit AND NOT rail AND NOT lift AND NOT chair AND serial IS NOT NULL
UNION ALL SELECT 'quantity_not_positive', count(*) FROM judged
    WHERE NOT deposit AND lift AND quantity <= 0
UNION ALL SELECT 'quantity_fractional', count(*) FROM judged
    WHERE NOT deposit AND lift AND quantity > 0 AND fraction
UNION ALL SELECT 'date_future', COALESCE(sum(quantity), 0)::int FROM judged
    WHERE NOT deposit AND future AND quantity > 0 AND NOT fraction
      AND (lift OR chair AND serial IS NOT NULL)
UNION ALL SELECT 'date_too_old', COALESCE(sum(quantity), 0)::int FROM judged
    WHERE NOT deposit AND old AND quantity > 0 AND NOT fraction
      AND (lift OR chair AND serial IS NOT NULL)
UNION ALL SELECT 'serial_missing', count(*) FROM judged
    WHERE NOT deposit AND chair AND serial IS NULL
UNION ALL SELECT 'serial_sold_again', count(serial) - count(DISTINCT serial) FROM judged
    WHERE NOT deposit AND chair AND NOT future AND NOT old
UNION ALL SELECT 'new', (SELECT COALESCE(sum(quantity), 0)::int FROM judged
    WHERE NOT deposit AND lift AND quantity > 0 AND NOT fraction AND NOT future
      AND NOT old)
    + (SELECT count(DISTINCT serial) FROM judged
        WHERE NOT deposit AND chair AND NOT future AND NOT old)
"""


def fill(env, lines):
    """Create past sales with so many lines, not committed.

    :return: the ids of the products by kind, for ``count``
    """
    products = _make_products(env)
    env.flush_all()
    stock = env["stock.warehouse"].search(
        [("company_id", "=", env.company.id)], limit=1
    )
    values = {
        "company": env.company.id,
        "orders": -(-lines // LINES_AN_ORDER),
        "each": LINES_AN_ORDER,
        "unit": env.ref("uom.product_uom_unit").id,
        "kinds": list(products),
        "products": list(products.values()),
        "stock": stock.lot_stock_id.id,
        "customers": env.ref("stock.stock_location_customers").id,
    }
    env.cr.execute(ORDERS + LINES, values)
    env.invalidate_all()
    return products


def _make_products(env):
    categories = env["fusion.repair.product.category"]
    policy = {"x_fc_maintenance_enabled": True, "x_fc_maintenance_interval_months": 12}
    lifts = categories.create({"name": "Bench lifts", **policy})
    chairs = categories.create(
        {"name": "Bench chairs", **policy, "x_fc_serial_required": True}
    )
    choices = {
        "lift": {"x_fc_repair_category_id": lifts.id},
        "chair": {"x_fc_repair_category_id": chairs.id},
        "rail": {
            "x_fc_repair_category_id": lifts.id,
            "x_fc_maintenance_enabled": False,
        },
        "pillow": {},
    }
    return {
        kind: env["product.product"]
        .create({"name": f"Bench {kind}", "type": "consu", **vals})
        .id
        for kind, vals in choices.items()
    }


def count(env, products, today):
    """Return {reason: units} as plain SQL finds them, without reasons of none."""
    values = {"company": env.company.id, "today": today, **products}
    env.cr.execute(COUNT, values)
    return {reason: number for reason, number in env.cr.fetchall() if number}
