from odoo import fields, models


class FusionRepairMaintenanceChecklistLine(models.Model):
    """Readings over the years: what a line needs to be drawn as a graph."""

    _inherit = "fusion.repair.maintenance.checklist.line"

    service_date = fields.Date(related="visit_id.service_date", store=True, index=True)
    contract_id = fields.Many2one(
        related="visit_id.contract_id", store=True, index=True
    )
    product_id = fields.Many2one(related="visit_id.product_id", store=True)
    technician_id = fields.Many2one(related="visit_id.technician_id", store=True)
