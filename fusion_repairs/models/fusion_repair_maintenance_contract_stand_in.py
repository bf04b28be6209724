from datetime import timedelta

from odoo import models

from odoo.addons.fusion_tasks.exceptions import SlotTakenError

# Whom to ask besides the technician of the offer. Each attempt may have to wait for
# those who plan the same technician right now.
MOST_STAND_INS = 5


class FusionRepairMaintenanceContract(models.Model):
    """A client chooses a time; which of the technicians comes is up to us."""

    _inherit = "fusion.repair.maintenance.contract"

    def _take_time(
        self, technician, start, attempt, exclude_task=None, companions=None
    ):
        """Plan a visit at a time with that technician, else with another one.

        As many clients win one time as technicians are free then. An attempt that
        fails is taken back whole, also its place in the queue for the technician: so
        nobody holds one technician while waiting for another.

        :param attempt: function that plans a Slot; SlotTakenError means that somebody
            else was quicker
        :return: what the attempt returned
        :raise SlotTakenError: if nobody is free then
        """
        try:
            # The client is told in one sentence: no reason is worked out.
            slot = self._take_slot(
                technician, start, exclude_task, companions, explain=False
            )
            with self.env.cr.savepoint():
                return attempt(slot)
        except SlotTakenError as refused:
            slots = self._find_stand_ins(technician, start, exclude_task, companions)
            for slot in slots:
                try:
                    with self.env.cr.savepoint():
                        return attempt(slot)
                except SlotTakenError:
                    continue
            raise refused from None

    def _find_stand_ins(self, technician, start, exclude_task=None, companions=None):
        """Return the open slots of other technicians then, the shortest drive first."""
        others = self._get_serving_technicians(companions) - technician
        day, around = start.date(), timedelta(days=1)
        found = self._find_slots(
            others, day - around, day + around, exclude_task, companions
        )
        slots = [slot for slot in found if slot.start == start]
        slots.sort(key=lambda slot: (slot.detour, slot.technician_id))
        return slots[:MOST_STAND_INS]
