"""What can go wrong that a caller wants to tell apart."""

from odoo.exceptions import UserError

NO_DOUBLE_BOOKING = "fusion_technician_task_no_double_booking"
"""The constraint that excludes two tasks of one technician at one time."""


class SlotTakenError(UserError):
    """The time asked for is not, or no longer, open."""
