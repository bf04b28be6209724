from odoo import api, fields, models

# What a manager may write on technicians, who administers no users.
MANAGED_FIELDS = {"x_fc_repair_skills", "x_fc_qualification", "x_fc_van_location_id"}


class ResUsers(models.Model):
    """Skills of technicians: the kinds of equipment they may serve."""

    _inherit = "res.users"

    x_fc_repair_skills = fields.Many2many(
        "fusion.repair.product.category",
        "fusion_repair_user_skill_rel",
        "user_id",
        "category_id",
        string="Skills",
        help="Equipment that this technician may serve; a category stands for its "
        "subcategories too.",
    )

    @api.model
    def _fc_get_managed_fields(self):
        return super()._fc_get_managed_fields() | MANAGED_FIELDS

    @api.model
    def _get_technicians_for(self, category, company):
        """Return the active technicians of a company with the skill for a category.

        A unit without a category asks for no skill.
        """
        domain = [
            ("x_fc_is_technician", "=", True),
            ("share", "=", False),
            ("company_ids", "in", company.ids),
        ]
        if category:
            domain.append(("x_fc_repair_skills", "in", category._get_lineage().ids))
        return self.search(domain)
