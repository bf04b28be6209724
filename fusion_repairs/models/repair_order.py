from odoo import fields, models


class RepairOrder(models.Model):
    """Repairs that come from maintenance."""

    _inherit = "repair.order"

    x_fc_intake_source = fields.Selection(
        [
            ("client_portal", "Booked Online"),
            ("office", "Office"),
            ("visit", "Found on a Visit"),
        ],
        string="Taken In By",
        readonly=True,
        copy=False,
        index=True,
    )
    x_fc_maintenance_contract_id = fields.Many2one(
        "fusion.repair.maintenance.contract",
        string="Maintenance Contract",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    x_fc_maintenance_visit_ids = fields.One2many(
        "fusion.repair.maintenance.visit", "repair_order_id", string="Visits"
    )
    x_fc_defect_ids = fields.One2many(
        "fusion.repair.defect", "repair_order_id", string="Defects"
    )

    def action_repair_done(self):
        """Resolve the defects that the repair was ordered for."""
        result = super().action_repair_done()
        # Whoever ends a repair need not know the defects of units.
        for repair in self.sudo().filtered("x_fc_defect_ids"):
            repair.x_fc_defect_ids._resolve(
                self.env._("Mended by the repair %(name)s.", name=repair.name)
            )
            repair._ask_release()
        return result

    def _ask_release(self):
        """Have the office release an unsafe unit whose repair is done."""
        contract = self.x_fc_maintenance_contract_id
        if contract.unsafe:
            contract._notify_office(
                self.env._(
                    "Repair %(name)s is done: check and release the unit",
                    name=self.name,
                )
            )
