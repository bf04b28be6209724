from odoo import fields, models

from ..groups import TECHNICIAN, USER
from ..live_statuses import LIVE_STATUSES

PLACE_FIELDS = frozenset(
    {"street", "zip", "city", "state_id", "country_id",
     "partner_latitude", "partner_longitude"}
)  # fmt: skip


class ResPartner(models.Model):
    """Addresses whose tasks follow them."""

    _inherit = "res.partner"

    x_fc_access_note = fields.Text(
        string="Access Notes",
        groups=f"{USER},{TECHNICIAN}",
        help="For whoever goes there: key box, dog, hard of hearing. Kept private: the "
        "client does not see it.",
    )

    def write(self, vals):
        """Keep open tasks at their place."""
        moves = not PLACE_FIELDS.isdisjoint(vals)
        places = {partner: partner._get_place() for partner in self} if moves else {}
        result = super().write(vals)
        for partner, place in places.items():
            if partner._get_place() != place:
                partner._fc_move_open_tasks(place)
        return result

    def _get_place(self):
        return self.partner_latitude, self.partner_longitude

    def _fc_move_open_tasks(self, place):
        """Move the tasks that took their coordinates from here; others were corrected.

        :param place: latitude and longitude before
        """
        # Whoever maintains addresses need not have rights on tasks.
        tasks = self.env["fusion.technician.task"].sudo()
        tasks = tasks.search(
            [
                ("address_id", "=", self.id),
                ("status", "in", ("pending", *LIVE_STATUSES)),
            ]
        ).filtered(lambda task: (task.latitude, task.longitude) == place)
        if tasks:
            latitude, longitude = self._get_place()
            tasks.write({"latitude": latitude, "longitude": longitude})
