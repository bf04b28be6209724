"""Visits whose reports can be written now (runs inside Odoo)."""

from datetime import timedelta

from odoo.fields import Command, Datetime

CHECKS = (
    {"name": "Rail clean", "sequence": 1},
    {"name": "Brake holds", "sequence": 2, "critical": True},
    {
        "name": "Battery voltage",
        "sequence": 3,
        "answer_type": "reading",
        "reading_unit": "V",
        "has_minimum": True,
        "reading_min": 24,
    },
)


def make(env, number):
    """Create visits of now, each of a technician of its own; not committed.

    :return: list of dicts: id of the visit, login (also the password) of the technician
    """
    company = env.company
    if not env["stock.warehouse"].search_count([("company_id", "=", company.id)]):
        env["stock.warehouse"].create({"name": "Main", "code": "MAIN"})
    category = env["fusion.repair.product.category"].create(
        {
            "name": "Stair Lift",
            "equipment_class": "lift_elevating",
            "safety_critical": True,
            "checklist_item_ids": [Command.create(dict(vals)) for vals in CHECKS],
        }
    )
    products = env["product.product"]
    lift = products.create(
        {
            "name": "Straight Stair Lift",
            "type": "consu",
            "x_fc_repair_category_id": category.id,
        }
    )
    products.create({"name": "Belt", "type": "consu"})
    visits = [_make_visit(env, lift, f"tech{count + 1}") for count in range(number)]
    # Odoo's greeting opens a window over whatever a new user looks at.
    env["res.users"].search([]).odoobot_state = "disabled"
    return visits


def _make_visit(env, product, login):
    technician = env["res.users"].create(
        {
            "name": f"Alex {login.title()}",
            "login": login,
            "password": login,
            "tz": "America/Toronto",
            "x_fc_is_technician": True,
            "group_ids": [
                Command.link(env.ref("fusion_tasks.fusion_tasks_group_technician").id)
            ],
        }
    )
    client = env["res.partner"].create(
        {"name": f"Margaret {login.title()}", "email": f"{login}@example.com"}
    )
    contract = env["fusion.repair.maintenance.contract"].create(
        {
            "partner_id": client.id,
            "product_id": product.id,
            "next_due_date": Datetime.now().date(),
            "interval_months": 12,
            "state": "active",
        }
    )
    task = env["fusion.technician.task"].create(
        {
            "technician_id": technician.id,
            "partner_id": client.id,
            "date_start": Datetime.now() - timedelta(minutes=1),
            "duration": 1.0,
            "status": "scheduled",
        }
    )
    order = env["sale.order"].create(contract._prepare_order_vals())
    repair = env["repair.order"].create(contract._prepare_repair_vals(task, "office"))
    repair.sale_order_id = order
    visit = env["fusion.repair.maintenance.visit"].create(
        contract._prepare_visit_vals(task, repair, order)
    )
    return {"visit": visit.id, "login": login}
