"""Two links of one house used at the same moment, on real connections.

Each link books, moves or cancels the visit that both units share. The links take
their locks in one order, so nobody waits crosswise, and there is one visit or none.
"""

from datetime import date, timedelta

import pytest

# Odoo tries a lost race again after up to two seconds, here twice at most.
SLOWEST_ANSWER = 8.0
ROUNDS = 3
CONTRACT = "fusion.repair.maintenance.contract"


@pytest.fixture(scope="module")
def arena(arena):
    """Return the arena with a technician more and units serviced together."""
    arena.make_technicians()
    with arena.environment() as env:
        env["res.company"].browse(arena.company_id).x_fc_bundle_days = 45
    return arena


def make_pair(arena):
    """Return the ids of the contracts of two units in one new house."""
    with arena.environment() as env:
        company = env["res.company"].browse(arena.company_id)
        if not env["stock.warehouse"].search([("company_id", "=", company.id)]):
            env["stock.warehouse"].create(
                {"name": "Arena", "code": "ARENA", "company_id": company.id}
            )
        latitude, longitude = arena.places["near"]
        client = env["res.partner"].create(
            {
                "name": "Two Units",
                "partner_latitude": latitude,
                "partner_longitude": longitude,
            }
        )
        units = env["product.product"].create(
            [{"name": name, "type": "consu"} for name in ("Lift", "Chair")]
        )
        return [
            env[CONTRACT]
            .create(
                {
                    "company_id": company.id,
                    "partner_id": client.id,
                    "product_id": unit.id,
                    "duration": 1.0,
                    "interval_months": 12,
                    "next_due_date": date.today() + timedelta(days=20),
                    "state": "active",
                }
            )
            .id
            for unit in units
        ]


def booker(contract_id, other_id, position):
    """Return a contender that books both units from the first one's link."""

    def book(env):
        contract = env[CONTRACT].browse(contract_id)
        companions = env[CONTRACT].browse(other_id)
        slot = contract._get_booking_slots(contract._prepare_visit_request(companions))[
            position
        ]
        return contract._book_slot(slot.value, companions=companions).id

    return book


def canceller(contract_id, everything):
    """Return a contender that cancels from a link."""

    def cancel(env):
        contract = env[CONTRACT].browse(contract_id)
        if contract.current_visit_id:
            contract._cancel_booking("Race", everything)

    return cancel


def look(arena, ids):
    """Return the states of the visits, tasks and orders of two units."""
    with arena.environment() as env:
        visits = env[CONTRACT].browse(ids).visit_ids
        tasks, orders = visits.technician_task_id, visits.sale_order_id
        return (
            sorted(visits.mapped("state")),
            tasks.mapped("status"),
            orders.mapped("state"),
            sorted(orders.order_line.mapped("product_uom_qty")),
        )


@pytest.mark.parametrize("same_time", [True, False])
def test_both_links_book_the_pair_once(arena, caplog, same_time):
    for _round in range(ROUNDS):
        lift, chair = make_pair(arena)
        _won, lost, slowest = arena.race(
            booker(lift, chair, 0),
            booker(chair, lift, 0 if same_time else 2),
            booker(lift, chair, 1),
            booker(chair, lift, 0),
        )
        told = {type(error).__name__ for error in lost}
        assert told <= {"SlotTakenError"}, lost
        assert look(arena, [lift, chair]) == (
            ["scheduled", "scheduled"],
            ["scheduled"],
            ["draft"],
            [1.0, 1.0],
        )
        assert slowest <= SLOWEST_ANSWER
    assert "deadlock" not in caplog.text


@pytest.mark.parametrize("everything", [True, False])
def test_both_links_cancel_at_once(arena, caplog, everything):
    for _round in range(ROUNDS):
        lift, chair = make_pair(arena)
        with arena.environment() as env:
            booker(lift, chair, 0)(env)
        _won, lost, slowest = arena.race(
            canceller(lift, everything), canceller(chair, everything)
        )
        assert not lost, lost
        states, tasks, orders, _quantities = look(arena, [lift, chair])
        assert states == ["cancelled", "cancelled"]
        assert set(tasks) == {"cancelled"}
        assert set(orders) == {"cancel"}
        assert slowest <= SLOWEST_ANSWER
    assert "deadlock" not in caplog.text
