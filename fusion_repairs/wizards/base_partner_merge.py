from odoo import models

from odoo.addons.fusion_tasks.button_context import without_button


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging contacts keeps the links of emails already sent.

    That a stop outlives an express consent is a rule of the contact itself, see
    ``_fc_complete_consent_vals`` in ``models/consent``.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_values(self, src_partners, dst_partner):
        (src_partners | dst_partner).check_access("write")
        # Who merges contacts cannot read the secrets: sudo
        sources, survivor = src_partners.sudo(), dst_partner.sudo()
        tokens = [token for token in sources.mapped("x_fc_opt_out_token") if token]
        dst_partner = dst_partner._fc_with_consent("merge")
        # Unique: the survivor may take one over only when the others let go of it.
        sources.write({"x_fc_opt_out_token": False})
        sources.flush_recordset(["x_fc_opt_out_token"])
        result = super()._update_values(src_partners, dst_partner)
        if tokens and not survivor.x_fc_opt_out_token:
            survivor.x_fc_opt_out_token = tokens.pop(0)
        without_button(self.env["fusion.repair.opt.out.link"].sudo()).create(
            [{"partner_id": survivor.id, "token": token} for token in tokens]
        )
        return result

    def _log_merge_operation(self, src_partners, dst_partner):
        result = super()._log_merge_operation(src_partners, dst_partner)
        # Contracts may be beyond the rights of who merges contacts: sudo
        contracts = self.env["fusion.repair.maintenance.contract"].sudo()
        contracts.invalidate_model(["partner_id", "address_id"])
        units = contracts.search([("partner_id", "=", dst_partner.id)])
        text = self.env._(
            "Contacts were merged into %(name)s.", name=dst_partner.display_name
        )
        units._message_log_batch({unit.id: text for unit in units})
        if dst_partner.active:
            units._settle_requests("client_back", text)
        return result
