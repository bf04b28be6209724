"""A visit completed twice at once, on real connections: everything follows once."""

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta

DUE = date.today() + timedelta(days=10)
CLOCKS = iter(("09:00", "10:30", "12:00", "13:30", "15:00"))


@pytest.fixture(scope="module")
def technician(arena):
    """Return the id of a technician with an empty day; there is a warehouse."""
    with arena.environment() as env:
        warehouses = env["stock.warehouse"]
        if not warehouses.search_count([("company_id", "=", arena.company_id)]):
            warehouses.create(
                {"name": "Race", "code": "RACE", "company_id": arena.company_id}
            )
    (technician,) = arena.make_technicians()
    return technician


@pytest.fixture
def visit_id(arena, technician):
    """Return the id of a booked visit whose checklist is answered, all passed."""
    with arena.environment() as env:
        return make_visit(arena, env, technician).id


def make_visit(arena, env, technician):
    """Return a booked visit with an order, a repair and an answered checklist."""
    category = env["fusion.repair.product.category"].create(
        {
            "name": "Race Lift",
            "equipment_class": "lift_elevating",
            "certificate_validity_months": 12,
            "safety_critical": True,
            "checklist_item_ids": [(0, 0, {"name": "Brake", "critical": True})],
        }
    )
    lift = env["product.product"].create(
        {"name": "Lift", "type": "consu", "x_fc_repair_category_id": category.id}
    )
    client = env["res.partner"].create({"name": "Ann", "email": "ann@example.com"})
    contract = env["fusion.repair.maintenance.contract"].create(
        {
            "partner_id": client.id,
            "product_id": lift.id,
            "company_id": arena.company_id,
            "next_due_date": DUE,
            "interval_months": 12,
            "x_fc_maintenance_fee": 179.0,
            "state": "active",
        }
    )
    task_id = arena.book(env, technician, next(CLOCKS), check=False)
    task = env["fusion.technician.task"].browse(task_id)
    order = env["sale.order"].create(contract._prepare_order_vals())
    repair = env["repair.order"].create(contract._prepare_repair_vals(task, "office"))
    repair.sale_order_id = order
    visit = env["fusion.repair.maintenance.visit"].create(
        contract._prepare_visit_vals(task, repair, order)
    )
    visit.checklist_line_ids.result = "pass"
    return visit


def browse(env, visit_id):
    """Return the visit in an environment of its own."""
    return env["fusion.repair.maintenance.visit"].browse(visit_id)


def report(visit_id):
    """Return a contender that sends the report."""

    def contend(env):
        browse(env, visit_id)._submit_report()
        return "report"

    return contend


def complete(visit_id):
    """Return a contender that presses Done on the task."""

    def contend(env):
        browse(env, visit_id).technician_task_id.action_complete()
        return "task"

    return contend


def assert_followed_once(arena, visit_id, reports):
    """Check that roll, documents, mail and invoice order are there once."""
    with arena.environment() as env:
        visit = browse(env, visit_id)
        contract = visit.contract_id
        assert visit.state == "done"
        assert visit.technician_task_id.status == "completed"
        assert contract.next_due_date == DUE + relativedelta(months=12)
        rolls = contract.message_ids.filtered(lambda m: "Next due" in (m.body or ""))
        assert len(rolls) == 1
        assert visit.repair_order_id.state == "done"
        assert visit.sale_order_id.state == "sale"
        assert len(visit.sale_order_id.order_line) == 1
        if reports:
            visit._try_report_document()  # as the job does
        files = env["ir.attachment"].search(
            [("res_model", "=", visit._name), ("res_id", "=", visit.id)]
        )
        pdfs = files.filtered(lambda f: f.mimetype == "application/pdf")
        assert len(pdfs) == reports
        queued = visit.message_ids.filtered(lambda m: "was queued" in (m.body or ""))
        assert len(queued) == reports
        certificates = env["fusion.repair.inspection.certificate"].search(
            [("visit_id", "=", visit.id)]
        )
        assert certificates.mapped("state") == ["issued"] * reports


def test_report_sent_twice_at_once(arena, visit_id):
    won, lost, _slowest = arena.race(report(visit_id), report(visit_id))
    assert won == ["report"], lost
    assert "only while the visit is open" in str(lost[0])
    assert_followed_once(arena, visit_id, reports=1)


def test_done_pressed_twice_at_once(arena, visit_id):
    won, lost, _slowest = arena.race(complete(visit_id), complete(visit_id))
    assert won == ["task"], lost
    assert_followed_once(arena, visit_id, reports=0)
    with arena.environment() as env:
        assert browse(env, visit_id).report_missing


def test_report_against_done(arena, visit_id):
    """Whoever is first: one roll; the report is taken, then or as a late one."""
    won, lost, _slowest = arena.race(report(visit_id), complete(visit_id))
    assert "report" in won, lost
    assert_followed_once(arena, visit_id, reports=1)


def test_report_against_cancelling(arena, visit_id):
    """Either the visit took place or it did not: never half of each."""

    def cancel(env):
        browse(env, visit_id)._cancel("Client called")
        return "cancel"

    won, lost, _slowest = arena.race(report(visit_id), cancel)
    with arena.environment() as env:
        visit = browse(env, visit_id)
        due = visit.contract_id.next_due_date
        if visit.state == "done":
            assert due > DUE and visit.reported_at
        else:
            assert visit.state == "cancelled" and due == DUE
            assert won == ["cancel"] and lost
            assert not visit.reported_at


def test_report_opened_twice_at_once(arena, visit_id):
    """No device gets an error, and nothing of the report is there twice."""
    with arena.environment() as env:
        visit = browse(env, visit_id)
        visit.contract_id._flag_unsafe("Marked by the office")
        env["stock.move"].create(
            {
                "repair_id": visit.repair_order_id.id,
                "repair_line_type": "add",
                "product_id": env["product.product"]
                .create({"name": "Belt", "type": "consu"})
                .id,
                "product_uom_qty": 1,
                "company_id": arena.company_id,
                "location_id": visit.repair_order_id.location_id.id,
                "location_dest_id": visit.repair_order_id.location_dest_id.id,
            }
        )

    def open_report(env):
        browse(env, visit_id).action_fill_in_report()
        return "opened"

    won, lost, _slowest = arena.race(open_report, open_report)
    assert won == ["opened", "opened"], lost
    with arena.environment() as env:
        visit = browse(env, visit_id)
        assert len(visit.defect_answer_ids) == 1
        assert len(visit.part_ids) == 1
