"""Clients whose stair lifts are due, to measure and to contest bookings (inside Odoo).

On top of technicians that another script has made: these all get the skill.
"""

from datetime import timedelta

from odoo.fields import Command, Date

CATEGORY = "fusion_repairs.category_stairlift_straight"
DUE_IN_DAYS = 10
CITY = (43.700, -79.400)


def make_links(env, number, technicians, spread=True, hours=1.0):
    """Create units that are due, each with a client of its own, not committed.

    :param number: how many
    :param technicians: who may serve them, res.users
    :param spread: round the city, else all at one place
    :param hours: how long a visit takes
    :return: the full addresses of their booking pages
    """
    category = env.ref(CATEGORY)
    technicians.write({"x_fc_repair_skills": [Command.link(category.id)]})
    product = _make_product(env, category)
    clients = env["res.partner"].create(
        [
            {
                "name": f"Client {index}",
                "email": f"client{index}@example.com",
                "lang": ("en_CA", "fr_CA")[index % 2],
                "city": "Toronto",
                "partner_latitude": CITY[0] + spread * (index % 7 - 3) / 80,
                "partner_longitude": CITY[1] + spread * (index % 11 - 5) / 60,
            }
            for index in range(number)
        ]
    )
    contracts = env["fusion.repair.maintenance.contract"].create(
        [
            {
                "partner_id": client.id,
                "product_id": product.id,
                "state": "active",
                "duration": hours,
                "next_due_date": Date.today() + timedelta(days=DUE_IN_DAYS),
            }
            for client in clients
        ]
    )
    return [contract._get_booking_url() for contract in contracts]


def make_technicians(env, number):
    """Create technicians with the default working week, not committed."""
    depot = env["res.partner"].create(
        {
            "name": "Depot",
            "partner_latitude": CITY[0] - 0.02,
            "partner_longitude": CITY[1] - 0.02,
        }
    )
    return env["res.users"].create(
        [
            {
                "name": f"Racer {index}",
                "login": f"racer{index}",
                "tz": "America/Toronto",
                "x_fc_is_technician": True,
                "x_fc_start_address_id": depot.id,
            }
            for index in range(number)
        ]
    )


def make_dispatcher(env, login):
    """Create a dispatcher whose password is the login, not committed."""
    group = env.ref("fusion_tasks.fusion_tasks_group_dispatcher")
    return env["res.users"].create(
        {
            "name": "Office",
            "login": login,
            "password": login,
            "group_ids": [Command.link(group.id)],
        }
    )


def _make_product(env, category):
    tax = env["account.tax"].create(
        {"name": "HST 13%", "amount": 13.0, "type_tax_use": "sale"}
    )
    service = env["product.product"].create(
        {
            "name": "Bench maintenance",
            "type": "service",
            "taxes_id": [Command.set(tax.ids)],
        }
    )
    category.x_fc_maintenance_service_product_id = service
    return env["product.product"].create(
        {
            "name": "Straight Stair Lift",
            "type": "consu",
            "x_fc_repair_category_id": category.id,
        }
    )
