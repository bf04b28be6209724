from odoo import api, fields, models


class FusionRepairServiceWizard(models.TransientModel):
    """When, and by whom, a unit was serviced elsewhere."""

    _name = "fusion.repair.service.wizard"
    _description = "Service Done Elsewhere"
    _inherit = "fusion.wizard.access.mixin"
    _target_rights = {"contract_id": "write"}

    contract_id = fields.Many2one(
        "fusion.repair.maintenance.contract",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    next_due_date = fields.Date(
        string="Due Now", related="contract_id.next_due_date", related_sudo=False
    )
    service_date = fields.Date(
        string="Serviced On",
        required=True,
        compute="_compute_service_date",
        store=True,
        readonly=False,
        precompute=True,
    )
    serviced_by = fields.Char(required=True)
    note = fields.Text()

    @api.depends("contract_id")
    def _compute_service_date(self):
        for wizard in self.filtered("contract_id"):
            wizard.service_date = wizard.contract_id._get_today()

    def action_record(self):
        """Record the service: the next due date, the reminders and the link follow."""
        self.ensure_one()
        self.contract_id._record_service(self.service_date, self.serviced_by, self.note)
        return {"type": "ir.actions.act_window_close"}
