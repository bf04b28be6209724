from odoo import api, fields, models


class FusionRepairMaintenanceContract(models.Model):
    """The certificates of a unit, and what they say that only its contract knows."""

    _inherit = "fusion.repair.maintenance.contract"

    installation_number = fields.Char(
        string="Installation No.",
        copy=False,
        help="The number under which the authority knows this installation, if any.",
    )
    certificate_ids = fields.One2many(
        "fusion.repair.inspection.certificate", "contract_id", string="Certificates"
    )
    certificate_count = fields.Integer(compute="_compute_certificate_count")

    @api.depends("certificate_ids")
    def _compute_certificate_count(self):
        for contract in self:
            contract.certificate_count = len(contract.certificate_ids)

    def action_view_certificates(self):
        """Open the certificates of the unit."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "fusion_repairs.fusion_repair_inspection_certificate_action"
        )
        return action | {
            "domain": [("contract_id", "=", self.id)],
            "context": {},
        }

    def action_view_readings(self):
        """Open the readings of the unit over the years."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "fusion_repairs.fusion_repair_maintenance_checklist_line_action_readings"
        )
        return action | {
            "domain": [("contract_id", "=", self.id), ("has_reading", "=", True)],
            "context": {
                "graph_measure": "reading",
                "graph_groupbys": ["service_date:month", "name"],
            },
        }
