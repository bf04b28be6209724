from . import models


def drop_guards(env):
    """Drop the constraint that excludes two tasks of one technician at one time."""
    env.cr.execute(
        "ALTER TABLE fusion_technician_task"
        " DROP CONSTRAINT fusion_technician_task_no_double_booking"
    )
