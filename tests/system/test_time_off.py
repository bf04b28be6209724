"""Beside Odoo's Employees and Time Off, installed when technicians were there already.

Each test works in a transaction of its own that is rolled back.
"""

from datetime import date, datetime, time, timedelta

import pytest
from devkit import instance

DATABASE = "fusion_time_off"
TODAY = date.today()
MONDAY = TODAY + timedelta(days=14 - TODAY.weekday())


@pytest.fixture(scope="module")
def registry(ready, open_database):
    """Yield the registry of a database with Time Off."""
    instance.replace(ready, DATABASE)
    instance.install(ready, DATABASE, "-i", ["hr_holidays"])
    with open_database(DATABASE) as opened:
        yield opened


@pytest.fixture
def env(registry):
    """Yield an environment whose changes are rolled back."""
    from odoo import SUPERUSER_ID, api  # noqa: PLC0415

    with registry.cursor() as cr:
        context = {"tracking_disable": True, "no_reset_password": True}
        yield api.Environment(cr, SUPERUSER_ID, context)
        cr.rollback()
    registry.clear_all_caches()


@pytest.fixture
def technician(env):
    """Return a technician who has a resource, but is no employee yet."""
    from odoo.tests import new_test_user  # noqa: PLC0415

    user = new_test_user(
        env,
        "time_off_technician",
        groups="fusion_tasks.fusion_tasks_group_technician",
        tz="America/Toronto",
        x_fc_is_technician=True,
    )
    assert len(user.resource_ids) == 1
    return user


def find_slots(env, technician):
    """Return the open slots of the Monday."""
    env.cr.flush()
    tasks = env["fusion.technician.task"]
    return tasks._find_open_slots(technician, MONDAY, MONDAY, 1.0, None, None)


def test_approved_leave_of_a_later_employee_is_respected(env, technician):
    """The employee is a second resource of the technician: leave is written there."""
    first = technician.x_fc_resource_id
    employee = env["hr.employee"].create(
        {"name": "Technician", "user_id": technician.id, "tz": "America/Toronto"}
    )
    assert employee.resource_id != first
    assert technician.x_fc_resource_id == employee.resource_id
    assert "several planning resources" in technician.x_fc_setup_note
    assert find_slots(env, technician)
    kind = env["hr.leave.type"].create(
        {
            "name": "Days off",
            "requires_allocation": False,
            "leave_validation_type": "hr",
        }
    )
    leave = env["hr.leave"].create(
        {
            "employee_id": employee.id,
            "holiday_status_id": kind.id,
            "request_date_from": MONDAY,
            "request_date_to": MONDAY,
        }
    )
    leave.action_approve()
    assert leave.state == "validate"
    assert not find_slots(env, technician)
    board = env["fusion.dispatch.board"].load_board(MONDAY.isoformat(), 1)
    (row,) = [row for row in board["technicians"] if row["id"] == technician.id]
    assert row["days"][0]["off"]


def test_whose_employment_ended_keeps_the_own_hours(env, technician):
    """An archived employee's resource is archived along, and counts no more."""
    first = technician.x_fc_resource_id
    employee = env["hr.employee"].create(
        {"name": "Technician", "user_id": technician.id}
    )
    employee.active = False
    env.invalidate_all()
    assert technician.x_fc_resource_id == first
    assert find_slots(env, technician)


def test_the_visit_beneath_a_leave_is_flagged(env, technician):
    """Also a booked visit hears of the leave."""
    employee = env["hr.employee"].create(
        {"name": "Technician", "user_id": technician.id, "tz": "America/Toronto"}
    )
    task = env["fusion.technician.task"]._create_booking(
        {
            "technician_id": technician.id,
            "date_start": datetime.combine(MONDAY, time(15)),
            "duration": 1.0,
        }
    )
    env["resource.calendar.leaves"].create(
        {
            "name": "Leave",
            "resource_id": employee.resource_id.id,
            "calendar_id": employee.resource_calendar_id.id,
            "date_from": datetime.combine(MONDAY, time(5)),
            "date_to": datetime.combine(MONDAY, time(5)) + timedelta(days=1),
        }
    )
    env.cr.flush()
    assert task.conflict_reason == "day_off"
