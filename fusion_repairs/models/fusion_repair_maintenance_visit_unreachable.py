from odoo import models
from odoo.tools.translate import LazyTranslate

from .fusion_repair_maintenance_visit_mail import CHANGES

_lt = LazyTranslate(__name__)


class FusionRepairMaintenanceVisit(models.Model):
    """Messages about a visit that cannot, or must not, be mailed."""

    _inherit = "fusion.repair.maintenance.visit"

    def _get_obstacle(self, kind, audience, address):
        """Return the code of what stands against a mail, None if nothing does.

        :param kind: one of the ledger's kinds that have a template
        :param audience: ``client`` or ``copy``
        :param address: of whom it would go to
        """
        self.ensure_one()
        client = self.partner_id
        if client != self.contract_id.partner_id:
            return "other_owner"  # the link that it carries is theirs now
        if audience == "client" and not client.active:
            return "archived"
        if not address:
            return "no_email"
        blocked = client.is_blacklisted or client.message_bounce
        if audience == "client" and kind in CHANGES and blocked:
            return "bounced"
        return None

    def _do_not_mail(self, kind, obstacle):
        """Have the office call where it must; return what the ledger says of it."""
        contract = self.contract_id
        if obstacle == "other_owner":
            words = self.env._("The unit belongs to another client now.")
            return {"state": "not_told", "reason": words}
        if obstacle == "archived":
            contract._ask_about_archived_client()
            words = self.env._("The contact of the client is archived.")
            return {"state": "not_told", "reason": words}
        self._ask_to_call(kind, obstacle)
        return {"state": "no_email"}

    def _ask_to_call(self, kind, obstacle):
        """Have the office call a client whom no mail reaches, if the visit changed."""
        if kind in CHANGES and not self.env.context.get("fusion_by_client"):
            self.contract_id._notify_office(
                _lt("Call the client: their visit has changed"),
                _lt("There is no e-mail address to write to.")
                if obstacle == "no_email"
                else _lt("Mail to this client came back or is blocked."),
                reason="visit_changed",
            )
