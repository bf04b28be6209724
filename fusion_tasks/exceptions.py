"""What can go wrong that a caller wants to tell apart."""

from odoo.exceptions import UserError


class SlotTakenError(UserError):
    """The time asked for is not, or no longer, open."""
