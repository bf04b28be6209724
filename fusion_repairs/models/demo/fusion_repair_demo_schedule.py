from collections import Counter
from datetime import time, timedelta

from odoo import api, models

# Look at the next few days first, then further.
SEARCH_DAYS = (3, 10)
NOON_UTC = 17


class FusionRepairDemo(models.AbstractModel):
    """The days ahead: other work of the technicians, and booked maintenance visits."""

    _inherit = "fusion.repair.demo"

    @api.model
    def _load_tasks(self):
        """Fill the coming two weeks, at times that the engine finds open."""
        company = self.env.company
        lead = company.x_fc_booking_lead_hours
        company.x_fc_booking_lead_hours = 0
        for row in self._read_table("tasks.csv"):
            if self._get(f"task_{row['task']}"):
                continue
            task = self._load_task(row)
            if task:
                self._remember(f"task_{row['task']}", task)
        company.x_fc_booking_lead_hours = lead

    def _load_task(self, row):
        Task = self.env["fusion.technician.task"]
        client = self._get_client(row["client"])
        vals = {
            "task_type": row["task_type"],
            "partner_id": client.id,
            "address_id": client.id,
            "duration": float(row["hours"]),
            "description": row["description"],
            "company_id": self.env.company.id,
        }
        if not row["technician"]:
            return Task.create(vals | {"status": "pending"})
        slot = self._find_slot(row, client)
        if not slot:
            return Task
        return Task._create_booking(
            vals
            | {
                "technician_id": slot.technician_id,
                "date_start": slot.start,
                "travel_before": slot.travel_before,
            }
        )

    def _find_slot(self, row, client):
        """Return the slot that adds least driving, on the emptiest day of the next.

        Mornings and afternoons in turn, so that there is room between the stops.
        """
        technician = self._get_user(row["technician"])
        day = self._today() + timedelta(days=int(row["day"]))
        slots = []
        for days in SEARCH_DAYS:
            slots = slots or self.env["fusion.technician.task"]._find_open_slots(
                technician,
                day,
                day + timedelta(days=days),
                float(row["hours"]),
                client.partner_latitude,
                client.partner_longitude,
            )
        free = Counter(slot.start.date() for slot in slots)
        late = int(row["task"]) % 2
        noon = time(NOON_UTC)

        def rank(slot):
            start = slot.start
            other_part = (start.time() >= noon) != late
            return -free[start.date()], other_part, slot.detour, start

        return min(slots, key=rank, default=None)

    # Maintenance ---------------------------------------------------------------

    @api.model
    def _load_bookings(self):
        """Book visits as the office does, each at another of the offered times."""
        for row, contract in self._get_units():
            name = f"visit_{row['unit']}"
            if not row["book"].isdigit() or self._get(name):
                continue
            slots = contract._get_booking_slots()
            if slots:
                slot = slots[int(row["book"]) % len(slots)]
                self._remember(name, contract._book_slot(slot.value))
