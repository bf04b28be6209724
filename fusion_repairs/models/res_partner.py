from odoo import api, fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """The units of a client that we look after."""

    _inherit = "res.partner"

    x_fc_maintenance_contract_ids = fields.One2many(
        "fusion.repair.maintenance.contract", "partner_id", string="Units in Care"
    )
    x_fc_maintenance_contract_count = fields.Integer(
        compute="_compute_x_fc_maintenance_contract_count",
        groups="fusion_tasks.fusion_tasks_group_user",
    )

    def write(self, vals):
        """Keep in step what clients allow, where mail reaches them, and their units."""
        allowed = self._fc_get_consent_before(vals)
        emails = self._fc_get_emails_before(vals)
        archived = self._fc_find_archived_by(vals)
        restored = self._fc_find_restored_by(vals)
        result = super().write(self._complete_consent_vals(vals))
        if allowed:
            self._note_consent_changes(allowed)
        if emails:
            self._fc_trust_corrected_emails(emails)
        if archived:
            archived._ask_about_care()
        if restored:
            restored._fc_take_back()
        return result

    def _compute_x_fc_maintenance_contract_count(self):
        contracts = self.env["fusion.repair.maintenance.contract"]
        counts = dict(
            contracts._read_group(
                [("partner_id", "in", self.ids), ("state", "!=", "cancelled")],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.x_fc_maintenance_contract_count = counts.get(partner, 0)

    def action_view_maintenance_contracts(self):
        """Open the units that we look after for this client."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "fusion_repairs.fusion_repair_maintenance_contract_action"
        )
        return action | {
            "domain": [("partner_id", "=", self.id)],
            "context": {"default_partner_id": self.id},
        }

    @api.model
    def _get_places_to_locate_domain(self):
        """Add the places of the units in care, long before a visit is booked."""
        contracts = self.env["fusion.repair.maintenance.contract"].sudo()
        contracts.flush_model(["address_id"])
        contracts = contracts._search([("state", "!=", "cancelled")])
        places = Domain("id", "in", contracts.subselect("address_id"))
        return super()._get_places_to_locate_domain() | places
