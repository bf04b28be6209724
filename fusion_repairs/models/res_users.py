from odoo import api, fields, models

from odoo.addons.fusion_tasks.groups import USER

# What a manager may write on technicians, who administers no users.
MANAGED_FIELDS = {"x_fc_repair_skills", "x_fc_qualification", "x_fc_van_location_id"}


class ResUsers(models.Model):
    """Skills of technicians: the kinds of equipment they may serve."""

    _name = "res.users"
    _inherit = ["res.users", "fusion.repair.history.mixin"]

    x_fc_qualification = fields.Char(
        string="Qualification",
        help="Stands beside the technician's name on certificates, e.g. the number of "
        "a mechanic's licence.",
    )

    x_fc_signature = fields.Image(
        string="Signature for Reports",
        max_width=1024,
        max_height=1024,
        copy=False,
        groups=fields.NO_ACCESS,
        help="Drawn once on a visit report, and proposed on the next ones.",
    )
    x_fc_van_location_id = fields.Many2one(
        "stock.location",
        string="Van Stock",
        domain="[('usage', '=', 'internal')]",
        help="Parts used on visits are taken from here; empty: from the warehouse.",
    )

    @api.model
    def _fc_get_managed_fields(self):
        return super()._fc_get_managed_fields() | MANAGED_FIELDS

    # History -----------------------------------------------------------------

    def _get_history_path(self):
        return "technician_id"

    # For the office ----------------------------------------------------------

    def _fc_may_follow_up(self, company):
        """Tell whether a user can open the contracts of a company.

        A salesperson without a role in maintenance would be given activities on
        contracts that they cannot even see.
        """
        user = self.sudo()
        return bool(
            user
            and user.active
            and not user.share
            and company in user.company_ids
            and user.has_group(USER)
        )
