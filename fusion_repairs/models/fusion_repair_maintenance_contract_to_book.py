from odoo import models

from .fusion_repair_maintenance_contract_notify import BOOKING_REASONS
from .fusion_repair_public_contract import CALLBACK_TYPE


class FusionRepairMaintenanceContract(models.Model):
    """What the office was asked to do so that a visit gets booked, until it is."""

    _inherit = "fusion.repair.maintenance.contract"

    def _finish_requests_to_book(self, feedback):
        """Close what was only about getting these units booked.

        Else the page would go on promising a call, and the office would make it.

        :param feedback: what became of it, in words
        """
        contracts = self.sudo().with_context(mail_notify_force_send=False)
        if not contracts.activity_ids:  # as nearly always: nothing more to read
            return
        callback = self.env.ref(CALLBACK_TYPE)
        wanted = contracts.activity_ids.filtered(
            lambda activity: (
                activity.activity_type_id == callback
                or activity.x_fc_reason in BOOKING_REASONS
            )
        )
        if wanted:
            wanted.action_feedback(feedback=feedback)

    def _get_promised_call(self):
        """Return the callback activity that the client may still wait for, if any.

        Once the promised day is over the client is better served with free times.
        """
        self.ensure_one()
        request = self._get_open_callback()
        if request and request.date_deadline < self._get_today():
            return request.browse()
        return request
