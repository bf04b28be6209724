import re
import secrets

from odoo import api, fields, models

TOKEN_BYTES = 32
TOKEN_PATTERN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


class FusionRepairMaintenanceContract(models.Model):
    """The secret link by which the client books, one per contract and cycle."""

    _inherit = "fusion.repair.maintenance.contract"

    booking_token = fields.Char(groups=fields.NO_ACCESS, copy=False)

    _booking_token_unique = models.UniqueIndex(
        "(booking_token) WHERE booking_token IS NOT NULL"
    )

    def _renew_token(self):
        """Give every contract a new link; the old one leads nowhere from now on."""
        for contract in self.sudo():
            contract.booking_token = secrets.token_urlsafe(TOKEN_BYTES)

    @api.model
    def _find_by_token(self, token):
        """Return the contract of a link with the rights of the system, or none.

        Whoever holds the token may act on this one record: the caller reads and
        does only what the link allows.
        """
        found = self.sudo().browse()
        if isinstance(token, str) and TOKEN_PATTERN.fullmatch(token):
            found = found.search([("booking_token", "=", token)], limit=1)
        return found

    def _get_booking_url(self):
        """Return the client's link to book the visit of this cycle."""
        self.ensure_one()
        token = self.sudo().booking_token  # nobody can read it but this link
        return f"{self._get_fusion_base_url()}/repairs/maintenance/book/{token}"

    def _get_fusion_base_url(self):
        """Return the address of this server without a slash at the end."""
        return self.get_base_url().rstrip("/")

    def action_copy_booking_link(self):
        """Show the link to a dispatcher, who may send it on; the chatter says so."""
        self.ensure_one()
        self._check_office()
        wizard = self.env["fusion.repair.booking.link.wizard"].create(
            {"contract_id": self.id}
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Booking Link"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }
