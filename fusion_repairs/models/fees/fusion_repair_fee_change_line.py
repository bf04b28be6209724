from odoo import fields, models

MONTHS_A_YEAR = 12


class FusionRepairFeeChangeLine(models.Model):
    """What a change of fees means for one unit."""

    _name = "fusion.repair.fee.change.line"
    _description = "Unit in a Change of Fees"
    _order = "id"

    change_id = fields.Many2one(
        "fusion.repair.fee.change",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="change_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    contract_id = fields.Many2one(
        "fusion.repair.maintenance.contract",
        string="Unit",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(related="contract_id.partner_id", string="Client")
    next_due_date = fields.Date(related="contract_id.next_due_date")
    fee_before = fields.Monetary(string="Fee Now", readonly=True)
    fee_after = fields.Monetary(string="New Fee", readonly=True)
    interval_before = fields.Integer(string="Interval Now", readonly=True)
    interval_after = fields.Integer(string="New Interval", readonly=True)
    is_booked = fields.Boolean(
        string="Booked",
        readonly=True,
        help="The booked visit keeps the fee that was agreed for it.",
    )
    state = fields.Selection(
        [("planned", "Planned"), ("applied", "Applied"), ("undone", "Undone")],
        default="planned",
        required=True,
        readonly=True,
    )

    def _get_yearly_difference(self):
        """Return what the change of this unit brings in twelve months."""
        before = self.fee_before * MONTHS_A_YEAR / (self.interval_before or 1)
        after = self.fee_after * MONTHS_A_YEAR / (self.interval_after or 1)
        return after - before

    def _apply(self):
        """Give the contract its new fee and interval; booked visits keep theirs."""
        self.ensure_one()
        self.contract_id.write(
            {
                "x_fc_maintenance_fee": self.fee_after,
                "interval_months": self.interval_after,
            }
        )
        self.contract_id._message_log(
            body=self.env._("Changed by “%(change)s”.", change=self.change_id.name)
        )
        self.state = "applied"

    def _undo(self):
        """Give the contract back what it had, unless somebody changed it since.

        :return: whether it got it back
        """
        self.ensure_one()
        contract = self.contract_id
        now = (contract.x_fc_maintenance_fee, contract.interval_months)
        if self.state != "applied" or now != (self.fee_after, self.interval_after):
            return False
        contract.write(
            {
                "x_fc_maintenance_fee": self.fee_before,
                "interval_months": self.interval_before,
            }
        )
        contract._message_log(
            body=self.env._("“%(change)s” was undone.", change=self.change_id.name)
        )
        self.state = "undone"
        return True
