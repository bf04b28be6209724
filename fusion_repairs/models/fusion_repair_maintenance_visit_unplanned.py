from odoo import fields, models

from .fusion_repair_maintenance_visit_told import ENDED
from .fusion_repair_visit_message import UNSENT

UNPLANNED = "unscheduled"


class FusionRepairMaintenanceVisit(models.Model):
    """A visit that was taken off the day: the office looks for a new time for it.

    It is still wanted, but nobody comes at the old time. The client hears so, unless
    the office finds a time before the mail goes out; then the new time is the news.
    """

    _inherit = "fusion.repair.maintenance.visit"

    def _is_unplanned(self):
        """Tell whether the visit is to take place, but has no time that holds."""
        return self.is_live and self.technician_task_id.sudo().status == "pending"

    def _choose_message(self, told):
        kind = super()._choose_message(told)
        speaker = self._get_told_visits()[:1]
        if not speaker.is_live:
            return kind
        if speaker._is_unplanned():
            return UNPLANNED if self._is_expected(told) else None
        if told.kind == UNPLANNED and speaker.technician_task_id.status == "scheduled":
            return "confirmation"  # also of the old time, which was taken back
        return kind

    def _is_expected(self, told):
        """Tell whether the client counts on a time that is still to come."""
        speaker = self._get_told_visits()[:1]
        if told:
            knows = told.kind not in (*ENDED, UNPLANNED)
        else:  # not by mail, but whoever booked on the page has seen it
            knows = speaker.repair_order_id.x_fc_intake_source == "client_portal"
        # The office may have given the task another time meanwhile, not yet firm.
        end = (told or self._get_messages()[:1]).told_end or speaker.visit_end
        return knows and end > fields.Datetime.now()

    def _is_up_to_date(self, message):
        speaker = self._get_told_visits()[:1]
        if message.kind == UNPLANNED:  # it says nothing of a new time
            return (
                message.state in UNSENT
                and speaker._is_unplanned()
                and message.told_units == self._get_told_units()
            )
        return super()._is_up_to_date(message) and not speaker._is_unplanned()

    def _is_ics_cancelled(self):
        """Tell whether the client's calendar should have no entry of the visit."""
        return super()._is_ics_cancelled() or self._is_unplanned()
