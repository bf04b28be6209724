from odoo import api, fields, models
from odoo.exceptions import UserError


class FusionRepairVisitReportWizardPart(models.TransientModel):
    """A part that was planned stays the part that it is.

    Its move in stock is of that product: another name on the report would have stock,
    bill and report tell three stories.
    """

    _inherit = "fusion.repair.visit.report.wizard.part"

    is_fixed = fields.Boolean(compute="_compute_is_fixed")

    @api.depends("part_id.move_id")
    def _compute_is_fixed(self):
        for line in self:
            # A technician reads no stock moves.
            line.is_fixed = bool(line.part_id.sudo().move_id)

    def _check_planned_part(self):
        """Refuse another product in place of a planned part."""
        part = self.part_id.sudo()
        if part.move_id and part.product_id != self.product_id:
            raise UserError(
                self.env._(
                    "%(part)s was planned: take it out of the report, and add what was "
                    "used instead.",
                    part=part.product_id.display_name,
                )
            )
