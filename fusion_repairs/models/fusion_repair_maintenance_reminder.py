from odoo import fields, models


class FusionRepairMaintenanceReminder(models.Model):
    """The ledger: every reminder of every cycle, and what came of it."""

    _name = "fusion.repair.maintenance.reminder"
    _description = "Maintenance Reminder"
    _order = "sent_at desc, id desc"
    _rec_name = "contract_id"
    _check_company_auto = True

    contract_id = fields.Many2one(
        "fusion.repair.maintenance.contract",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, index=True
    )
    client_id = fields.Many2one(related="contract_id.partner_id", string="Client")
    cycle_due_date = fields.Date(string="Due Date", required=True)
    band = fields.Integer(
        required=True, help="Days before the due date for which it was owed."
    )
    outcome = fields.Selection(
        [
            ("queued", "Mail Queued"),
            ("sent", "Mail Sent"),
            ("failed", "Mail Failed"),
            ("call", "Call Asked For"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        default="queued",
        index=True,
    )
    reason = fields.Char(help="Why the client is called, or why the mail failed.")
    sent_at = fields.Datetime(
        string="When", required=True, default=fields.Datetime.now, index=True
    )
    mail_id = fields.Many2one("mail.mail", ondelete="set null", index="btree_not_null")
    email = fields.Char(string="Sent To")
    mail_state = fields.Char(compute="_compute_mail_state")
    booked = fields.Boolean(
        string="Led to a Booking",
        compute="_compute_booked",
        help="A visit of this cycle was booked after this reminder.",
    )

    _once = models.UniqueIndex(
        "(contract_id, cycle_due_date, band)",
        "The client was reminded of this due date already.",
    )

    def _compute_mail_state(self):
        for reminder in self:
            mail = reminder.sudo().mail_id  # mails are for administrators only
            reminder.mail_state = mail.state or reminder.outcome

    def _compute_booked(self):
        visits = self.env["fusion.repair.maintenance.visit"].search_fetch(
            [("contract_id", "in", self.contract_id.ids)],
            ["contract_id", "cycle_due_date", "create_date"],
        )
        by_cycle = visits.grouped(lambda v: (v.contract_id, v.cycle_due_date))
        for reminder in self:
            booked = by_cycle.get((reminder.contract_id, reminder.cycle_due_date), ())
            reminder.booked = any(v.create_date >= reminder.sent_at for v in booked)

    def _record_delivery(self, failure_type=None, failure_reason=False):
        """Note what the mail server said."""
        if not failure_type:
            self.write({"outcome": "sent", "reason": False})
            return
        for reminder in self:
            reason = failure_reason or reminder.mail_id.failure_reason or failure_type
            reminder.write({"outcome": "failed", "reason": reason})

    def _is_still_wanted(self):
        """Tell whether a reminder that was not sent yet should still go out."""
        self.ensure_one()
        contract = self.contract_id
        return (
            contract.state == "active"
            and not contract.is_booked
            and contract.next_due_date == self.cycle_due_date
            and not contract.partner_id.x_fc_maintenance_opt_out
        )

    def _withdraw(self):
        """Take mails back that are still in the queue: they are no longer true."""
        self.mail_id.filtered(lambda m: m.state in ("outgoing", "exception")).cancel()
        self.write({"outcome": "withdrawn"})
