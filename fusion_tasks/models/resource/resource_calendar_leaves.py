from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...groups import DISPATCHER


class ResourceCalendarLeaves(models.Model):
    """Time off and public holidays, which come after visits were booked."""

    _inherit = "resource.calendar.leaves"

    x_fc_by_dispatcher = fields.Boolean(
        string="Recorded by Dispatch",
        readonly=True,
        copy=False,
        help="Dispatchers recorded it, may read it, and may take it back.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Look at the visits of those who are off."""
        leaves = super().create(vals_list)
        leaves._fc_recheck_technicians()
        return leaves

    def write(self, vals):
        """Look at the visits of those who were off, and of those who are."""
        self._fc_recheck_technicians()
        result = super().write(vals)
        self._fc_recheck_technicians()
        return result

    @api.ondelete(at_uninstall=False)
    def _fc_recheck_on_delete(self):
        self._fc_recheck_technicians()

    def _fc_recheck_technicians(self):
        """Let the visits be looked at of whom this time off concerns.

        One's own leave concerns oneself; a holiday all who work by its schedule, or
        all of the company where it is of no schedule.
        """
        leaves = self.sudo()
        holidays = leaves.filtered(lambda leave: not leave.resource_id)
        general = holidays.filtered(lambda leave: not leave.calendar_id)
        resources = leaves.resource_id
        if holidays:
            concerned = Domain("calendar_id", "in", holidays.calendar_id.ids)
            if general:
                concerned |= Domain(
                    "company_id", "in", [*general.company_id.ids, False]
                )
            resources |= resources.search(concerned & Domain("user_id", "!=", False))
        resources._fc_recheck_technicians()

    # For dispatchers without HR ------------------------------------------------------

    def action_fc_remove(self):
        """Take back time off of technicians that was recorded by mistake."""
        if not self.env.su and not self.env.user.has_group(DISPATCHER):
            raise AccessError(self.env._("Only dispatchers take back time off here."))
        leaves = self.sudo()
        for leave in leaves:
            companies = leave.resource_id.user_id.company_ids
            if not (leave.x_fc_by_dispatcher and companies & self.env.companies):
                raise UserError(
                    self.env._(
                        "This time off was not recorded by a dispatcher: please have "
                        "it changed where it was."
                    )
                )
        leaves.unlink()
