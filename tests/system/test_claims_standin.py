"""Beside the claims addon (its stand-in): facts in bulk, menu, device types, rights.

Each test works in a transaction of its own that is rolled back.
"""

from contextlib import contextmanager
from datetime import date

import pytest

MENU = "fusion_repairs.fusion_repair_device_type_menu"
NOTHING = {
    "device_type": None,
    "category_id": None,
    "is_part": False,
    "delivery_date": None,
    "service_start_date": None,
    "sale_type": None,
}


@pytest.fixture
def env(claims):
    """Yield an environment whose changes are rolled back."""
    from odoo import SUPERUSER_ID, api  # noqa: PLC0415

    with claims.cursor() as cr:
        context = {"tracking_disable": True}
        yield api.Environment(cr, SUPERUSER_ID, context)
        cr.rollback()
    claims.clear_all_caches()


@pytest.fixture
def bridge(env):
    """Yield the bridge."""
    return env["fusion.repair.claims.bridge"]


def user(env, role, company=None):
    """Return a new user of a role."""
    from odoo.tests import new_test_user  # noqa: PLC0415

    company = company or env.company
    return new_test_user(
        env,
        f"claims_{role}_{company.id}",
        groups=f"fusion_tasks.fusion_tasks_group_{role}",
        company_id=company.id,
        company_ids=[(6, 0, company.ids)],
    )


def sell(env, *device_types, company=None, **order):
    """Return an order with a line for each device type."""
    from odoo.fields import Command  # noqa: PLC0415

    company = company or env.company
    product = env["product.product"].create({"name": "Device", "type": "consu"})
    lines = [
        {"product_id": product.id, "x_fc_adp_device_type": device_type}
        for device_type in device_types
    ]
    vals = {
        "partner_id": env["res.partner"].create({"name": "Client"}).id,
        "company_id": company.id,
        "order_line": [Command.create(line) for line in lines],
        **order,
    }
    return env["sale.order"].with_company(company).create(vals)


@contextmanager
def counted(cr):
    """Yield a list that holds the number of queries in the end."""
    count, before = [], cr.sql_log_count
    yield count
    count.append(cr.sql_log_count - before)


def category(env, code):
    """Return the id of a seeded category."""
    return env.ref(f"fusion_repairs.category_{code}").id


def test_facts_of_lines(env, bridge):
    order = sell(
        env,
        "Adult Power Base, Type 2",
        " Seat cushion ",
        "Standing frame",
        "Something new",
        False,
        x_fc_sale_type="adp_odsp",
        x_fc_adp_delivery_date="2024-02-29",
        x_fc_service_start_date="2024-03-01",
    )
    of_order = {
        "delivery_date": date(2024, 2, 29),
        "service_start_date": date(2024, 3, 1),
        "sale_type": "adp_odsp",
    }
    power = category(env, "wheelchair_power")
    expected = [
        {"device_type": "Adult Power Base, Type 2", "category_id": power},
        {"device_type": "Seat cushion", "is_part": True},
        {"device_type": "Standing frame"},
        {"device_type": "Something new"},
        {},
    ]
    facts = bridge._get_claims_facts(order.order_line)
    assert [facts[line.id] for line in order.order_line] == [
        {**NOTHING, **of_order, **line} for line in expected
    ]


def test_order_without_claim_and_no_lines_at_all(env, bridge):
    line = sell(env, False).order_line
    assert bridge._get_claims_facts(line) == {line.id: NOTHING}
    assert bridge._get_claims_facts(line.browse()) == {}


def test_queries_do_not_grow_with_the_lines(env, bridge):
    types = [f"Walker Type {number}" for number in range(40)]
    one = sell(env, "Walker").order_line
    many = one.browse().union(*(sell(env, *types).order_line for _order in range(10)))
    env.flush_all()
    counts = []
    for lines in (one, many):
        env.invalidate_all()
        with counted(env.cr) as count:
            facts = bridge._get_claims_facts(lines)
        assert len(facts) == len(lines)
        counts += count
    assert counts[0] == counts[1] <= 4, counts


def test_each_company_reads_device_types_its_own_way(env, bridge):
    other = env["res.company"].create({"name": "Other dealer"})
    env["fusion.repair.device.type"].create(
        {"name": "Walker", "meaning": "part", "company_id": other.id}
    )
    ours = sell(env, "Walker").order_line
    theirs = sell(env, "Walker", company=other).order_line
    facts = bridge._get_claims_facts(ours | theirs)
    assert facts[ours.id]["category_id"] == category(env, "rollator")
    assert facts[theirs.id]["is_part"]


def test_who_has_no_rights_on_claims_still_gets_the_facts(env, bridge):
    line = sell(env, "Walker").order_line
    env["fusion.adp.device.code"].create({"device_type": "Hoist"})
    manager = bridge.with_user(user(env, "manager"))
    facts = manager._get_claims_facts(line.with_env(manager.env))
    assert facts[line.id]["device_type"] == "Walker"
    assert "Hoist" in manager._get_device_types()


def test_sale_types_with_their_labels(bridge):
    assert ("adp_odsp", "ADP and ODSP") in bridge._get_sale_types()


def test_menu_shows_to_managers(env):
    menus = env["ir.ui.menu"]
    shown = menus.with_user(user(env, "manager")).load_menus(False)
    assert env.ref(MENU).id in shown
    shown = menus.with_user(user(env, "dispatcher")).load_menus(False)
    assert env.ref(MENU).id not in shown


def test_device_types_of_the_claims_get_their_rows_once(env):
    # Other tests may have sold devices here, and kept them.
    env["fusion.repair.device.type"].action_load_device_types()
    codes = ("Power Base XL", "POWER BASES, XL", "XL Seat Cushion", "Oxygen Pump", " ")
    env["fusion.adp.device.code"].create([{"device_type": code} for code in codes])
    sell(env, "Rollator 4000", "power base xl")
    types = env["fusion.repair.device.type"].with_user(user(env, "manager"))
    before = types.search([])
    types.action_load_device_types()
    new = types.search([]) - before
    assert {row.key: (row.match, row.meaning, row.category_id.id) for row in new} == {
        "power base xl": ("exact", "unit", category(env, "wheelchair_power")),
        "xl seat cushion": ("exact", "part", False),
        "oxygen pump": ("exact", "undecided", False),
        "rollator 4000": ("exact", "unit", category(env, "rollator")),
    }
    new[0].active = False
    types.action_load_device_types()
    assert types.search([]) - before == new[1:]
