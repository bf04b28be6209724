from odoo import api, models
from odoo.fields import Domain


class FusionRepairMaintenanceContract(models.Model):
    """What a client with a login sees: their own units, visits and certificates."""

    _inherit = "fusion.repair.maintenance.contract"

    @api.model
    def _get_portal_domain(self, partner):
        """Return the units of a client, as they are now: the client's own.

        Of the whole home or firm only where the office said so on the contact.
        """
        own = partner._fc_get_owner_domain("partner_id")
        if partner.sudo().x_fc_sees_all_units:
            own |= Domain("partner_id", "child_of", partner.commercial_partner_id.id)
        return own & Domain("state", "in", ("active", "paused"))

    @api.model
    def _get_portal_units(self, partner, unit_id=None):
        """Return the units that a client may look at, in sudo.

        Portal users have no rights on contracts, which hold notes of the office: the
        pages show a fixed few values of the units found here by their owner.

        :param partner: the partner of the user who asks
        :param unit_id: one of them; none if it is not the client's own
        """
        domain = self._get_portal_domain(partner)
        if unit_id is not None:
            domain &= Domain("id", "=", unit_id)
        return self.sudo().search(domain)

    def _get_portal_visits(self):
        """Return the visits to show: those that took place for this owner, and the
        one that is booked."""
        self.ensure_one()
        owner = self.partner_id._fc_get_owner()
        return self.visit_ids.filtered(
            lambda visit: (
                visit.partner_id._fc_get_owner() == owner
                and (visit.state == "done" or visit.is_live)
            )
        )

    def _get_portal_certificates(self):
        """Return the certificates to show: those that were issued to this owner."""
        self.ensure_one()
        owner = self.partner_id._fc_get_owner()
        return self.certificate_ids.filtered(
            lambda certificate: (
                certificate.partner_id._fc_get_owner() == owner
                and certificate.state != "draft"
            )
        )
