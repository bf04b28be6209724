from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

DUE_WITHIN = timedelta(days=45)


class ResPartner(models.Model):
    """Booking from the contact: all units of the client that are due."""

    _inherit = "res.partner"

    x_fc_next_due_date = fields.Date(
        string="Next Due",
        compute="_compute_x_fc_next_due_date",
        groups="fusion_tasks.fusion_tasks_group_user",
        help="When the next unit of this client is due for maintenance.",
    )

    def _compute_x_fc_next_due_date(self):
        contracts = self.env["fusion.repair.maintenance.contract"]
        days = dict(
            contracts._read_group(
                [("partner_id", "in", self.ids), ("state", "=", "active")],
                ["partner_id"],
                ["next_due_date:min"],
            )
        )
        for partner in self:
            partner.x_fc_next_due_date = days.get(partner._origin, False)

    def action_book_maintenance(self):
        """Book visits for the units of these clients that are due.

        :raise UserError: if no unit of theirs is in care
        """
        contracts = self._get_units_to_book()
        contracts._check_office()
        if not contracts:
            raise UserError(
                self.env._("We look after no unit of this client: enrol one first.")
            )
        return contracts.action_book_maintenance()

    def _get_units_to_book(self):
        """Return the units due soon, else the one that is due next; and with them
        those that cannot be booked, so that the office hears why.

        Units of contacts below this one count: a home and its residents.
        """
        contracts = self.env["fusion.repair.maintenance.contract"]
        mine = Domain("partner_id", "child_of", self.ids) & Domain(
            "state", "in", ("active", "paused")
        )
        soon = fields.Date.context_today(self) + DUE_WITHIN
        due = contracts.search(mine & Domain("next_due_date", "<=", soon))
        free = due.filtered(lambda c: c.state == "active" and not c.is_booked)
        if free:
            return due
        open_ones = Domain("state", "=", "active") & Domain("is_booked", "=", False)
        return due | contracts.search(mine & open_ones, limit=1)
