from odoo import api, fields, models


class ResUsers(models.Model):
    """Skills are equipment categories: who may serve which unit."""

    _inherit = "res.users"

    x_fc_repair_skills = fields.Many2many(
        "fusion.repair.product.category",
        "fusion_repair_user_skill_rel",
        "user_id",
        "category_id",
        string="Skills",
        help="Equipment that this technician may serve; a category stands for its "
        "subcategories too.",
        groups="base.group_user",
    )

    @api.model
    def _fc_get_technicians_for(self, category, company):
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
