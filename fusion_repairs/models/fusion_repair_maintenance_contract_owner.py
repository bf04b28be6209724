from odoo import models
from odoo.exceptions import UserError


class FusionRepairMaintenanceContract(models.Model):
    """A unit changes hands: what was meant for one client never reaches another."""

    _inherit = "fusion.repair.maintenance.contract"

    def _find_changing_hands(self, vals):
        """Return the contracts that values to be written give another owner."""
        if "partner_id" not in vals:
            return self.browse()
        return self.filtered(lambda c: c.partner_id.id != vals["partner_id"])

    def _check_owner_may_change(self):
        """Refuse a new owner while somebody is due to visit the former one."""
        for contract in self:
            visit = contract.current_visit_id
            if visit:
                raise UserError(
                    self.env._(
                        "%(visit)s is booked with %(client)s. Please cancel the visit "
                        "before the unit gets another client, then book it anew.",
                        visit=visit.name,
                        client=contract.partner_id.display_name,
                    )
                )

    def _start_afresh_with_owner(self):
        """Take back what waits for the former owner; the new one is reminded."""
        # Only administrators may see the queue.
        contracts = self.sudo()
        contracts._settle_requests(
            "new_owner", self.env._("The unit has another client now.")
        )
        contracts.write({"last_reminder_band": 0, "reminder_checked_on": False})
        mails = contracts.env["mail.mail"].search(
            [
                ("x_fc_maintenance_contract_id", "in", contracts.ids),
                ("x_fc_reminder_due_date", "!=", False),
                ("state", "in", ("outgoing", "exception")),
            ]
        )
        # One that is going out right now is held by the queue, and cannot be stopped.
        mails.try_lock_for_update()._call_off()

    def _is_reminder_wanted(self, due_date):
        """Tell whether a mail that asks to book for a due date should still go out.

        :param due_date: the one that the mail is about
        """
        self.ensure_one()
        client = self.partner_id
        return (
            self._is_reminder_current(due_date)
            and client.active
            and not client.x_fc_maintenance_opt_out
        )

    def _is_reminder_current(self, due_date):
        """Tell whether there still is something to book for a due date."""
        return (
            self.state == "active"
            and not self.is_booked
            and self.next_due_date == due_date
        )
