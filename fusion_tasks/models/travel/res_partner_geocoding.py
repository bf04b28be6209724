import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...live_statuses import LIVE_STATUSES
from ...maps.geocoding import GeocodingError

_logger = logging.getLogger(__name__)

BATCH = 100
MOST_TROUBLES = 3
"""After so many failures in a row a run ends: the service has a bad hour."""

RETRY_NOT_FOUND_DAYS = 30
LONGEST_RETRY_HOURS = 24


class ResPartner(models.Model):
    """Addresses that technicians drive to, and how they come onto the map."""

    _inherit = "res.partner"

    x_fc_geocode_state = fields.Selection(
        [
            ("todo", "To Look Up"),
            ("found", "Found"),
            ("not_found", "Not Found"),
            ("failed", "Failed"),
        ],
        string="On the Map",
        compute="_compute_x_fc_geocode",
        store=True,
        precompute=True,
        copy=False,
        help="Whether the address has coordinates, and how looking them up went. "
        "Travel times to unknown places are a flat 30 minutes.",
    )
    x_fc_geocode_attempts = fields.Integer(
        string="Times Looked Up",
        compute="_compute_x_fc_geocode",
        store=True,
        precompute=True,
        copy=False,
    )
    x_fc_geocode_retry_at = fields.Datetime(
        string="Look Up Again",
        compute="_compute_x_fc_geocode",
        store=True,
        precompute=True,
        copy=False,
    )
    x_fc_geocode_message = fields.Char(
        string="Error",
        compute="_compute_x_fc_geocode",
        store=True,
        precompute=True,
        copy=False,
    )
    x_fc_geocode_date = fields.Datetime(
        string="Last Looked Up", readonly=True, copy=False
    )
    x_fc_needs_place = fields.Boolean(
        string="Address to Locate",
        compute="_compute_x_fc_needs_place",
        search="_search_x_fc_needs_place",
        help="Technicians drive to this address, but its place on the map is unknown.",
    )

    @api.depends(
        "street", "street2", "zip", "city", "state_id", "country_id",
        "partner_latitude", "partner_longitude",
    )  # fmt: skip
    def _compute_x_fc_geocode(self):
        """Begin anew whenever the address or its coordinates change."""
        for partner in self:
            known = partner.partner_latitude or partner.partner_longitude
            partner.x_fc_geocode_state = "found" if known else "todo"
            partner.x_fc_geocode_attempts = 0
            partner.x_fc_geocode_retry_at = False
            partner.x_fc_geocode_message = False

    def _compute_x_fc_needs_place(self):
        needy = self.with_context(active_test=False).search(
            Domain("id", "in", self.ids) & Domain("x_fc_needs_place", "=", True)
        )
        for partner in self:
            partner.x_fc_needs_place = partner in needy

    def _search_x_fc_needs_place(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        unknown = Domain("partner_latitude", "in", (0, False)) & Domain(
            "partner_longitude", "in", (0, False)
        )
        return unknown & self._fc_get_places_to_locate_domain()

    @api.model
    def _fc_get_places_to_locate_domain(self):
        """Return the domain of the addresses that somebody drives to.

        A hook for addons that know of more; whether the place is known already is
        none of its business.
        """
        tasks = self.env["fusion.technician.task"].sudo()
        tasks.flush_model(["address_id"])
        tasks = tasks._search([("status", "in", ("pending", *LIVE_STATUSES))])
        technicians = self.env["res.users"].sudo()
        technicians.flush_model(["x_fc_start_address_id"])
        technicians = technicians._search([("x_fc_is_technician", "=", True)])
        return Domain("id", "in", tasks.subselect("address_id")) | Domain(
            "id", "in", technicians.subselect("x_fc_start_address_id")
        )

    # Looking up ------------------------------------------------------------------

    def action_fc_geocode(self):
        """Look an address up now; several are left to the job, which starts soon."""
        if not self.env.user.has_group("fusion_tasks.fusion_tasks_group_dispatcher"):
            raise AccessError(self.env._("Looking places up is up to the dispatchers."))
        self.check_access("read")
        if not self.env["fusion.geocoder"]._is_on():
            raise UserError(
                self.env._(
                    "No geocoding service is chosen in the settings of Field Service. "
                    "Until then, enter the coordinates on the address by hand."
                )
            )
        # Dispatchers need no right to change addresses for this.
        places = self.sudo()
        if len(places) == 1:
            places._fc_geocode()
            return places._fc_notify_geocoded()
        unknown = places.filtered(lambda place: place.x_fc_geocode_state != "found")
        unknown.write({"x_fc_geocode_state": "todo", "x_fc_geocode_retry_at": False})
        self.env.ref("fusion_tasks.ir_cron_geocode_places").sudo()._trigger()
        return self._fc_get_geocode_notification(
            self.env._("The addresses are looked up in the background."), "info"
        )

    @api.model
    def _cron_geocode_places(self):
        """Look up the addresses that are due, each by itself, and be resumable."""
        if not self.env["fusion.geocoder"]._is_on():
            return
        domain = self._fc_get_places_due_domain()
        partners = self.with_context(active_test=False)
        progress = self.env["ir.cron"]._commit_progress
        due = partners.search(domain, limit=BATCH, order="x_fc_geocode_attempts, id")
        progress(remaining=partners.search_count(domain))
        troubles = 0
        for place in due:
            # Somebody may have changed or found it since.
            place = partners.search(Domain("id", "=", place.id) & domain)
            failed = place and not place._fc_geocode()
            troubles = troubles + 1 if failed else 0
            if troubles == MOST_TROUBLES:
                _logger.warning("Geocoding pauses: the service failed repeatedly")
                progress(1, remaining=0)
                return
            if not progress(1):
                return

    @api.model
    def _fc_get_places_due_domain(self):
        """Return the domain of the addresses to look up now."""
        again = Domain("x_fc_geocode_retry_at", "<=", fields.Datetime.now())
        due = again | Domain("x_fc_geocode_state", "in", ("todo", False))
        return Domain("x_fc_needs_place", "=", True) & due

    def _fc_geocode(self):
        """Ask for the place of this address, and note what came of it.

        The question is asked before anything is locked or written.

        :return: whether the service gave an answer, be it that it knows no such place
        """
        self.ensure_one()
        try:
            place, reason = self.env["fusion.geocoder"]._locate(self), None
        except GeocodingError as error:
            place, reason = None, error.reason
            _logger.info("Address %d was not looked up: %s", self.id, reason)
        try:
            with self.env.cr.savepoint():
                self.write(self._fc_prepare_geocode_vals(place, reason))
        except Exception:
            _logger.exception("The place of address %d was not kept", self.id)
            return False
        return reason is None

    def _fc_prepare_geocode_vals(self, place, reason):
        """Return what to write after a look-up.

        :param place: latitude and longitude, or None
        :param reason: of a failure, or None
        """
        now = fields.Datetime.now()
        if place:
            return {
                "partner_latitude": place[0],
                "partner_longitude": place[1],
                "date_localization": now.date(),
                "x_fc_geocode_date": now,
            }
        attempts = self.x_fc_geocode_attempts + 1
        delay = timedelta(days=RETRY_NOT_FOUND_DAYS)
        if reason:
            delay = timedelta(hours=min(2 ** min(attempts - 1, 8), LONGEST_RETRY_HOURS))
        return {
            "x_fc_geocode_state": "failed" if reason else "not_found",
            "x_fc_geocode_attempts": attempts,
            "x_fc_geocode_retry_at": now + delay,
            "x_fc_geocode_message": self._fc_get_geocode_problem_text(reason),
            "x_fc_geocode_date": now,
        }

    @api.model
    def _fc_get_geocode_problem_text(self, reason):
        words = {
            None: self.env._(
                "The map knows no such street in that town: check the address."
            ),
            "busy": self.env._(
                "The service had too many questions; it is asked again later."
            ),
            "timeout": self.env._(
                "The service did not answer in time; it is asked again later."
            ),
            "refused": self.env._("The service refuses us: check the settings."),
            "junk": self.env._("The service gave an answer that is no place."),
        }
        return words.get(reason) or self.env._(
            "The service is out of order; it is asked again later."
        )

    def _fc_notify_geocoded(self):
        """Return the notification of what came of a look-up."""
        if self.x_fc_geocode_state == "found":
            message = self.env._("%(name)s is on the map now.", name=self.display_name)
            return self._fc_get_geocode_notification(message, "success")
        return self._fc_get_geocode_notification(self.x_fc_geocode_message, "warning")

    @api.model
    def _fc_get_geocode_notification(self, message, kind):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": kind,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
