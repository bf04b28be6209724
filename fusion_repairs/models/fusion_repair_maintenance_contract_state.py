from odoo import fields, models
from odoo.exceptions import AccessError, UserError

DISPATCHER = "fusion_tasks.fusion_tasks_group_dispatcher"


class FusionRepairMaintenanceContract(models.Model):
    """States of a contract."""

    _inherit = "fusion.repair.maintenance.contract"

    def action_activate(self):
        """Start looking after a unit that is new or was cancelled."""
        self._check_office()
        if self.filtered(lambda c: c.state not in ("draft", "cancelled")):
            raise UserError(
                self.env._("Only draft and cancelled contracts can be activated.")
            )
        self.write({"state": "active", "end_cause": False})

    def action_pause(self):
        """Stop reminders for a while; a booked visit stays."""
        self._check_office()
        if self.filtered(lambda c: c.state != "active"):
            raise UserError(self.env._("Only active contracts can be paused."))
        self.write({"state": "paused"})

    def action_resume(self):
        """Take up a paused contract again."""
        self._check_office()
        if self.filtered(lambda c: c.state != "paused"):
            raise UserError(self.env._("Only paused contracts can be resumed."))
        # Looked at today, whatever was looked at before the pause.
        self.write({"state": "active", "reminder_checked_on": False})

    def action_cancel(self):
        """End the care of a unit, and cancel a visit that is still to come."""
        self._check_office()
        self._cancel()

    def _cancel(self, reason=None, cause="office"):
        contracts = self.filtered(lambda c: c.state != "cancelled")
        if contracts.visit_ids.filtered(lambda v: v.state == "in_progress"):
            raise UserError(
                self.env._("A technician is on site right now: finish the visit first.")
            )
        contracts.write({"state": "cancelled", "end_cause": cause})
        contracts.current_visit_id.sudo()._cancel(
            reason or self.env._("The contract was cancelled.")
        )
        if reason:
            contracts._message_log_batch({c.id: reason for c in contracts})

    def _check_office(self):
        """Refuse everybody but the office, and system code acting with its rights."""
        if not self.env.su and not self.env.user.has_group(DISPATCHER):
            raise AccessError(
                self.env._("Only dispatchers may change maintenance contracts.")
            )
        self.check_access("write")

    def _get_today(self):
        """Return today's date where the company is, whoever asks."""
        self.ensure_one()
        tz = self.company_id._get_maintenance_tz()
        return fields.Date.context_today(self.with_context(tz=tz))
