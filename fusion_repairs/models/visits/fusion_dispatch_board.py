from odoo import api, models


class FusionDispatchBoard(models.AbstractModel):
    """The dispatch board knows skills: the kinds of equipment somebody may serve."""

    _inherit = "fusion.dispatch.board"

    @api.model
    def _get_skill_options(self):
        categories = self.env["fusion.repair.product.category"].search(
            [("active", "=", True)]
        )
        return [(str(category.id), category.display_name) for category in categories]

    @api.model
    def _filter_by_skill(self, technicians, skill):
        categories = self.env["fusion.repair.product.category"]
        category = categories.browse(int(skill) if str(skill).isdecimal() else 0)
        lineage = category.exists()._get_lineage()
        return technicians.filtered(lambda user: user.x_fc_repair_skills & lineage)
