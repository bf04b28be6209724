from odoo import api, models
from odoo.exceptions import UserError


class FusionDispatchBoard(models.AbstractModel):
    """One technician's day on the map: the start place and the stops, in order."""

    _inherit = "fusion.dispatch.board"

    @api.model
    def load_map(self, technician_id, date_from):
        """Return the stops of a technician's day, numbered, with their places.

        Without an address of map tiles the browser draws them on a plain grid, and
        asks nobody else for anything.

        :param str date_from: the local day
        """
        self._check_dispatcher()
        day, _last = self._to_days(date_from, 1)
        technician = self._get_technician(technician_id)
        (row,) = self._get_rows(technician, day, day, "")
        company = self.env.company.sudo()
        return {
            "technician": technician.name,
            # It may be an address of another company that the technician works for.
            "start": self._prepare_start_place(technician.sudo().x_fc_start_address_id),
            "stops": self._prepare_stops(row["days"][0]),
            "tile_url": company.x_fc_map_tile_url or "",
            "attribution": company.x_fc_map_attribution or "",
        }

    @api.model
    def _get_technician(self, technician_id):
        """Return a technician of the company.

        :raise UserError: for anybody else
        """
        technician = self._find_technicians().filtered(
            lambda user: user.id == technician_id
        )
        if not technician:
            raise UserError(self.env._("This is not a technician of the company."))
        return technician

    @api.model
    def _prepare_start_place(self, place):
        """Return where the day starts, or nothing if that is not known."""
        if not (place.partner_latitude or place.partner_longitude):
            return False
        return {
            "latitude": place.partner_latitude,
            "longitude": place.partner_longitude,
            "label": place.city or place.name or "",
        }

    @api.model
    def _prepare_stops(self, day):
        """Return the stops of a board's day in order, with the drive to each."""
        minutes = {drive["to"]: drive["minutes"] for drive in day["drives"]}
        return [
            {**task, "number": number, "drive": minutes.get(task["from"], 0)}
            for number, task in enumerate(day["tasks"], start=1)
        ]
