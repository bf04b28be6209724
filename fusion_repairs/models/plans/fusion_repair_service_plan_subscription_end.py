from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...recurrence import plan_ledger
from ...recurrence.plan_ledger import EXPIRE, cooling_off_ends
from ...tools.money import format_amount
from ...tools.savepoints import attempt
from .fusion_repair_service_plan_subscription_books import ENDED


class FusionRepairServicePlanSubscription(models.Model):
    """How a plan ends: it expires, or it is cancelled, and what is refunded then."""

    _inherit = "fusion.repair.service.plan.subscription"

    signed_at_home = fields.Boolean(
        string="Signed at the Client's Home",
        tracking=True,
        help="The client may then cancel within the cooling-off period of the company, "
        "without a reason.",
    )
    received_on = fields.Date(
        string="Copy Received On",
        help="When the client got a copy of the agreement: the cooling-off period "
        "counts from then.",
    )
    cooling_off_until = fields.Date(compute="_compute_cooling_off_until")
    refund_amount = fields.Monetary(
        string="Refund If Cancelled Now",
        compute="_compute_refund_amount",
        help="Before tax: the share of the visits that were neither served nor booked.",
    )

    refund_due = fields.Monetary(
        string="Refund",
        readonly=True,
        copy=False,
        help="Owed to the client since the plan ended, before tax.",
    )

    @api.depends("signed_at_home", "received_on", "date_start")
    def _compute_cooling_off_until(self):
        for plan in self:
            plan.cooling_off_until = plan.signed_at_home and cooling_off_ends(
                plan.received_on or plan.date_start,
                plan.company_id.x_fc_cooling_off_days,
            )

    @api.depends("move_ids", "price", "visits")
    def _compute_refund_amount(self):
        for plan in self:
            served = min(plan.used_count + plan._count_booked(), plan.visits)
            rest = plan_ledger.settle(
                plan._to_cents(plan.price), plan.visits or 1, served, plan_ledger.REFUND
            )
            plan.refund_amount = plan._from_cents(rest.refund)

    def _count_booked(self):
        """Return how many visits of the plan are booked and not served yet."""
        self.ensure_one()
        return self.unserved_count - self.balance

    # Expiry --------------------------------------------------------------------

    def _expire(self):
        """End the plan if its time is over and no visit of it is booked any more."""
        self.ensure_one()
        if self.state != "active" or self.date_end >= self.company_id._get_today():
            return
        self._lock()
        # A visit that was booked in time stays covered: the last one decides.
        if self.state == "active" and not self._count_booked():
            self._close("expired", self.unused_visits, self.env._("Expired."))

    def _close(self, state, rule, note):
        """End a plan: nothing is left, and its money is kept or refunded.

        :param rule: of ``plan_ledger``: KEEP or REFUND
        """
        served = min(self.used_count, self.visits)
        result = plan_ledger.settle(
            self._to_cents(self.price), self.visits, served, rule
        )
        self._add_move(EXPIRE, -self.balance, note=note)
        self.state = state
        kept = self._from_cents(result.recognised)
        refund = self._from_cents(result.refund) if self._is_invoiced() else 0.0
        self.refund_due = refund
        self._recognise_revenue()
        if kept:
            attempt(
                self.env.cr,
                lambda: self._post_revenue(ENDED, kept),
                f"Revenue of {self.name}",
                failed=self._report_books,
            )
        if refund:
            self._draft_refund(refund)

    # Cancellation --------------------------------------------------------------

    def action_cancel(self):
        """Cancel the plan: the visits that are left are refunded pro rata.

        :raise UserError: while visits of the plan are booked
        """
        self.check_access("write")
        for plan in self:
            # The ledger is written by the system alone: sudo
            plan.sudo()._cancel(
                self.env._("Cancelled by %(user)s.", user=self.env.user.name)
            )
        return True

    def _cancel(self, note):
        """End a plan before its time and prepare the refund."""
        self.ensure_one()
        self._lock()
        if self.state != "active":
            raise UserError(
                self.env._("%(plan)s has ended already.", plan=self.display_name)
            )
        if self._count_booked():
            raise UserError(
                self.env._(
                    "Visits of this plan are booked. Cancel them first, or wait until "
                    "they are done."
                )
            )
        self.message_post(body=note)
        self._close("cancelled", plan_ledger.REFUND, note)

    def _is_invoiced(self):
        """Tell whether the plan was put on an invoice that was not called off."""
        lines = self.sale_line_id.invoice_lines
        return any(line.parent_state != "cancel" for line in lines)

    def _draft_refund(self, amount):
        """Draft the credit note for the visits that nobody took; else ask the office.

        :param amount: before tax
        """
        lines = self.sale_line_id.invoice_lines.filtered(
            lambda line: (
                line.parent_state == "posted"
                and line.move_id.move_type == "out_invoice"
            )
        )
        summary = self.env._("Refund the unused visits of a service plan")
        if not lines:
            note = self.env._(
                "%(amount)s before tax. No posted invoice was found: correct the order "
                "or its invoice.",
                amount=format_amount(self.env, amount, self.currency_id),
            )
            self._ask_office(summary, note)
            return
        credit = self.env["account.move"].create(
            self._prepare_refund_vals(lines[:1], amount)
        )
        note = self.env._(
            "%(credit)s is drafted: check and post it, then pay the client back.",
            credit=credit.display_name,
        )
        self._ask_office(summary, note)

    def _prepare_refund_vals(self, line, amount):
        """Return the values of the credit note for visits that nobody took.

        :param line: of the invoice on which the plan was charged; its taxes count
        :param amount: before tax
        """
        invoice = line.move_id
        name = self.env._("Unused visits of %(plan)s", plan=self.display_name)
        return {
            "move_type": "out_refund",
            "partner_id": invoice.partner_id.id,
            "company_id": self.company_id.id,
            "journal_id": invoice.journal_id.id,
            "fiscal_position_id": invoice.fiscal_position_id.id,
            "invoice_origin": self.sale_order_id.name,
            "reversed_entry_id": invoice.id,
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": name,
                        "account_id": line.account_id.id,
                        "quantity": 1.0,
                        "price_unit": amount,
                        "tax_ids": [Command.set(line.tax_ids.ids)],
                        "x_fc_plan_subscription_id": self.id,
                    }
                )
            ],
        }

    def _ask_office(self, summary, note):
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summary,
            note=note,
            date_deadline=self.company_id._get_today(),
            user_id=self.company_id._fc_get_responsible("office").id,
        )
