"""Many contracts that fall due, to remind about (runs inside Odoo).

Clients and contracts are written by SQL: twenty thousand take seconds. A quarter read
French, they live in provinces of different taxes, one in twenty has to be called.
The same number gives the same clients.
"""

import secrets

from odoo.fields import Command

PROVINCES = ("ON", "ON", "ON", "QC", "AB", "NS")
CLIENTS = """
INSERT INTO res_partner (name, complete_name, active, autopost_bills, type, lang,
       email, email_normalized, city, zip, country_id, state_id, x_fc_opt_out_token)
SELECT 'Bench client ' || n, 'Bench client ' || n, TRUE, 'ask', 'contact',
       CASE WHEN n %% 4 = 0 THEN 'fr_CA' ELSE 'en_CA' END,
       CASE WHEN n %% 20 > 0 THEN 'client' || n || '@example.com' END,
       CASE WHEN n %% 20 > 0 THEN 'client' || n || '@example.com' END,
       'Toronto', 'M5V ' || n %% 10 || 'A' || n / 10 %% 10,
       %(country)s, (%(states)s::int[])[1 + n %% 6],
       CASE WHEN n %% 2 = 0 THEN (%(tokens)s::text[])[n] END
  FROM generate_series(1, %(number)s) n;
"""
CONTRACTS = """
INSERT INTO fusion_repair_maintenance_contract (name, state, company_id, currency_id,
       partner_id, address_id, product_id, x_fc_policy_category_id, x_fc_source,
       x_fc_unit_index, start_date, next_due_date, interval_months, anchor, duration,
       x_fc_maintenance_fee, booking_token, user_id, create_uid, create_date)
SELECT 'BENCH' || n, 'active', %(company)s, %(currency)s, p.id, p.id,
       (%(products)s::int[])[1 + n %% 4], %(category)s, 'sale', 1,
       %(today)s::date - 350, %(today)s::date + 1 + n %% 28, 12, 'due_date', 1.0, 179,
       (%(tokens)s::text[])[n], %(user)s, %(user)s, now()
  FROM (SELECT id, substr(name, 14)::int AS n FROM res_partner
         WHERE name LIKE 'Bench client %%') p;
"""


def fill(env, contracts):
    """Make so many due contracts, not committed.

    :return: how many mails and how many calls one run has to make of them
    """
    products, category = _make_units(env)
    env.company.write({"street": "1 King Street", "city": "Toronto", "zip": "M5H 1A1"})
    env.company.write({"phone": "416-555-0100", "email": "dealer@example.com"})
    env.company.x_fc_reminder_hour = 0
    canada = env.ref("base.ca")
    states = env["res.country.state"].search([("country_id", "=", canada.id)])
    by_code = {state.code: state.id for state in states}
    env.flush_all()
    today = env.company._get_today()
    values = {
        "number": contracts,
        "country": canada.id,
        "states": [by_code[code] for code in PROVINCES],
        "company": env.company.id,
        "currency": env.company.currency_id.id,
        "products": products.ids,
        "category": category.id,
        "today": today,
        "user": env.ref("base.user_admin").id,
    }
    for query in (CLIENTS, CONTRACTS):
        tokens = [secrets.token_urlsafe(32) for _number in range(contracts)]
        env.cr.execute(query, {**values, "tokens": tokens})
    env.invalidate_all()
    calls = contracts // 20
    return contracts - calls, calls


def _make_units(env):
    """Make a kind of unit, products of it, and a service with tax by province."""
    service = env["product.product"].create(
        {
            "name": "Bench visit",
            "type": "service",
            "taxes_id": [Command.set(_make_taxes(env).ids)],
        }
    )
    category = env["fusion.repair.product.category"].create(
        {
            "name": "Bench lifts",
            "x_fc_maintenance_enabled": True,
            "x_fc_maintenance_interval_months": 12,
            "x_fc_maintenance_fee": 179.0,
            "x_fc_maintenance_duration": 1.0,
            "x_fc_maintenance_service_product_id": service.id,
        }
    )
    products = env["product.product"].create(
        [
            {
                "name": f"Bench lift {kind}",
                "type": "consu",
                "x_fc_repair_category_id": category.id,
            }
            for kind in range(4)
        ]
    )
    for product in products:
        product.with_context(lang="fr_CA").name = f"Monte-escalier {product.id}"
    return products, category


def _make_taxes(env):
    """Make a tax that is another one in two provinces; return it."""
    company = env.company
    tax, other = env["account.tax"].create(
        [
            {"name": name, "amount": amount, "company_id": company.id}
            for name, amount in (("Bench HST 13%", 13), ("Bench GST 5%", 5))
        ]
    )
    canada = env.ref("base.ca")
    states = env["res.country.state"].search(
        [("country_id", "=", canada.id), ("code", "in", ("QC", "AB"))]
    )
    position = env["account.fiscal.position"].create(
        {
            "name": "Bench GST",
            "auto_apply": True,
            "sequence": 1,
            "country_id": canada.id,
            "state_ids": [Command.set(states.ids)],
        }
    )
    other.write({"fiscal_position_ids": [Command.link(position.id)]})
    other.original_tax_ids = tax
    return tax
