from odoo import models

from odoo.addons.fusion_tasks.button_context import without_button

from .fusion_repair_maintenance_contract_notify import BOOKING_REASONS
from .mail_activity import CALLBACK

TO_BOOK = (*BOOKING_REASONS, CALLBACK, "reminder_failed", "reminder_mail_failed")
# What is to be told to the client whom no mail reached.
TO_TELL = (
    "mail_bounced",
    "mail_failed",
    "tell_client",
    "visit_changed",
    "visit_mail_failed",
)
# What the office need not do any more once something has happened.
SETTLED_BY = {
    "booked": TO_BOOK,
    "serviced": (*TO_BOOK, "visit_lost"),
    "visit_closed": ("visit_lost",),
    "paused": TO_BOOK,
    # A client who has yet to hear of a cancelled visit still has to.
    "ended": (
        *TO_BOOK,
        "client_archived",
        "end_after_visit",
        "mail_bounced",
        "still_there",
        "visit_lost",
    ),
    "new_owner": (*TO_BOOK, *TO_TELL, "client_archived"),
    "client_archived": (*TO_BOOK, *TO_TELL),
    "client_back": ("client_archived",),
    "address_corrected": ("mail_bounced",),
    "mail_stopped": ("reminder_failed", "reminder_mail_failed"),
}


class FusionRepairMaintenanceContract(models.Model):
    """What the office was asked to do so that a visit gets booked, until it is."""

    _inherit = "fusion.repair.maintenance.contract"

    def _finish_requests_to_book(self, feedback):
        """Close what was only about getting these units booked.

        Else the page would go on promising a call, and the office would make it.

        :param feedback: what became of it, in words
        """
        self._settle_requests("booked", feedback)

    def _settle_requests(self, event, feedback):
        """Close what the office was asked to do, and what happened has settled.

        :param event: a key of SETTLED_BY
        :param feedback: what happened, in words
        """
        settled = SETTLED_BY[event]
        activities = self.sudo().activity_ids.filtered(
            lambda activity: activity._get_request() in settled
        )
        if activities:
            activities = without_button(activities)
            activities.with_context(mail_notify_force_send=False).action_feedback(
                feedback=feedback
            )

    def _settle_by_state(self, state):
        """Close what nobody need do for units whose care was paused or has ended."""
        if state == "paused":
            self._settle_requests("paused", self.env._("The contract is paused."))
        elif state == "cancelled":
            self._settle_requests("ended", self.env._("The contract has ended."))

    def _get_promised_call(self):
        """Return the callback activity that the client may still wait for, if any.

        Once the promised day is over the client is better served with free times.
        """
        self.ensure_one()
        request = self._get_open_callback()
        if request and request.date_deadline < self._get_today():
            return request.browse()
        return request
