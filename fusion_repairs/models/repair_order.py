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
